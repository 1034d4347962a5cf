"""Where the time goes: calls, time, bytes and shapes of each operation, as a table or a Chrome trace.

>>> import shapetorch as torch
>>> from shapetorch.profiler import profile
>>> with profile(record_shapes=True) as found:
...     y = torch.ones(2, 3) @ torch.ones(3, 5)
>>> sorted((row.key, row.count) for row in found.key_averages())
[('matmul', 1), ('ones', 2)]
"""

from shapetorch.profiler.events import Event as Event
from shapetorch.profiler.events import EventAverage as EventAverage
from shapetorch.profiler.events import EventList as EventList
from shapetorch.profiler.profiles import ProfilerAction as ProfilerAction
from shapetorch.profiler.profiles import ProfilerActivity as ProfilerActivity
from shapetorch.profiler.profiles import profile as profile
from shapetorch.profiler.profiles import record_function as record_function
from shapetorch.profiler.profiles import schedule as schedule
from shapetorch.profiler.profiles import tensorboard_trace_handler as tensorboard_trace_handler
