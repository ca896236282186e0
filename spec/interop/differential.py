"""Reads files as NumPy and onnx do, to compare: pairs of a kind and a file in base64 come in as a list in JSON, and a line
of JSON goes out for each, with what was read or why nothing was.
"""
import base64
import io
import json
import resource
import sys
import warnings

warnings.simplefilter('ignore')


def numbers(array):
    """Little-endian numbers in rows, as float64, float32 or int32; other ones by the name of their format."""
    array = np.asarray(array)
    if array.dtype.kind == 'f' and array.dtype.itemsize <= 8:
        format = '<f8' if array.dtype.itemsize == 8 else '<f4'
    elif array.dtype.kind in 'iub' and not (array.size and (array.min() < -2 ** 31 or array.max() >= 2 ** 31)):
        format = '<i4'
    else:
        return {'other': array.dtype.kind}
    data = array.astype(format).tobytes()
    return {'format': format, 'shape': list(array.shape), 'data': base64.b64encode(data).decode()}


def npy(data):
    return {'': numbers(np.load(io.BytesIO(data)))}


def npz(data):
    with np.load(io.BytesIO(data)) as archive:
        return {name: numbers(archive[name]) for name in archive.files}


def checked(data):
    onnx.checker.check_model(onnx.load_from_string(data))
    return {}


def found(read, data):
    try:
        return {'arrays': read(data)}
    except Exception as error:
        return {'error': type(error).__name__ + ': ' + str(error)[:300]}


kind = sys.argv[1]
if kind == 'onnx':
    import onnx
else:
    import numpy as np
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for text in json.load(sys.stdin):
    print(json.dumps(found({'npy': npy, 'npz': npz, 'onnx': checked}[kind], base64.b64decode(text))), flush=True)
