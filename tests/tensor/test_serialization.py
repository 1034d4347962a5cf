"""Files of `save`: what comes back, who else reads them, and what broken ones do."""

from __future__ import annotations

import io
import json
import math
import mmap
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

import shapetorch
from shapetorch.serialization import files, safetensors_format
from shapetorch.serialization.safetensors_format import packed, unpacked
from shapetorch.tensor.dtypes import DTYPES


def again(thing: Any) -> Any:
    """A thing, saved and loaded."""
    file = io.BytesIO()
    shapetorch.save(thing, file)
    file.seek(0)
    return shapetorch.load(file)


SIMPLE = [
    None,
    True,
    3,
    -(2**70),
    0.1,
    math.inf,
    "text",
    b"\0bytes",
    2 - 1j,
    (1, [2, {"a": (3,)}]),
    {1: "a", "1": "b", (2, 3): None, None: 0.5},
    OrderedDict(b=1, a=2),
    {1, 2},
    frozenset((3,)),
    slice(1, None, 2),
    shapetorch.float16,
    shapetorch.device("cuda", 1),
    shapetorch.Size([2, 3]),
    [],
    {},
]


@pytest.mark.parametrize("thing", SIMPLE, ids=repr)
def test_a_thing_without_tensors(thing: Any) -> None:
    found = again(thing)
    assert found == thing
    assert type(found) is type(thing)


def test_not_a_number() -> None:
    assert math.isnan(again(math.nan))
    found = again(complex(math.inf, math.nan))
    assert found.real == math.inf
    assert math.isnan(found.imag)


def header_of(thing: Any) -> tuple[dict[str, Any], int]:
    """The header of a saved thing, which must be JSON as others read it, and its length."""

    def fail(text: str) -> None:
        raise AssertionError(f"{text} is no JSON")

    file = io.BytesIO()
    shapetorch.save(thing, file)
    length = int.from_bytes(file.getvalue()[:8], "little")
    header = json.loads(file.getvalue()[8 : 8 + length], parse_constant=fail)
    json.loads(header["__metadata__"]["shapetorch"], parse_constant=fail)
    return header, length


def test_the_header_is_plain_json() -> None:
    for thing in (math.inf, complex(math.inf, math.nan), "text", [shapetorch.ones(3)], {"a": 1}):
        assert header_of(thing)[1] % 8 == 0


def test_the_same_list_twice() -> None:
    item = [1]
    assert again([item, item, {"a": item}]) == [[1], [1], {"a": [1]}]


def test_places_of_one_name() -> None:
    parts = [shapetorch.full((2,), float(place)) for place in range(4)]
    thing = {
        "a": {"b.c": parts[0], "b": {"c": parts[1]}},
        "a.b": {"c": parts[2]},
        "a.b.c": parts[3],
    }
    found = again(thing)
    places = (found["a"]["b.c"], found["a"]["b"]["c"], found["a.b"]["c"], found["a.b.c"])
    assert [place.tolist() for place in places] == [[float(n)] * 2 for n in range(4)]


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (2, 0, 3)])
def test_a_tensor(name: str, shape: tuple[int, ...]) -> None:
    x = (shapetorch.arange(6).reshape(2, 3) if shape else shapetorch.tensor(3)).to(DTYPES[name])
    x = x if x.shape == shape or not shape else shapetorch.ones(shape, dtype=DTYPES[name])
    found = again(x)
    assert found.dtype is x.dtype
    assert found.shape == x.shape
    assert found.tolist() == x.tolist()


def test_layout_and_gradient() -> None:
    x = shapetorch.arange(6.0).reshape(2, 3).t().requires_grad_()
    found = again({"x": x, "y": x * 2})
    assert found["x"].stride() == (1, 3)
    assert found["x"].requires_grad
    assert found["y"].is_leaf
    assert found["y"].requires_grad


def test_memory_of_others_in_another_order() -> None:
    x = shapetorch.from_numpy(np.arange(6.0).reshape(2, 3).T)
    found = again([x, x[1]])
    assert found[0].tolist() == x.tolist()
    assert found[0].stride() == x.stride()
    found[0][1, 0] = 70
    assert found[1].tolist() == [70, 4]


def test_parameters() -> None:
    given = shapetorch.nn.parameter.Parameter(shapetorch.ones(2))
    kept = shapetorch.nn.parameter.Buffer(shapetorch.zeros(2))
    found = again({"w": given, "b": kept})
    assert type(found["w"]) is type(given)
    assert type(found["b"]) is type(kept)
    assert found["w"].requires_grad


def test_tables_that_are_almost_dicts() -> None:
    class State(OrderedDict):  # type: ignore[type-arg]
        """A state of a module, which tells its version."""

    state = State(a=1)
    with pytest.raises(TypeError, match="State"):
        again(state)
    state._metadata = {"version": 1}
    assert again(state) == OrderedDict(a=1)

    class Number(int):
        """A number of another class."""

    with pytest.raises(TypeError, match="Number"):
        again(Number(3))


