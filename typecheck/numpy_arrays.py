"""NumPy arrays with jaxtyping's annotations, and NumPy's own names."""

import numpy as np
import numpy.typing as npt
from jaxtyping import Float, Int
from shapetorch import reveal_shape


def operators(x: Float[np.ndarray, "b t"], y: Float[np.ndarray, "t d"]) -> None:
    reveal_shape(x @ y)  # R: [b, d]
    reveal_shape(x.T)  # R: [t, b]
    reveal_shape(x + 1)  # R: [b, t]
    y @ x  # E: [matmul_error_inner_dimensions_do_not_match] "d and b"
    x + y  # E: [broadcast_error_incompatible_dimensions]


def functions(x: Float[np.ndarray, "b t"], y: Float[np.ndarray, "t d"]) -> None:
    reveal_shape(np.matmul(x, y))  # R: [b, d]
    reveal_shape(np.concatenate([x, x], axis=1))  # R: [b, 2*t]
    reveal_shape(np.stack([x, x]))  # R: [2, b, t]
    reveal_shape(np.mean(x, axis=0))  # R: [t]
    reveal_shape(np.sum(x, axis=1, keepdims=True))  # R: [b, 1]
    reveal_shape(np.transpose(x))  # R: [t, b]
    reveal_shape(np.transpose(x, (1, 0)))  # R: [t, b]
    reveal_shape(np.einsum("bt,td->bd", x, y))  # R: [b, d]
    reveal_shape(np.expand_dims(x, 0))  # R: [1, b, t]
    reveal_shape(np.zeros((3, 5)))  # R: [3, 5]
    reveal_shape(np.zeros_like(x))  # R: [b, t]
    reveal_shape(np.where(x > 0, x, 0))  # R: [b, t]


def functions_wrong(x: Float[np.ndarray, "b t"], y: Float[np.ndarray, "t d"]) -> None:
    np.matmul(y, x)  # E: [matmul_error_inner_dimensions_do_not_match]
    np.concatenate([x, y], axis=0)  # E: [cat_error_size_mismatch]
    np.mean(x, axis=2)  # E: [dimension_error_out_of_range]
    np.einsum("bt,bd->td", x, y)  # E: [einsum_error_dimension_mismatch]


def methods(x: Float[np.ndarray, "b t"]) -> None:
    reveal_shape(x.sum(axis=0))  # R: [t]
    reveal_shape(x.mean(axis=-1, keepdims=True))  # R: [b, 1]
    reveal_shape(x.reshape(-1))  # R: [b*t]
    reveal_shape(x.transpose(1, 0))  # R: [t, b]
    reveal_shape(x[:, None])  # R: [b, 1, t]
    reveal_shape(x[:, np.newaxis, :])  # R: [b, 1, t]
    reveal_shape(x.astype(np.float32))  # R: [b, t]
    x.sum(axis=2)  # E: [dimension_error_out_of_range]


def normalized(x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
    return (x - x.mean(axis=0)) / np.linalg.norm(x, axis=1, keepdims=True)


def normalized_wrong(x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
    return x - x.mean(axis=1)  # E: [broadcast_error_incompatible_dimensions] "d and n"


def results(x: Float[np.ndarray, "n d"], i: Int[np.ndarray, "n"]) -> Float[np.ndarray, "d"]:
    return x[i == 0]  # E: [return_error_shape_mismatch] "rank must be 1, got 2"


def bare(x: np.ndarray, y: npt.NDArray[np.float32], z: Float[np.ndarray, "n d"]) -> None:
    x @ z
    y @ z
    np.concatenate([x, z])


def sizes(x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n k"]:
    n, d = x.shape
    assert x.ndim == 2
    reveal_shape(len(x))  # R: n
    return np.random.randn(n, 7)


def lists_of_arrays(xs: list[Float[np.ndarray, "n d"]]) -> Float[np.ndarray, "k n"]:
    reveal_shape(np.stack(xs))  # R: [len(xs), n, d]
    reveal_shape(np.concatenate(xs, axis=-1))  # R: [n, d*len(xs)]
    reveal_shape(np.concatenate(xs, axis=None))  # R: [d*len(xs)*n]
    reveal_shape(np.vstack([x.T for x in xs]))  # R: [d*len(xs), n]
    return np.stack(xs)  # E: [return_error_shape_mismatch] "rank must be 2, got 3"
