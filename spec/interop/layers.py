# Writes layers.json: layers as PyTorch computes them in float64, with our names and layouts.
# /usr/bin/python3 spec/interop/layers.py, with Debian's python3-torch (1.13).
import json
import os
import torch

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)


def rounded(t):
    if isinstance(t, dict):
        return {name: rounded(part) for name, part in t.items()}
    return t.detach().tolist()


def drawn(*shape):
    return (torch.randn(*shape) * 0.5).requires_grad_()


def golden(params, x, f, counts=1):
    """The value of f at the arguments, and the cotangents for a drawn cotangent of the value, 0 where it does not count."""
    value = f(params, x)
    dy = torch.randn(value.shape) * counts
    value.backward(dy)
    slopes = lambda tree: {k: slopes(v) for k, v in tree.items()} if isinstance(tree, dict) else (tree.grad if tree.grad is not None else torch.zeros_like(tree))
    return {k: rounded(v) for k, v in dict(params=params, x=x, value=value, dy=dy, dx=slopes(x) if isinstance(x, dict) else x.grad, dparams=slopes(params)).items()}


def linear(i, o):
    return {"W": drawn(o, i), "b": drawn(o)}


def halves(both):
    """A map of two results side by side as a map to each."""
    leaf = lambda t: t.detach().requires_grad_()
    return [{k: leaf(part[i]) for k, part in {k: t.chunk(2) for k, t in both.items()}.items()} for i in range(2)]


def norm(n):
    return {"scale": drawn(n), "shift": drawn(n)}


def functional(module, tree, names):
    """Calls a module with its parameters replaced by those of our record."""
    def at(path):
        part = tree
        for name in path.split("."):
            part = part[name]
        return part

    return lambda *args, **options: torch.nn.utils.stateless.functional_call(module, {theirs: at(ours) for theirs, ours in names.items()}, args, options)


attended = {"in_proj_weight": "input.W", "in_proj_bias": "input.b", "out_proj.weight": "output.W", "out_proj.bias": "output.b"}
cases = {}

for name, module, gates in [("rnn", torch.nn.RNN, 1), ("gru", torch.nn.GRU, 3), ("lstm", torch.nn.LSTM, 4)]:
    layer = module(2, 3, batch_first=True)  # keeps its weights in a flat list, so it is not called with others
    params = {"input": {"W": layer.weight_ih_l0, "b": layer.bias_ih_l0}, "hidden": {"W": layer.weight_hh_l0, "b": layer.bias_hh_l0}}
    cases[name] = golden(params, drawn(2, 4, 2), lambda p, x: layer(x)[0])

for name, mask in [("attention", None), ("causal", torch.triu(torch.ones(3, 3, dtype=torch.bool), 1))]:
    params = {"input": linear(4, 12), "output": linear(4, 4)}
    cases[name] = golden(params, drawn(2, 3, 4), lambda p, x: functional(torch.nn.MultiheadAttention(4, 2, batch_first=True), p, attended)(x, x, x, attn_mask=mask)[0])


def names(block):
    theirs = {"self_attn." + k: "attention." + v for k, v in attended.items()}
    for i in [1, 2]:
        theirs.update({f"linear{i}.weight": f"linear{i}.W", f"linear{i}.bias": f"linear{i}.b"})
    for i in range(1, block + 1):
        theirs.update({f"norm{i}.weight": f"norm{i}.scale", f"norm{i}.bias": f"norm{i}.shift"})
    return theirs


for name, first in [("encoder", True), ("encoderPost", False)]:
    params = {"attention": {"input": linear(4, 12), "output": linear(4, 4)}, "linear1": linear(4, 5), "linear2": linear(5, 4), "norm1": norm(4), "norm2": norm(4)}
    module = torch.nn.TransformerEncoderLayer(4, 2, 5, dropout=0, batch_first=True, norm_first=first)
    cases[name] = golden(params, drawn(2, 3, 4), lambda p, x: functional(module, p, names(2))(x))

self_attention = {"input": linear(4, 12), "output": linear(4, 4)}
query, (key, value) = linear(4, 4), halves(linear(4, 8))
params = {"attention": self_attention, "cross": {"query": query, "key": key, "value": value, "output": linear(4, 4)}, "linear1": linear(4, 5), "linear2": linear(5, 4), "norm1": norm(4), "norm2": norm(4), "norm3": norm(4)}
decoder = torch.nn.TransformerDecoderLayer(4, 2, 5, dropout=0, batch_first=True, norm_first=True)


def decoded(p, x, unseen, padding):
    joined = {k: torch.cat([p["cross"][name][k] for name in ["query", "key", "value"]]) for k in "Wb"}
    whole = {**p, "both": {"input": joined, "output": p["cross"]["output"]}}
    theirs = {**names(3), **{"multihead_attn." + k: "both." + v for k, v in attended.items()}}
    return functional(decoder, whole, theirs)(x["input"], x["memory"], tgt_mask=unseen, memory_key_padding_mask=padding)


cases["decoder"] = golden(params, {"input": drawn(2, 2, 4), "memory": drawn(2, 3, 4)}, lambda p, x: decoded(p, x, torch.triu(torch.ones(2, 2, dtype=torch.bool), 1), None))


def last(x):
    """Channels first to channels last."""
    return x.movedim(1, -1)


def first(x):
    return x.movedim(-1, 1)


