// Changed models of ONNX: a second in the suite; for an hour, with another seed,
// FUZZ_SECONDS=3600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/onnx.ts
import '../support/fuzz/memory.ts'

import { type AnyTensor, fromArray } from 'pullback'
import { fromOnnx } from 'pullback/onnx'
import t from 'tap'
import { writeMessage } from '../../lib/onnx/proto/write.ts'
import { base64, fuzz, outcome } from '../support/fuzz/fuzz.ts'
import { modelChanged } from '../support/fuzz/onnx.ts'
import { modelMessage, node, numbers, port } from '../support/onnx.ts'

const ints = (...list: number[]): AnyTensor => fromArray(list, [list.length], 'int32')
const models = [
  modelMessage({
    nodes: [
      node('Conv', 'x W b', 'c', { pads: [1, 1, 1, 1], strides: [1, 1], kernel_shape: [3, 3] }),
      node('BatchNormalization', 'c s h m v', 'n', { epsilon: { float: 1e-5 } }),
      node('Relu', 'n', 'r'),
      node('MaxPool', 'r', 'p', { kernel_shape: [2, 2], strides: [2, 2] }),
      node('Flatten', 'p', 'f'),
      node('Gemm', 'f V u', 'y', { transB: 1 }),
    ],
    inputs: [port('x', ['batch', 1, 4, 4])],
    outputs: [port('y', ['batch', 3])],
    tensors: {
      W: numbers([2, 1, 3, 3]),
      b: numbers([2]),
      s: numbers([2]),
      h: numbers([2]),
      m: numbers([2]),
      v: numbers([2]),
      V: numbers([3, 8]),
      u: numbers([3]),
    },
  }),
  modelMessage({
    nodes: [
      node('Shape', 'x', 's'),
      node('Gather', 's i', 'n', { axis: 0 }),
      node('Unsqueeze', 'n a', 'n1'),
      node('Concat', 'n1 r', 'to', { axis: 0 }),
      node('Reshape', 'x to', 'z'),
      node('Add', 'a k', 'a1'),
      node('Tile', 'r a1', 'r1'),
      node('ConstantOfShape', 'k', 'c'),
      node('Pad', 'z p', 'q'),
      node('Slice', 'q b e k', 'y'),
      node('Softmax', 'y', 'w', { axis: -1 }),
      node('Expand', 'c k', 'o'),
      node('Range', 'zero four one', 'g'),
    ],
    inputs: [port('x', ['batch', 2, 3])],
    outputs: [port('w', undefined), port('y', undefined)],
    tensors: {
      i: fromArray([0], [], 'int32'),
      a: ints(0),
      r: ints(-1),
      k: ints(1),
      p: ints(0, 1, 0, 1),
      b: ints(1),
      e: ints(4),
      zero: fromArray([0], [], 'int32'),
      four: fromArray([4], [], 'int32'),
      one: fromArray([1], [], 'int32'),
    },
  }),
]

/** The most numbers that the constants of a model may have: they may be made of few bytes. */
const most = 20_000

t.test('changed models of ONNX', (t) =>
  fuzz(
    t,
    {
      seeds: models.map((model) => Uint8Array.from(writeMessage('Model', model))),
      change: modelChanged,
      bytesOf: ({ length }) => length,
      read: (bytes) => outcome(fromOnnx(bytes, { limits: { numbers: most } })),
      memory: [20, 16 * most],
      work: [20, 2 * most],
      show: base64,
    },
    1500,
  ),
)
