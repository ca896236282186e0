"""The networks of the workloads as modules of PyTorch, and its names of their parameters."""
from collections import OrderedDict

from torch import nn
from torch.nn import functional as F


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        self.C1 = nn.Conv2d(1, 16, 3, padding=1)
        self.C2 = nn.Conv2d(16, 32, 3, padding=1)
        self.L = nn.Linear(1568, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.C1(x)), 2)
        x = F.max_pool2d(F.relu(self.C2(x)), 2)
        return self.L(x.flatten(1))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.G = nn.GRU(64, 64, batch_first=True)
        self.L = nn.Linear(64, 10)

    def forward(self, x):
        return self.L(self.G(x)[1][0])


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.B = nn.TransformerEncoderLayer(64, 4, 256, dropout=0, batch_first=True, norm_first=True)
        self.L = nn.Linear(4096, 10)

    def forward(self, x):
        return self.L(self.B(x).flatten(1))


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.C1 = nn.Conv2d(1, 16, 3, stride=2, padding=1)
        self.C2 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.D1 = nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1)
        self.D2 = nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1)

    def forward(self, x):
        x = F.relu(self.C2(F.relu(self.C1(x.reshape(-1, 1, 28, 28)))))
        return self.D2(F.relu(self.D1(x))).flatten(1)


activations = {"relu": nn.ReLU, "tanh": nn.Tanh}


def perceptron(workload, layers):
    modules = []
    for layer in layers:
        outputs, inputs = workload["params"][layer + ".W"].shape
        modules.append((layer, nn.Linear(inputs, outputs)))
        if layer + ".scale" in workload["params"]:
            modules.append((layer + "norm", nn.BatchNorm1d(outputs)))
        if layer != layers[-1]:
            modules.append((layer + "activation", activations[workload["activation"]]()))
            if workload["drop"] > 0:
                modules.append((layer + "drop", nn.Dropout()))
    return nn.Sequential(OrderedDict(modules))


others = {
    "convolutional": Convolutional,
    "recurrent": Recurrent,
    "transformer": Transformer,
    "autoencoder": Autoencoder,
}


def make(workload, layers):
    kind = workload["kind"]
    return others[kind]() if kind in others else perceptron(workload, layers)


endings = {"W": ".weight", "b": ".bias", "scale": "norm.weight", "shift": "norm.bias"}
within = {
    "G.input.W": "G.weight_ih_l0",
    "G.input.b": "G.bias_ih_l0",
    "G.hidden.W": "G.weight_hh_l0",
    "G.hidden.b": "G.bias_hh_l0",
    "B.attention.input.W": "B.self_attn.in_proj_weight",
    "B.attention.input.b": "B.self_attn.in_proj_bias",
    "B.attention.output.W": "B.self_attn.out_proj.weight",
    "B.attention.output.b": "B.self_attn.out_proj.bias",
}


def name_of(kind, path):
    if path in within:
        return within[path]
    if kind == "transformer":
        return path.replace(".W", ".weight").replace(".b", ".bias").replace(".scale", ".weight").replace(".shift", ".bias")
    layer, parameter = path.split(".")
    return layer + endings[parameter]