F = torch.nn.functional
cases["convTranspose2d"] = golden({"W": drawn(4, 3, 2, 1), "b": drawn(2)}, drawn(2, 2, 3, 4), lambda p, x: last(F.conv_transpose2d(first(x), first(p["W"]), p["b"], stride=2, padding=1, output_padding=(1, 0), groups=2)))
cases["convTranspose1d"] = golden({"W": drawn(3, 2, 2), "b": drawn(2)}, drawn(2, 3, 3), lambda p, x: last(F.conv_transpose1d(first(x), first(p["W"]), p["b"], stride=2, dilation=3)))
cases["causalConv1d"] = golden({"W": drawn(2, 3, 2), "b": drawn(2)}, drawn(2, 5, 2), lambda p, x: last(F.conv1d(F.pad(first(x), (4, 0)), first(p["W"]), p["b"], dilation=2)))
cases["adaptiveAvgPool2d"] = golden({}, drawn(1, 5, 7, 2), lambda p, x: last(F.adaptive_avg_pool2d(first(x), (2, 3))))
cases["nearest"] = golden({}, drawn(1, 2, 3, 2), lambda p, x: last(F.interpolate(first(x), scale_factor=(2, 3), mode="nearest")))
cases["bilinearUpsample"] = golden({}, drawn(1, 2, 3, 2), lambda p, x: last(F.interpolate(first(x), scale_factor=(3, 2), mode="bilinear")))
cases["maxPool1d"] = golden({}, drawn(1, 7, 2), lambda p, x: last(F.max_pool1d(first(x), 3, stride=2, padding=1)))
cases["avgPool1d"] = golden({}, drawn(1, 7, 2), lambda p, x: last(F.avg_pool1d(first(x), 3, stride=2, padding=1)))
cases["instanceNorm"] = golden({"scale": drawn(2), "shift": drawn(2)}, drawn(2, 3, 3, 2), lambda p, x: last(F.instance_norm(first(x), weight=p["scale"], bias=p["shift"])))
cases["bilinear"] = golden({"W": drawn(3, 2, 4), "b": drawn(3)}, {"a": drawn(2, 2), "b": drawn(2, 4)}, lambda p, x: F.bilinear(x["a"], x["b"], p["W"], p["b"]))
cases["separableConv2d"] = golden({"depthwise": {"W": drawn(2, 3, 2, 1), "b": drawn(2)}, "pointwise": {"W": drawn(3, 1, 1, 2), "b": drawn(3)}}, drawn(2, 4, 5, 2), lambda p, x: last(F.conv2d(F.conv2d(first(x), first(p["depthwise"]["W"]), p["depthwise"]["b"], stride=(2, 1), padding=1, groups=2), first(p["pointwise"]["W"]), p["pointwise"]["b"])))

real = torch.tensor([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
earlier = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1)
x = (torch.randn(2, 3, 4) * real[:, :, None]).requires_grad_()  # padding is read as 0 here
cases["masked"] = golden(
    {"input": linear(4, 12), "output": linear(4, 4)},
    {"input": x, "mask": real},
    lambda p, x: functional(torch.nn.MultiheadAttention(4, 2, batch_first=True), p, attended)(x["input"], x["input"], x["input"], attn_mask=earlier, key_padding_mask=x["mask"] == 0)[0],
    real[:, :, None],
)

apart = {**{f"{name[0]}_proj_weight": f"{name}.W" for name in ["query", "key", "value"]}, "in_proj_bias": "bias", "out_proj.weight": "output.W", "out_proj.bias": "output.b"}
crossing = torch.nn.MultiheadAttention(4, 2, kdim=3, vdim=3, batch_first=True)
cases["cross"] = golden(
    {"query": linear(4, 4), "key": linear(3, 4), "value": linear(3, 4), "output": linear(4, 4)},
    {"input": drawn(2, 2, 4), "memory": drawn(2, 3, 3), "mask": real},
    lambda p, x: functional(crossing, {**p, "bias": torch.cat([p[name]["b"] for name in ["query", "key", "value"]])}, apart)(x["input"], x["memory"], x["memory"], key_padding_mask=x["mask"] == 0)[0],
)

looks = torch.tensor([[[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], [[0.0, 0.0, 1.0], [1.0, 1.0, 1.0]]])
cases["crossPairs"] = golden(
    {"query": linear(4, 4), "key": linear(3, 4), "value": linear(3, 4), "output": linear(4, 4)},
    {"input": drawn(2, 2, 4), "memory": drawn(2, 3, 3), "mask": looks},
    lambda p, x: functional(crossing, {**p, "bias": torch.cat([p[name]["b"] for name in ["query", "key", "value"]])}, apart)(x["input"], x["memory"], x["memory"], attn_mask=(x["mask"] == 0).repeat_interleave(2, 0))[0],
)

params = {"attention": {"input": linear(4, 12), "output": linear(4, 4)}, "cross": {"query": linear(4, 4), "key": linear(4, 4), "value": linear(4, 4), "output": linear(4, 4)}, "linear1": linear(4, 5), "linear2": linear(5, 4), "norm1": norm(4), "norm2": norm(4), "norm3": norm(4)}
decoder = torch.nn.TransformerDecoderLayer(4, 2, 5, dropout=0, batch_first=True)
cases["decoderMasked"] = golden(params, {"input": drawn(2, 2, 4), "memory": drawn(2, 3, 4), "mask": real}, lambda p, x: decoded(p, x, None, x["mask"] == 0))

with open(os.path.join(os.path.dirname(__file__), "layers.json"), "w") as file:
    json.dump(cases, file, separators=(",", ":"))
    file.write("\n")
