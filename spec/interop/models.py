"""Writes the models of spec/interop/models: by PyTorch 1.13 and by onnx 1.12, with inputs and outputs in outputs.json.

Debian's packages python3-torch, python3-onnx and python3-numpy: /usr/bin/python3 spec/interop/models.py
"""
import json
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'models')
outputs = {}


def drawn(shape, seed):
    return np.random.RandomState(seed).randn(*shape).astype(np.float32)


def note(name, x, y):
    outputs[name] = {
        'input': {'shape': list(x.shape), 'values': np.asarray(x).ravel().tolist()},
        'output': {'shape': list(y.shape), 'values': np.asarray(y).ravel().tolist()},
    }


def export(name, module, x, opset, **options):
    module.eval()
    with torch.no_grad():
        y = module(x)
    torch.onnx.export(module, x, os.path.join(folder, f'{name}.onnx'), opset_version=opset, input_names=['x'],
                      output_names=['y'], dynamic_axes={'x': {0: 'batch'}, 'y': {0: 'batch'}}, **options)
    note(name, x.numpy(), y.numpy())


class Images(nn.Module):
    """A small convolutional network for 8 x 8 images of ten classes."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 8, 3, stride=1, groups=2), nn.BatchNorm2d(8), nn.Hardswish(), nn.AdaptiveAvgPool2d(1))
        self.classifier = nn.Linear(8, 10)

    def forward(self, x):
        y = self.features(x)
        return self.classifier(y.view(y.size(0), -1))


class Block(nn.Module):
    """Attention with two heads, a residual, and a layer of GELU, with the sizes taken from the input."""

    def __init__(self, width=8, heads=2):
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.mix = nn.Sequential(nn.Linear(width, 16), nn.GELU(), nn.Linear(16, width))

    def forward(self, x):
        n, t, c = x.size()
        q, k, v = self.qkv(self.norm(x)).split(c, dim=2)
        q, k, v = [a.view(n, t, self.heads, c // self.heads).transpose(1, 2) for a in (q, k, v)]
        scores = (q @ k.transpose(-2, -1)) / (k.size(-1) ** 0.5)
        y = (scores.softmax(-1) @ v).transpose(1, 2).contiguous().view(n, t, c)
        return x + self.mix(x + y)


def trained(module):
    """A few steps on labels that depend on the image, so that running moments and weights are not the first ones."""
    optimizer = torch.optim.Adam(module.parameters(), 0.01)
    for i in range(40):
        x = torch.from_numpy(drawn((32, 1, 8, 8), i))
        loss = nn.functional.cross_entropy(module(x), (x.mean((1, 2, 3)) * 20 + 5).clamp(0, 9).long())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return module


def by_helper():
    """As older writers do: version 3 of the format, initializers among the inputs, numbers in fields of their own."""
    W, b = drawn((4, 3), 1), drawn((4,), 2)
    nodes = [
        helper.make_node('Gemm', ['x', 'W', 'b'], ['h'], transB=1),
        helper.make_node('Dropout', ['h'], ['d'], ratio=0.5),
        helper.make_node('Clip', ['d'], ['c'], min=-0.5, max=1.5),
        helper.make_node('Unsqueeze', ['c'], ['u'], axes=[1]),
        helper.make_node('ReduceMean', ['u'], ['m'], axes=[1], keepdims=0),
        helper.make_node('Softmax', ['m'], ['y']),
    ]
    declared = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, shape in [('x', ['n', 3]), ('W', [4, 3]), ('b', [4])]]
    graph = helper.make_graph(nodes, 'old', declared, [helper.make_tensor_value_info('y', TensorProto.FLOAT, ['n', 4])],
                              [helper.make_tensor('W', TensorProto.FLOAT, W.shape, W.ravel().tolist()),
                               numpy_helper.from_array(b.astype(np.float16), 'half')])
    graph.initializer.append(helper.make_tensor('b', TensorProto.FLOAT, b.shape, b.tolist()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 9)], ir_version=3)
    model.metadata_props.add(key='author', value='onnx')
    onnx.save(model, os.path.join(folder, 'old.onnx'))
    x = drawn((2, 3), 3)
    h = np.clip(x @ W.T + b, -0.5, 1.5)
    e = np.exp(h - h.max(1, keepdims=True))
    note('old', x, e / e.sum(1, keepdims=True))


os.makedirs(folder, exist_ok=True)
torch.manual_seed(1)
images = trained(Images())
preserve = {'training': torch.onnx.TrainingMode.PRESERVE, 'do_constant_folding': False}
export('images', images, torch.from_numpy(drawn((2, 1, 8, 8), 5)), 14, **preserve)
export('folded', images, torch.from_numpy(drawn((2, 1, 8, 8), 6)), 9)
export('block', Block(), torch.from_numpy(drawn((2, 5, 8), 7)), 13)
export('normed', Block(), torch.from_numpy(drawn((2, 5, 8), 8)), 17)
by_helper()
with open(os.path.join(folder, 'outputs.json'), 'w') as file:
    json.dump(outputs, file)
    file.write('\n')
