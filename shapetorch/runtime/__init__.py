"""Annotations at run time: `checked`, and assertions about shapes."""

from shapetorch.runtime.assertions import assert_shape as assert_shape
from shapetorch.runtime.assertions import assume as assume
from shapetorch.runtime.assertions import reveal_shape as reveal_shape
from shapetorch.runtime.checked import checked as checked
