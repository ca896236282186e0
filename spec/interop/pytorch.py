#!/usr/bin/python3
"""Writes the files of torch/: networks trained by PyTorch, and what it makes of the weights in torch/ours.npz.

Made with PyTorch 1.13.1 and NumPy 1.24.2 of Debian 12 (python3-torch, python3-numpy): ours.mjs first, then
/usr/bin/python3 spec/interop/pytorch.py
"""
import json
import os
import struct

import numpy as np
import torch
from torch import nn

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch")


def save(name, tensors):
    """A safetensors file, by its specification."""
    codes = {"float32": "F32", "float64": "F64", "int64": "I64"}
    header, data = {}, b""
    for key, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.detach().numpy()).reshape(tensor.shape)
        begin, data = len(data), data + array.tobytes()
        header[key] = {"dtype": codes[str(array.dtype)], "shape": list(array.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    with open(os.path.join(folder, name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.bn = nn.BatchNorm2d(4)
        self.fc = nn.Linear(64, 3)

    def forward(self, x):
        x = torch.relu(self.bn(self.conv(x)))
        return self.fc(torch.flatten(nn.functional.max_pool2d(x, 2), 1))


def mlp():
    return nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 3))


def trained(model, *shape):
    """The model after a few steps toward labels that depend on its inputs."""
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(30):
        x = torch.randn(32, *shape)
        label = (x.flatten(1)[:, :3]).argmax(1)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), label).backward()
        optimizer.step()
    return model.eval()


def examples(name, model, x):
    return {f"{name}.x": x, f"{name}.y": model(x)}


torch.manual_seed(0)
cnn, perceptron = trained(Cnn(), 1, 8, 8), trained(mlp(), 5)
images, vectors = torch.randn(3, 1, 8, 8), torch.randn(3, 5)
save("cnn.safetensors", cnn.state_dict())
save("mlp.safetensors", perceptron.state_dict())
save("examples.safetensors", {**examples("cnn", cnn, images), **examples("mlp", perceptron, vectors)})

# Weights that were made here, loaded strictly.
with np.load(os.path.join(folder, "ours.npz")) as ours:
    for name, model in {"cnn": Cnn(), "mlp": mlp()}.items():
        state = {n[len(name) + 1 :]: torch.from_numpy(ours[n]) for n in ours.files if n.startswith(name + ".")}
        model.load_state_dict(state, strict=True)
        (cnn, perceptron)[name == "mlp"].load_state_dict(state, strict=True)
save("ours.safetensors", {**examples("cnn", cnn, images), **examples("mlp", perceptron, vectors)})

# The layers of the table, each with its own names and layouts.
zoo = {
    "linear": (nn.Linear(3, 2), (3,)),
    "conv1d": (nn.Conv1d(3, 4, 3), (3, 6)),
    "conv2d": (nn.Conv2d(4, 6, (3, 2), groups=2), (4, 5, 4)),
    "depthwise": (nn.Conv2d(3, 6, 2, groups=3, bias=False), (3, 3, 4)),
    "convTranspose1d": (nn.ConvTranspose1d(3, 4, 3), (3, 6)),
    "convTranspose2d": (nn.ConvTranspose2d(4, 6, (3, 2), stride=2, groups=2), (4, 3, 4)),
    "instanceNorm": (nn.InstanceNorm2d(4, affine=True), (4, 2, 3)),
    "batchNorm": (nn.BatchNorm2d(3), (3, 2, 4)),
    "layerNorm": (nn.LayerNorm(5), (5,)),
    "layerNormImage": (nn.LayerNorm([3, 2, 4]), (3, 2, 4)),
    "groupNorm": (nn.GroupNorm(2, 4), (4, 2, 3)),
    "prelu": (nn.PReLU(3), (3, 2, 2)),
    "flattened": (nn.Sequential(nn.Conv2d(2, 3, 2), nn.Flatten(), nn.BatchNorm1d(18), nn.PReLU(18), nn.Linear(18, 2)), (2, 4, 3)),
    "sequence": (nn.Sequential(nn.Conv1d(2, 3, 2), nn.Flatten(), nn.Linear(12, 2)), (2, 5)),
}


def outputs(module, x):
    """Sequences [batch, time, features], whose features are kept last."""
    return module(x)[0]


sequences = {
    "rnn": (nn.RNN(3, 4, batch_first=True), outputs),
    "gru": (nn.GRU(3, 4, batch_first=True), outputs),
    "lstm": (nn.LSTM(3, 4, batch_first=True), outputs),
    "attention": (nn.MultiheadAttention(4, 2, batch_first=True), lambda module, x: module(x, x, x)[0]),
}
tensors = {}
for name, (module, shape) in zoo.items():
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    with torch.no_grad():
        module(torch.randn(9, *shape) * 2 + 1)  # moves what a batch norm has seen
    x = torch.randn(2, *shape)
    tensors.update({f"{name}.{n}": t for n, t in module.eval().state_dict().items()})
    tensors.update(examples(f"{name}:", module, x))
for name, (module, call) in sequences.items():
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    x = torch.randn(2, 5, 4 if name == "attention" else 3)
    tensors.update({f"{name}.{n}": t for n, t in module.eval().state_dict().items()})
    tensors.update({f"{name}:.x": x, f"{name}:.y": call(module, x)})
block = nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True, norm_first=True)
for parameter in block.parameters():
    nn.init.normal_(parameter)
x = torch.randn(2, 5, 4)
tensors.update({f"encoder.{n}": t for n, t in block.eval().state_dict().items()})
tensors.update({"encoder:.x": x, "encoder:.y": block(x)})
both = nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True)
x = torch.randn(2, 5, 3)
tensors.update({f"both.{n}": t for n, t in both.state_dict().items()})
tensors.update({"both:.x": x, "both:.y": both(x)[0]})
embedding = nn.Embedding(7, 3)
places = torch.tensor([[0, 6, 2]])
tensors.update({"embedding.weight": embedding.weight, "embedding:.x": places, "embedding:.y": embedding(places)})
save("layers.safetensors", tensors)

# Attention to another sequence, which may have other features, and whole blocks, as they come: with dropout and relu.
tensors = {}
crossings = {
    "cross": nn.MultiheadAttention(4, 2, batch_first=True),
    "crossApart": nn.MultiheadAttention(4, 2, kdim=3, vdim=3, batch_first=True),
    "encoder": nn.TransformerEncoderLayer(4, 2, 6, batch_first=True),
    "decoder": nn.TransformerDecoderLayer(4, 2, 6, batch_first=True),
}
for name, module in crossings.items():
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.5)
    tensors.update({f"{name}.{n}": t for n, t in module.eval().state_dict().items()})
    x, memory = torch.randn(2, 3, 4), torch.randn(2, 5, 3 if name == "crossApart" else 4)
    padding = torch.tensor([[False, False, True, False, True], [True, False, False, False, False]])
    if name == "encoder":
        y = module(x)
    elif name == "decoder":
        y = module(x, memory, tgt_mask=torch.triu(torch.ones(3, 3, dtype=torch.bool), 1), memory_key_padding_mask=padding)
    else:
        y = module(x, memory, memory, key_padding_mask=padding)[0]
    tensors.update({f"{name}:.x": x, f"{name}:.memory": memory, f"{name}:.mask": (~padding).float(), f"{name}:.y": y})
save("attention.safetensors", tensors)
