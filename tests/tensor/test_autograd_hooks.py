"""Hooks, anomaly mode, hooks of kept tensors and checkpoints, as PyTorch has them."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from tests.tensor.programs import Programs, check, leaf

program = Programs()


# -- hooks ------------------------------------------------------------------------------------------


@program
def hook_changes_gradient(t):
    x = leaf(t, 1.0, 2.0)
    handle = x.register_hook(lambda grad: grad * 10)
    (x * 2).sum().backward()
    handle.remove()
    (x * 2).sum().backward()
    return x.grad


@program
def hook_on_intermediate(t):
    x = leaf(t, 1.0, 2.0)
    seen = []
    y = x * 2
    y.register_hook(seen.append)
    y.register_hook(lambda grad: grad + 1)
    (y * 3).sum().backward()
    return [seen, x.grad]


@program
def hook_on_what_needs_none(t):
    t.ones(2).register_hook(lambda grad: grad)


@program
def retain_grad(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    y.retain_grad()
    (y * y).sum().backward()
    return [y.grad, y.retains_grad, x.grad]


@program
def post_accumulate_hook(t):
    x = leaf(t, 1.0, 2.0)
    seen = []
    x.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
    (x * 2).sum().backward()
    (x * 2).sum().backward()
    return seen


@program
def node_hook(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    seen = []
    y.grad_fn.register_hook(lambda grad_inputs, grad_outputs: seen.append(grad_outputs[0]))
    y.grad_fn.register_prehook(lambda grads: (grads[0] * 5,))
    y.sum().backward()
    return [seen, x.grad]


@program
def multi_grad_hook(t):
    x, y = leaf(t, 1.0), leaf(t, 2.0)
    seen = []
    t.autograd.graph.register_multi_grad_hook((x, y), seen.append)
    (x * y).sum().backward()
    (x * 2).sum().backward()
    return [seen[0], len(seen)]


# -- anomaly, hooks of kept tensors, checkpointing --------------------------------------------------


@program
def anomaly_finds_nan(t):
    x = leaf(t, 0.0)
    with t.autograd.detect_anomaly():
        (x.sqrt() * 0).sum().backward()


@program
def anomaly_mode_asked(t):
    before = t.is_anomaly_enabled()
    with t.autograd.set_detect_anomaly(True, check_nan=False):
        inside = [t.is_anomaly_enabled(), t.is_anomaly_check_nan_enabled()]
    return [before, inside, t.is_anomaly_enabled()]


@program
def saved_tensors_hooks(t):
    x = leaf(t, 1.0, 2.0)
    with t.autograd.graph.saved_tensors_hooks(lambda y: y * 1, lambda y: y * 2):
        y = x * x
    y.sum().backward()
    return x.grad


@program
def saved_tensors_hooks_keep_history(t):
    x = leaf(t, 1.0, 2.0)
    with t.autograd.graph.saved_tensors_hooks(lambda y: y.clone(), lambda y: y):
        y = (x * 2) * x.exp()
    (g,) = t.autograd.grad(y.sum(), x, create_graph=True)
    return [g, t.autograd.grad(g.sum(), x)]


@program
def checkpoint(t):
    from importlib import import_module

    run = import_module(f"{t.__name__}.utils.checkpoint").checkpoint
    x, w = leaf(t, 1.0, 2.0), leaf(t, 3.0, 4.0)
    count = []

    def f(x):
        count.append(1)
        return (x * w).exp() * x

    y = run(f, x, use_reentrant=False)
    before = len(count)
    y.sum().backward()
    return [before, len(count), x.grad, w.grad]


@program
def checkpoint_drops_the_same(t):
    from importlib import import_module

    run = import_module(f"{t.__name__}.utils.checkpoint").checkpoint
    t.manual_seed(0)
    x = t.ones(100, dtype=t.float64, requires_grad=True)
    y = run(lambda x: t.nn.functional.dropout(x * 3, 0.5), x, use_reentrant=False)
    y.sum().backward()
    return bool(((x.grad > 0) == (y > 0)).all())


@program
def checkpoint_stops_early(t):
    from importlib import import_module

    module = import_module(f"{t.__name__}.utils.checkpoint")
    x = leaf(t, 1.0, 2.0)
    log = []

    def f(x):
        log.append("first")
        y = x.sin() * x
        log.append("second")
        return y.sum() if log.append("third") is None else y

    def twice(x):
        log.append("outside")
        y = module.checkpoint(f, x * 2, use_reentrant=False)
        log.append("between")
        return (y * y).exp() if log.append("behind") is None else y

    for given in ({}, {"early_stop": False}, {"use_reentrant": True}):
        module.checkpoint(f, x, **{"use_reentrant": False, **given}).backward()
        log.append("-")
    for stops in (True, False):
        with module.set_checkpoint_early_stop(stops):
            y = module.checkpoint(f, x, use_reentrant=False, early_stop=not stops)
        y.backward(retain_graph=True)
        y.backward()
        log.append("-")
    module.checkpoint(twice, x, use_reentrant=False).backward()
    return [log, x.grad]


@program
def checkpoint_of_a_function_that_changes(t):
    from importlib import import_module

    module = import_module(f"{t.__name__}.utils.checkpoint")
    x = leaf(t, 1.0, 2.0)
    runs = []

    def f(x):
        runs.append(1)
        return (x.sin() * x).sum() if len(runs) == 1 else x.sin().sum()

    try:
        module.checkpoint(f, x, use_reentrant=False).backward()
    except module.CheckpointError as error:
        return "different number" in str(error)


@program
def accumulators(t):
    x = leaf(t, 1.0)
    a = (x * 2).grad_fn.next_functions[0][0]
    log = []
    a.register_prehook(lambda grads: (grads[0] * 3,))
    a.register_hook(lambda inputs, outputs: log.append((inputs, outputs[0].tolist())))
    (x * 2).sum().backward()
    same = a is (x * 3).grad_fn.next_functions[0][0]
    return [same, a.variable is x, type(a).__name__, log, x.grad]


@program
def nodes_remember(t):
    node = (leaf(t, 1.0) * 2).grad_fn
    node.metadata["seen"] = 1
    return [node.metadata, (leaf(t, 1.0) * 2).grad_fn.metadata]


@program
def retained_follows_writes(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 1
    y.retain_grad()
    y.mul_(3)
    y[0].mul_(5)
    y.sum().backward()
    return [y.grad, y.retains_grad, x.grad]


@program
def anomaly_says_where_by_a_warning(t):
    import warnings

    x = leaf(t, -1.0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with t.autograd.set_detect_anomaly(True):
                x.sqrt().sum().backward()
        except RuntimeError as error:
            message = str(error)
    (shown,) = [str(item.message) for item in caught]
    return [
        message,
        shown.startswith("Error detected in SqrtBackward0. Traceback of forward call that caused"),
        "x.sqrt().sum()" in shown,
    ]


@program
def inference_tensors_stay_out_of_autograd(t):
    w = leaf(t, 1.0, 2.0)
    with t.inference_mode():
        made = t.ones(2, dtype=t.float64)
        view = w[:1]
        product = w * made
    found = [made.is_inference(), view.is_inference(), product.is_inference()]
    found += [made[:1].is_inference(), made.unbind()[0].is_inference(), (made + 1).is_inference()]
    for call in (made.requires_grad_, lambda: w * made, lambda: made._version):
        try:
            call()
            found.append("accepted")
        except RuntimeError:
            found.append("refused")
    return found


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run)
