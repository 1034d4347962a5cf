"""The abstract interpreter: runs shape rules over the syntax of a program, and executes nothing."""

from shapetorch.flow.problems import Note as Note
from shapetorch.flow.problems import Problem as Problem
from shapetorch.flow.problems import Report as Report
from shapetorch.flow.problems import ShapeAt as ShapeAt
from shapetorch.flow.program import Program as Program
from shapetorch.flow.program import Source as Source
from shapetorch.flow.program import digest as digest