def test_tensors_that_share_memory_share_it_again() -> None:
    x = shapetorch.arange(6.0)
    found = again([x, x[2:4], x.view(2, 3)])
    found[0][2] = 70
    assert found[1].tolist() == [70, 3]
    assert found[2][0, 2] == 70


def test_the_memory_of_a_view_is_saved_once() -> None:
    x = shapetorch.zeros(1000)
    one, two = io.BytesIO(), io.BytesIO()
    shapetorch.save([x], one)
    shapetorch.save([x, x[:500], x], two)
    assert len(two.getvalue()) < len(one.getvalue()) + 1000


def test_an_optimizer_state() -> None:
    state = {
        "state": {0: {"step": shapetorch.tensor(3.0), "exp_avg": shapetorch.ones(2)}},
        "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "params": [0], "foreach": None}],
    }
    found = again(state)
    assert found["param_groups"] == state["param_groups"]
    assert found["state"][0]["exp_avg"].tolist() == [1, 1]


def test_numpy() -> None:
    found = again([np.arange(3), np.float32(2.5)])
    assert found[0].tolist() == [0, 1, 2]
    assert found[1] == np.float32(2.5)
    assert isinstance(found[1], np.float32)
    assert found[0].flags.owndata  # and does not keep the whole file
    with pytest.raises(TypeError, match=r"a: arrays of dtype <U1 are not saved"):
        again({"a": np.array(["b"])})


def test_others_read_what_is_saved(tmp_path: Path) -> None:
    shapetorch.save({"a": shapetorch.arange(3), "b": {"c": shapetorch.ones(2)}}, tmp_path / "f")
    found = safetensors.numpy.load_file(tmp_path / "f")
    assert found["a"].tolist() == [0, 1, 2]
    assert found["b.c"].tolist() == [1, 1]


def test_what_others_have_saved_is_read(tmp_path: Path) -> None:
    safetensors.numpy.save_file({"w": np.eye(2, dtype=np.float32)}, tmp_path / "f")
    found = shapetorch.load(tmp_path / "f")
    assert found["w"].tolist() == [[1, 0], [0, 1]]
    torch_files = pytest.importorskip("safetensors.torch")
    torch = pytest.importorskip("torch")
    torch_files.save_file({"w": torch.tensor([1.5, 2]).bfloat16()}, tmp_path / "g")
    found = shapetorch.load(tmp_path / "g")
    assert found["w"].dtype is shapetorch.bfloat16
    assert found["w"].tolist() == [1.5, 2]


@pytest.mark.parametrize("mapped", [False, True])
def test_what_is_loaded_can_be_written_to(tmp_path: Path, mapped: bool) -> None:
    shapetorch.save({"a": shapetorch.zeros(3)}, str(tmp_path / "f"))
    found = shapetorch.load(str(tmp_path / "f"), mmap=mapped, weights_only=True)
    found["a"][0] = 1
    assert found["a"].tolist() == [1, 0, 0]
    assert not found["a"].is_shared()
    assert shapetorch.load(tmp_path / "f")["a"].tolist() == [0, 0, 0]


class Odd:
    """Something that cannot be saved."""


def test_what_cannot_be_saved_is_named() -> None:
    with pytest.raises(TypeError, match=r"a\.1 is of type Odd"):
        again({"a": [1, Odd()]})
    odd: Any = Odd()
    with pytest.raises(TypeError) as error:
        again(odd)
    assert "state_dict" not in str(error.value)
    odd.state_dict = dict
    with pytest.raises(TypeError, match=r"save its state_dict\(\) instead"):
        again(odd)
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(ValueError, match="contains itself"):
        again(circle)


def test_devices() -> None:
    file = io.BytesIO()
    shapetorch.save(shapetorch.ones(2), file)
    for place in ("cpu", shapetorch.device("cpu"), None, lambda storage, place: storage):
        file.seek(0)
        assert shapetorch.load(file, map_location=place).tolist() == [1, 1]
    file.seek(0)
    assert shapetorch.load(file, map_location={"cuda:0": "cpu"}).tolist() == [1, 1]
    for place in ("cuda", {"cpu": "cuda"}):
        with pytest.raises(RuntimeError, match="'cuda' is not available"):
            shapetorch.load(file, map_location=place)


