"""Prints the archives and arrays of spec/support/numpy.ts as JSON, each in base64.

Debian's package python3-numpy, or any NumPy from 1.24 on: /usr/bin/python3 spec/interop/arrays.py
"""
import base64
import io
import json
import zipfile

import numpy as np
from numpy.lib import format


class Stream(io.BytesIO):
    """A file that cannot go back, as a pipe is."""

    def seekable(self):
        return False

    def tell(self):
        raise io.UnsupportedOperation

    def seek(self, *_):
        raise io.UnsupportedOperation


def written(write, kind=io.BytesIO):
    file = kind()
    write(file)
    return file.getvalue()


def numbers():
    cases = {}
    for kind in ('f8', 'f4', 'f2'):
        for order in '<>':
            cases[order + kind] = np.array([1.5, -0.0, np.inf, np.nan, -2.25, 6e-8]).astype(order + kind)
    for kind in ('i8', 'i4', 'i2', 'i1'):
        for order in '<>':
            cases[order + kind] = np.array([[0, 1, -1], [127, -128, 2]]).astype(order + kind)
    for kind in ('u8', 'u4', 'u2', 'u1'):
        for order in '<>':
            cases[order + kind] = np.array([[0, 1, 255], [7, 128, 2]]).astype(order + kind)
    return cases


def shapes():
    return {
        'bool': np.array([True, False, True]),
        'columns2': np.asfortranarray(np.arange(6, dtype='<f8').reshape(2, 3)),
        'columns3': np.asfortranarray(np.arange(24, dtype='>i2').reshape(2, 3, 4)),
        'scalar': np.array(7, '<i8'),
        'empty': np.zeros((0,), '<f4'),
        'rows of none': np.zeros((3, 0, 2), '<f4'),
        'five axes': np.arange(8, dtype='<u2').reshape(2, 1, 2, 1, 2),
        'ä': np.array([1], '<f4'),
    }


def short(file):
    """Descriptors of 32 bits, the newer versions of the format, and a comment."""
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as archive:
        with archive.open('a.npy', 'w') as entry:
            format.write_array(entry, np.arange(3, dtype='<i4'), version=(2, 0))
        with archive.open('b.npy', 'w') as entry:
            format.write_array(entry, np.arange(4, dtype='<f4').reshape(2, 2), version=(3, 0))
        archive.comment = b'a comment'


three = np.arange(3, dtype='<i4')
saved = [np.zeros((2, 3), '<f4'), np.array(3.0), np.arange(12, dtype='<i4')]
files = [written(lambda file, x=x: np.save(file, x)) for x in saved]
print(json.dumps({name: base64.b64encode(data).decode() for name, data in {
    'many': written(lambda file: np.savez_compressed(file, **numbers(), **shapes())),
    'streamed': written(lambda file: np.savez(file, a=three, b=np.float32(2)), Stream),
    'short': written(short, Stream),
    'stored': written(lambda file: np.savez(file, a=three)),
    'saved': written(lambda file: np.savez_compressed(
        file, **{str(i): np.frombuffer(data, np.uint8) for i, data in enumerate(files)})),
}.items()}))
