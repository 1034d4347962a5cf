"""What a profile sees of a program, and that nothing is left of it afterwards."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from time import sleep

import pytest

import shapetorch
from shapetorch.profiler import (
    ProfilerAction,
    ProfilerActivity,
    profile,
    record_function,
    schedule,
    tensorboard_trace_handler,
)
from shapetorch.profiler.events import Event, averages
from shapetorch.tensor.tensors import Tensor


def counts(found: profile) -> dict[str, int]:
    """How often each operation was called."""
    return {row.key: row.count for row in found.key_averages()}


def test_functions_methods_and_operators() -> None:
    x = shapetorch.ones(2, 3)
    with profile() as found:
        shapetorch.exp(x)
        x.exp()
        y = x + x
        y.add_(1)
        shapetorch.nn.functional.relu(y)
        y.size(0)
    seen = counts(found)
    assert seen["exp"] == 2
    assert seen["add"] == 1
    assert seen["add_"] == 1
    assert seen["relu"] == 1
    assert "size" not in seen


def test_nothing_is_left_afterwards() -> None:
    before = (Tensor.exp, shapetorch.exp, Tensor.__add__)
    with profile() as found:
        assert Tensor.exp is not before[0]
    assert (Tensor.exp, shapetorch.exp, Tensor.__add__) == before
    shapetorch.ones(2).exp()
    assert "exp" not in counts(found)


def test_the_backward_pass() -> None:
    x = shapetorch.ones(3, requires_grad=True)
    with profile() as found:
        (x * x).sum().backward()
    seen = counts(found)
    assert seen["MulBackward0"] == 1
    assert seen["SumBackward0"] == 1
    assert seen["backward"] == 1
    assert x.grad.tolist() == [2, 2, 2]


def test_time_is_that_of_the_calls() -> None:
    with profile() as found, record_function("outer"):
        with record_function("inner"):
            sleep(0.02)
        sleep(0.01)
    rows = {row.key: row for row in found.key_averages()}
    assert rows["inner"].cpu_time_total >= 20_000
    assert rows["outer"].cpu_time_total >= rows["inner"].cpu_time_total + 10_000
    assert rows["outer"].self_cpu_time_total == pytest.approx(
        rows["outer"].cpu_time_total - rows["inner"].cpu_time_total
    )
    total = found.key_averages().self_cpu_time_total
    assert total == pytest.approx(rows["outer"].cpu_time_total)


def test_shapes_and_bytes() -> None:
    x = shapetorch.ones(2, 3)
    with profile(record_shapes=True, profile_memory=True) as found:
        x @ shapetorch.ones(3, 5)
        x @ shapetorch.ones(3, 7)
        x.t()
    rows = {
        (row.key, row.input_shapes): row for row in found.key_averages(group_by_input_shape=True)
    }
    assert rows["matmul", ((2, 3), (3, 5))].cpu_memory_usage == 2 * 5 * 4
    assert rows["matmul", ((2, 3), (3, 7))].cpu_memory_usage == 2 * 7 * 4
    assert rows["t", ((2, 3),)].cpu_memory_usage == 0
    assert found.key_averages().total_average().count == len(found.events())


def test_the_table() -> None:
    with profile(record_shapes=True, profile_memory=True) as found:
        x = shapetorch.ones(20, 30)
        for _ in range(3):
            x.exp()
    text = found.key_averages(group_by_input_shape=True).table(sort_by="count", row_limit=1)
    assert "# of Calls" in text
    assert "exp" in text
    assert "[[20, 30]]" in text
    assert "7.03 KB" in text  # of three calls
    assert "ones" not in text.split("Calls")[1]
    with pytest.raises(ValueError, match="sort_by must be one of"):
        found.key_averages().table(sort_by="size")


def test_the_chrome_trace(tmp_path: Path) -> None:
    with profile(record_shapes=True) as found:
        shapetorch.ones(2).exp()
    found.export_chrome_trace(tmp_path / "trace.json")
    trace = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    assert [event["name"] for event in trace] == ["ones", "exp"]
    assert trace[1]["args"]["Input Dims"] == [[2]]
    assert trace[0]["ts"] + trace[0]["dur"] <= trace[1]["ts"] + 1


def test_an_error_ends_its_event() -> None:
    with profile() as found:
        with pytest.raises(RuntimeError):
            shapetorch.ones(2, 3) @ shapetorch.ones(2, 3)
        shapetorch.ones(2)
    assert counts(found)["matmul"] == 1
    assert found.events()[-1].name == "ones"


def test_a_schedule(tmp_path: Path) -> None:
    plan = schedule(wait=1, warmup=1, active=2, repeat=1, skip_first=1)
    assert [plan(step).name for step in range(6)] == [
        "NONE", "NONE", "WARMUP", "RECORD", "RECORD_AND_SAVE", "NONE",
    ]  # fmt: skip
    assert plan(4) is ProfilerAction.RECORD_AND_SAVE
    seen = []
    with profile(
        [ProfilerActivity.CPU],
        schedule=plan,
        on_trace_ready=lambda found: seen.append(counts(found)),
    ) as found:
        for _ in range(6):
            shapetorch.ones(2)
            found.step()
    assert seen == [{"ones": 2}]
    assert counts(found) == {"ones": 2}
    with profile(on_trace_ready=tensorboard_trace_handler(str(tmp_path))):
        shapetorch.ones(2)
    assert len(list(tmp_path.glob("*.pt.trace.json"))) == 1
    with pytest.raises(ValueError, match="at least one"):
        schedule(wait=0, warmup=0, active=0)


def recorded(plan: object, steps: int) -> tuple[profile, list[dict[str, int]]]:
    """The profile of so many steps, each of one call named by its number, and what was handed over."""
    seen: list[dict[str, int]] = []
    with profile(schedule=plan, on_trace_ready=lambda found: seen.append(counts(found))) as found:
        for step in range(steps):
            with record_function(str(step)):
                pass
            found.step()
        with record_function(str(steps)):
            pass
    return found, seen


def test_every_cycle_is_handed_over_by_itself() -> None:
    _, seen = recorded(schedule(wait=1, warmup=0, active=2, repeat=2), 9)
    assert seen == [{"1": 1, "2": 1}, {"4": 1, "5": 1}]
    found, seen = recorded(schedule(wait=1, warmup=0, active=2), 4)  # the block ends amid a cycle
    assert seen == [{"1": 1, "2": 1}, {"4": 1}]
    assert counts(found) == {"4": 1}
    found, seen = recorded(schedule(wait=1, warmup=1, active=1, repeat=1), 5)
    assert seen == [{"2": 1}]
    assert counts(found) == {"2": 1}  # and nothing of the steps after it
    found, _ = recorded(schedule(wait=9, warmup=0, active=1), 3)
    assert not found.events()
    plan = schedule(wait=0, warmup=0, active=1, repeat=2)
    assert [plan(step).value for step in range(4)] == [3, 3, 0, 0]


def test_activities() -> None:
    assert profile().activities == {ProfilerActivity.CPU}
    both = [ProfilerActivity.CPU, ProfilerActivity.CUDA]
    assert profile(both).activities == set(both)


EVENTS = [
    Event(
        "outer", 0.0, 1, duration=2000.0, children=500.0, memory=3 << 20, children_memory=1 << 20
    ),
    Event("inner", 9.0, 1, duration=500.0, memory=1 << 20, shapes=((2, 3),)),
    Event("inner", 9.0, 1, duration=1300.0, memory=1 << 10, shapes=((5,),)),
]


def test_averages() -> None:
    found = averages(EVENTS, False, True)
    assert [row.key for row in found] == ["inner", "outer"]  # by the time of their own
    inner, outer = found
    assert (inner.count, inner.cpu_time_total, inner.cpu_time) == (2, 1800.0, 900.0)
    assert (outer.cpu_time_total, outer.self_cpu_time_total) == (2000.0, 1500.0)
    assert (outer.cpu_memory_usage, outer.self_cpu_memory_usage) == (3 << 20, 2 << 20)
    assert inner.input_shapes == ()
    assert len(averages(EVENTS, True, True)) == 3
    total = found.total_average()
    assert total.count == 3
    assert total.cpu_time_total == total.self_cpu_time_total == 3300.0
    assert total.cpu_memory_usage == total.self_cpu_memory_usage == (3 << 20) + (1 << 10)


def rows_of(table: str) -> list[list[str]]:
    """The cells of each row below the title."""
    return [line.split() for line in table.splitlines()[1:-1]]


def test_what_a_table_shows() -> None:
    found = averages(EVENTS, False, True)
    rows = {row[0]: row[1:] for row in rows_of(found.table())}
    # own share and time, share and time, of each call, memory, that of its own, calls
    assert rows["outer"] == [
        *("45.45%", "1.500ms", "60.61%", "2.000ms", "2.000ms"),
        *("3.00", "MB", "2.00", "MB", "1"),
    ]
    assert rows["inner"] == [
        *("54.55%", "1.800ms", "54.55%", "1.800ms", "900.000us"),
        *("1.00", "MB", "1.00", "MB", "2"),
    ]
    for by in ("cuda_time_total", "self_device_memory_usage", "cpu_time"):
        assert [row[0] for row in rows_of(found.table(by))] == ["outer", "inner"]
    assert len(rows_of(found.table(row_limit=-1))) == 2
    assert [row[0] for row in rows_of(found.table(max_name_column_width=3))] == ["in…", "ou…"]


def test_bytes_are_those_of_new_results() -> None:
    x = shapetorch.ones(4, 6)
    with profile(record_shapes=True) as found:
        with record_function("block"):
            shapetorch.cat([x, x])
            x += 1
        x.sort()
        x.add_(1)
    rows = {event.name: event for event in found.events()}
    assert rows["cat"].shapes == ((4, 6), (4, 6))
    assert rows["cat"].memory == rows["block"].memory == 2 * 96
    assert rows["sort"].memory == 96 + 192  # values and places
    assert rows["add_"].memory == 0
    assert counts(found)["add_"] == 2


def test_an_event_left_open_ends_with_the_one_around_it() -> None:
    with profile() as found:
        with record_function("outer"):
            record_function("left open").__enter__()
        with record_function("next"):
            pass
    rows = {event.name: event for event in found.events()}
    assert rows["next"].duration > 0
    assert rows["outer"].children == 0


def test_numbers_out_of_tensors_are_operations() -> None:
    with profile() as found:
        shapetorch.ones(1).item()
        shapetorch.ones(1).tolist()
    assert counts(found) == {"ones": 2, "item": 1, "tolist": 1}


def test_threads_and_several_profiles() -> None:
    with profile() as outer:
        with profile() as inner:
            threads = [threading.Thread(target=lambda: shapetorch.ones(2).exp()) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        shapetorch.ones(2)
    assert counts(inner) == {"ones": 4, "exp": 4}
    assert counts(outer) == {"ones": 5, "exp": 4}


def test_a_function_with_a_name() -> None:
    @record_function("mine")
    def f(x: Tensor) -> Tensor:
        return x.exp()

    with profile() as found:
        f(shapetorch.ones(2))
    assert counts(found) == {"mine": 1, "ones": 1, "exp": 1}
    f(shapetorch.ones(2))