def data(header: Any, rest: bytes = b"") -> bytes:
    """A file with this header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + rest


FLOATS = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
BROKEN = [
    pytest.param(b"abc", id="short"),
    pytest.param(b"\xff" * 16, id="long-header"),
    pytest.param(data(b"[1"), id="no-json"),
    pytest.param(data([1]), id="no-table"),
    pytest.param(data({"a": 3}), id="no-facts"),
    pytest.param(data({"a": FLOATS}), id="data-missing"),
    pytest.param(data({"a": {**FLOATS, "shape": [3]}}, bytes(8)), id="wrong-length"),
    pytest.param(data({"a": {**FLOATS, "shape": [-2]}}, bytes(8)), id="negative-size"),
    pytest.param(data({"a": {**FLOATS, "shape": [-1, -2]}}, bytes(8)), id="negative-sizes"),
    pytest.param(data({"__metadata__": [1]}), id="metadata-no-table"),
    pytest.param(
        data(
            {
                "__metadata__": {"shapetorch": '{"tensor": {"in": "a", "dtype": "float64"}}'},
                "a": FLOATS,
            },
            bytes(8),
        ),
        id="another-dtype",
    ),
    pytest.param(data({"a": {**FLOATS, "shape": [2**62, 4]}}, bytes(8)), id="overflow"),
    pytest.param(data({"a": {**FLOATS, "data_offsets": [8, 16]}}, bytes(8)), id="outside"),
    pytest.param(data({"a": {**FLOATS, "dtype": "F8_E4M3"}}, bytes(8)), id="unknown-dtype"),
    pytest.param(data({"__metadata__": {"shapetorch": "{"}}), id="structure-no-json"),
    pytest.param(data({"__metadata__": {"shapetorch": '{"odd": 1}'}}), id="structure-unknown"),
    pytest.param(
        data({"__metadata__": {"shapetorch": '{"tensor": {"in": "a"}}'}}), id="array-missing"
    ),
    pytest.param(b"PK\x03\x04" + bytes(30), id="pickled"),
]


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_file(content: bytes) -> None:
    with pytest.raises(RuntimeError, match="load: "):
        shapetorch.load(io.BytesIO(content))


def test_a_view_must_lie_in_its_memory() -> None:
    text = '{"tensor": {"in": "a", "dtype": "float32", "size": [3], "stride": [1], "offset": 0}}'
    content = data({"__metadata__": {"shapetorch": text}, "a": FLOATS}, bytes(8))
    with pytest.raises(RuntimeError, match="does not fit"):
        shapetorch.load(io.BytesIO(content))


def test_a_class_that_is_not_known() -> None:
    text = '{"tensor": {"in": "a", "dtype": "float32", "class": "Odd"}}'
    content = data({"__metadata__": {"shapetorch": text}, "a": FLOATS}, bytes(8))
    with pytest.raises(RuntimeError, match="no class Odd of tensors"):
        shapetorch.load(io.BytesIO(content))


def test_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(EOFError):
        shapetorch.load(io.BytesIO())
    (tmp_path / "f").touch()
    with pytest.raises(EOFError):
        shapetorch.load(tmp_path / "f", mmap=True)


def test_a_pickled_file_is_called_so() -> None:
    with pytest.raises(RuntimeError, match="which is pickled"):
        shapetorch.load(io.BytesIO(b"PK\x03\x04" + bytes(30)))


def test_a_header_has_a_greatest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    content = data({"a": FLOATS}, bytes(8))
    unpacked(content)
    monkeypatch.setattr(safetensors_format, "_LARGEST_HEADER", 20)
    with pytest.raises(RuntimeError, match="does not fit"):
        unpacked(content)


def test_a_mapped_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(data({"a": FLOATS}, bytes(8)))
    assert isinstance(files._bytes(tmp_path / "f", True), mmap.mmap)
    assert isinstance(files._bytes(tmp_path / "f", False), bytearray)


def test_arrays_of_others_may_begin_anywhere() -> None:
    header = {"b": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}
    header["a"] = {**FLOATS, "data_offsets": [1, 9]}
    found, _ = unpacked(data(header, b"x" + np.array([1, 2], np.float32).tobytes()))
    assert found["a"].tolist() == [1, 2]
    assert found["a"].flags.aligned


def test_arrays_are_written_in_the_order_of_their_dims() -> None:
    given = np.arange(6).reshape(2, 3).T
    found, _ = unpacked(bytearray(b"".join(packed({"a": given}, {}))))
    assert found["a"].tolist() == given.tolist()


def test_arrays_begin_at_multiples_of_their_elements() -> None:
    arrays = {"a": np.ones(3, np.int8), "b": np.ones(2), "c": np.ones(1, np.float32)}
    found, texts = unpacked(bytearray(b"".join(packed(arrays, {"k": "v"}))))
    assert texts == {"k": "v"}
    assert {name: array.tolist() for name, array in found.items()} == {
        "a": [1, 1, 1],
        "b": [1, 1],
        "c": [1],
    }
    header, _ = header_of({name: shapetorch.from_numpy(array) for name, array in arrays.items()})
    begins = {name: header[name]["data_offsets"][0] for name in arrays}
    assert all(begin % arrays[name].itemsize == 0 for name, begin in begins.items())
