"""NumPy: MANIFEST WORKLOAD THREADS. Forward, backward and Adam by hand. OPENBLAS_NUM_THREADS sets its threads."""
import sys

from protocol import absent, read_workload, serve

try:
    import numpy as np
except ImportError:
    absent("numpy", "not installed: apt-get install python3-numpy, or PEER_PYTHON to a Python that has it")

manifest, name, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
workload = read_workload(np, manifest, name)
if workload["drop"] > 0:
    absent("numpy", "it has no batch normalisation, dropout and AdamW")
if workload["kind"] not in ("perceptron", "convolutional"):
    absent("numpy", "its gradient is not written by hand")
layers = list(dict.fromkeys(path.split(".")[0] for path in workload["params"]))
dtype = np.dtype(workload["dtype"]).type
rate = dtype(workload["learningRate"])
x, target = workload["input"], workload["target"]
batch = workload["batch"]
rows = np.arange(batch)


def cross_entropy(z):
    """The loss, and its gradient by the scores."""
    z = z - z.max(1, keepdims=True)
    e = np.exp(z)
    s = e.sum(1, keepdims=True)
    loss = (np.log(s[:, 0]) - z[rows, target]).mean()
    e /= s
    e[rows, target] -= 1
    e /= dtype(batch)
    return loss, e


def least_squares(z):
    d = z - target
    loss = (d * d).mean()
    d *= dtype(2 / d.size)
    return loss, d


loss_of = cross_entropy if workload["loss"] == "softmaxCrossEntropy" else least_squares


class SGD:
    def descend(self, pairs):
        for parameter, gradient in pairs:
            gradient *= rate
            parameter -= gradient


class Adam:
    def __init__(self):
        self.count, self.moments = 0, None

    def descend(self, pairs):
        if self.moments is None:
            self.moments = [(np.zeros_like(g), np.zeros_like(g)) for _, g in pairs]
        self.count += 1
        root = dtype((1 - 0.999**self.count) ** 0.5)
        size = dtype(workload["learningRate"] / (1 - 0.9**self.count))
        for (parameter, gradient), (m, v) in zip(pairs, self.moments):
            m *= dtype(0.9)
            m += dtype(0.1) * gradient
            v *= dtype(0.999)
            gradient *= gradient
            gradient *= dtype(0.001)
            v += gradient
            d = np.sqrt(v)
            d /= root
            d += dtype(1e-8)
            np.divide(m, d, out=d)
            d *= size
            parameter -= d


optimizers = {"sgd": SGD, "adam": Adam}


# In place; and the derivative, from the result.
activation = {"relu": lambda z: np.maximum(z, 0, out=z), "tanh": lambda z: np.tanh(z, out=z)}[workload["activation"]]
slope = {"relu": lambda h: h > 0, "tanh": lambda h: 1 - h * h}[workload["activation"]]


def perceptron():
    # [in, out]: X W needs no transpose.
    W = [np.ascontiguousarray(workload["params"][layer + ".W"].T) for layer in layers]
    b = [workload["params"][layer + ".b"].copy() for layer in layers]
    last = len(layers) - 1
    optimizer = optimizers[workload["optimizer"]]()

    def forward():
        h = [x]
        for i in range(last + 1):
            z = h[-1] @ W[i]
            z += b[i]
            h.append(activation(z) if i < last else z)
        return h

    def step():
        h = forward()
        loss, d = loss_of(h[-1])
        gradients = []
        for i in range(last, -1, -1):
            gradients += (W[i], h[i].T @ d), (b[i], d.sum(0))
            if i > 0:
                d = d @ W[i].T
                d *= slope(h[i])
        optimizer.descend(gradients)
        return loss

    return (lambda: forward()[-1]) if workload["task"] == "predict" else step


def patches(p, side, channels):
    """The 3 by 3 windows of padded images, a row for each pixel."""
    s = p.strides
    shape = (batch, side, side, 3, 3, channels)
    windows = np.lib.stride_tricks.as_strided(p, shape, (s[0], s[1], s[2], s[1], s[2], s[3]))
    return windows.reshape(batch * side * side, 9 * channels)


def padded(side, channels):
    return np.zeros((batch, side + 2, side + 2, channels), dtype)


def pool(h, side, channels):
    """The largest of 2 by 2, and where it is. Equals are zeros here, which have no gradient after ReLU."""
    h = h.reshape(batch, side // 2, 2, side // 2, 2, channels)
    largest = h.max((2, 4))
    return largest, h == largest[:, :, None, :, None]


def unpool(d, mask, h, side, channels):
    d = (mask * d.reshape(batch, side // 2, 1, side // 2, 1, channels)).reshape(-1, channels)
    d *= h > 0
    return d


def convolutional():
    p = workload["params"]
    W1, W2, W3 = (np.ascontiguousarray(p[layer + ".W"].reshape(len(p[layer + ".b"]), -1).T) for layer in layers)
    b1, b2, b3 = (p[layer + ".b"].copy() for layer in layers)
    optimizer = SGD()
    image = padded(28, 1)
    image[:, 1:29, 1:29] = x

    def step():
        c1 = patches(image, 28, 1)
        h1 = c1 @ W1
        h1 += b1
        np.maximum(h1, 0, out=h1)
        p1, m1 = pool(h1, 28, 16)
        q = padded(14, 16)
        q[:, 1:15, 1:15] = p1
        c2 = patches(q, 14, 16)
        h2 = c2 @ W2
        h2 += b2
        np.maximum(h2, 0, out=h2)
        p2, m2 = pool(h2, 14, 32)
        f = p2.reshape(batch, 1568)
        z = f @ W3
        z += b3
        loss, d = loss_of(z)

        dh2 = unpool(d @ W3.T, m2, h2, 14, 32)
        dc2 = (dh2 @ W2.T).reshape(batch, 14, 14, 3, 3, 16)
        dq = padded(14, 16)
        for i in range(3):
            for j in range(3):
                dq[:, i : i + 14, j : j + 14] += dc2[:, :, :, i, j]
        dh1 = unpool(dq[:, 1:15, 1:15], m1, h1, 28, 16)
        optimizer.descend(
            (
                (W1, c1.T @ dh1),
                (b1, dh1.sum(0)),
                (W2, c2.T @ dh2),
                (b2, dh2.sum(0)),
                (W3, f.T @ d),
                (b3, d.sum(0)),
            )
        )
        return loss

    return step


begin = convolutional if workload["kind"] == "convolutional" else perceptron
serve("numpy", np.__version__, threads, lambda _: begin())
