"""No rule without samples and programs: what is in `RULES` and `LAYERS` is compared and shown.

Every operation and layer has samples that PyTorch judges and is named in a program of ``typecheck/``;
every error kind is expected in one of them.
"""

from __future__ import annotations

import ast
from functools import cache

import pytest

pytest.importorskip("torch")

from shapetorch import rules
from shapetorch.errors import ErrorKind
from shapetorch.rules.registry import Rule
from tests.rules import oracle
from tests.test_typecheck import FOLDER, expectations


def test_every_rule_has_samples() -> None:
    known = oracle.load()
    missing = {rule.name for rule in rules.RULES} - set(known)
    assert not missing, f"no samples for {sorted(missing)}"


def test_every_layer_has_samples() -> None:
    missing = set(rules.LAYERS) - set(oracle.load())
    assert not missing, f"no samples for {sorted(missing)}"


def test_every_sample_belongs_to_a_rule() -> None:
    stray = set(oracle.load()) - {rule.name for rule in rules.RULES} - set(rules.LAYERS)
    assert not stray, f"samples for {sorted(stray)}, which are no rules"


SAME_LAYER = {"torch.nn.modules.linear.NonDynamicallyQuantizableLinear"}  # a Linear by another name
ELSEWHERE = {  # kinds that no program can show
    ErrorKind.stride_error_out_of_bounds: "a view knows more memory than its shape says",
}
NODES: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.USub: "neg",
    ast.UAdd: "pos",
    ast.Invert: "invert",
    ast.Subscript: "getitem",
}


@cache
def named() -> set[str]:
    """The functions, methods, layers and operators that the programs name."""
    found = set()
    for file in FOLDER.glob("*.py"):
        try:
            tree = ast.parse(file.read_text())
        except SyntaxError:  # of a newer Python
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found |= {node.id, f"__{node.id}__"}  # abs(x) is a method too
            elif type(node) in NODES:
                found.add(f"__{NODES[type(node)]}__")
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                found.add("__setitem__")
    return found


def names_of(rule: Rule) -> set[str]:
    plain = {name.rpartition(".")[2] for name in (*rule.functions, *rule.methods)}
    return plain | {f"{name}_" for name in plain if rule.inplace}


def test_every_rule_is_in_a_program() -> None:
    missing = {rule.name for rule in rules.RULES} - {
        rule.name for rule in rules.RULES if names_of(rule) & named()
    }
    assert not missing, f"no program names {sorted(missing)}"


def test_every_layer_is_in_a_program() -> None:
    missing = {it for it in set(rules.LAYERS) - SAME_LAYER if it.rpartition(".")[2] not in named()}
    assert not missing, f"no program names {sorted(missing)}"


def test_every_kind_is_in_a_program() -> None:
    texts = [file.read_text() for file in FOLDER.glob("*.py")]
    shown = {it.kind for text in texts for it in expectations(text) if it.mark == "E"}
    missing = {kind.name for kind in ErrorKind if kind not in ELSEWHERE} - shown
    assert not missing, f"no program shows {sorted(missing)}"
