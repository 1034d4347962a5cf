"""What runs only if the module is the main program: checked, and no part of what functions see."""

from __future__ import annotations

from tests.flow.programs import analyse, kinds

GUARD = 'if __name__ == "__main__":'


def test_it_is_checked() -> None:
    report = analyse(f"""
        def f(x: Float[Tensor, "3"]) -> Float[Tensor, "3"]:
            return x

        {GUARD}
            for n in range(2):
                y = torch.zeros(4)
            f(y)
            [f(torch.zeros(5)) for _ in range(n)]
        """)
    assert kinds(report) == ["argument_error_shape_mismatch"] * 2
    assert [(shape.name, shape.text) for shape in report.shapes] == [("y", "[4]")]


def test_its_names_are_unknown_to_functions() -> None:
    report = analyse(f"""
        def f(x: Float[Tensor, "3"]):
            reveal_shape(x + late)
            return x + late

        {GUARD}
            late = torch.zeros(4)
        """)
    assert kinds(report) == []


def test_names_that_the_module_binds_too() -> None:
    report = analyse(f"""
        size = 3

        def f(x: Float[Tensor, "3"]):
            return x + torch.zeros(size)

        {GUARD}
            size = 4
            f(torch.zeros(size))
        """)
    assert kinds(report) == ["argument_error_shape_mismatch"]  # in f, one of two sizes fits


def test_objects_that_functions_see() -> None:
    report = analyse(f"""
        results = []
        names = {{}}

        def last() -> Tensor:
            return results[-1] + names["a"]

        {GUARD}
            results.append(torch.zeros(3))
            names["a"] = torch.zeros(3)
            last()
        """)
    assert kinds(report) == []


def test_several_blocks() -> None:
    report = analyse(f"""
        {GUARD}
            x = torch.zeros(3)

        {GUARD}
            y = x + torch.zeros(4)
            z = torch.zeros(3) + torch.zeros(4)
        """)
    assert kinds(report) == ["broadcast_error_incompatible_dimensions"]
