"""PyTorch: MANIFEST WORKLOAD THREADS [compiled]. Modules, autograd and torch.optim, as its users write it."""
import sys

from protocol import absent, read_workload, serve

compiled = sys.argv[4:] == ["compiled"]
own_name = "torch-compiled" if compiled else "torch"
try:
    import numpy as np
    import torch
    from torch import nn

    from pytorch_models import make, name_of
except ImportError:
    absent(own_name, "not installed: apt-get install python3-torch, or PEER_PYTHON to a Python that has it")

manifest, name, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
workload = read_workload(np, manifest, name)
layers = list(dict.fromkeys(path.split(".")[0] for path in workload["params"]))


def own(path, value):
    """In the files all is channels last; here channels come first."""
    t = torch.from_numpy(value)
    if t.dim() == 4:
        t = t.permute(0, 3, 1, 2)
    if workload["kind"] == "convolutional" and path == "L.W":
        t = t.reshape(10, 7, 7, 32).permute(0, 3, 1, 2).reshape(10, 1568)
    return t.contiguous()


model = make(workload, layers)
if workload["dtype"] == "float64":
    model = model.double()
first = {name: value.clone() for name, value in model.state_dict().items()}
for path, value in workload["params"].items():
    first[name_of(workload["kind"], path)] = own(path, value)
x = own("input", workload["input"])
classes = workload["loss"] == "softmaxCrossEntropy"
y = torch.from_numpy(workload["target"])
y = y.long() if classes else y
loss_function = nn.CrossEntropyLoss() if classes else nn.MSELoss()


optimizers = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


optimizer = optimizers[workload["optimizer"]](model.parameters(), lr=workload["learningRate"])


def cost(x, y):
    return loss_function(model(x), y)


def predict(x):
    return model(x)


def update():
    optimizer.step()


if compiled:
    if not hasattr(torch, "compile"):
        absent(own_name, "PyTorch %s has no torch.compile" % torch.__version__)
    cost, predict, update = torch.compile(cost), torch.compile(predict), torch.compile(update)


def begin(noisy):
    model.load_state_dict(first)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = workload["drop"] if noisy else 0
    # One optimizer, set back: another would be compiled anew.
    for state in optimizer.state.values():
        for value in state.values():
            if torch.is_tensor(value):
                value.zero_()

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = cost(x, y)
        loss.backward()
        update()
        return loss.item()

    return step


def begin_predicting(_):
    model.load_state_dict(first)
    model.eval()

    def step():
        with torch.no_grad():
            return predict(x).numpy()

    return step


begin = begin_predicting if workload["task"] == "predict" else begin
if compiled:
    try:
        for noisy in (True, False):
            step = begin(noisy)
            for _ in range(3):
                step()
    except Exception as e:
        absent(own_name, "it does not compile: %s" % str(e).strip().split("\n")[0])
serve(own_name, torch.__version__, threads, begin)
