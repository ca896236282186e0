import {
  type AnyLayer,
  compose,
  conv2d,
  elementwise,
  flatten,
  identity,
  input,
  linear,
  logSoftmax,
  maxPool2d,
  named,
  op,
  relu,
  sigmoid,
  softmax,
  tanh,
} from 'pullback'
import t from 'tap'
import { lawsOfLayer } from '../law/layer.ts'

const images = compose(
  named('C', conv2d(1, 2, { kernel: 3, padding: 1 })),
  tanh,
  maxPool2d(2),
  flatten,
  named('L', linear(8, 2)),
)
const layers: readonly (readonly [string, AnyLayer, (readonly number[])?])[] = [
  ['linear', linear(3, 2)],
  ['linear to nothing', linear(3, 0)],
  ['named linear', named('L', linear(2, 3))],
  ['relu', relu, [3]],
  ['relu of pictures', relu, [2, 3]],
  ['sigmoid', sigmoid, [3]],
  ['tanh', tanh, [3]],
  ['softmax', softmax, [4]],
  ['logSoftmax', logSoftmax, [4]],
  ['identity', identity, [2]],
  ['input', input([2])],
  ['elementwise operation', elementwise(op.exp), [2]],
  ['elementwise function', elementwise(Math.sin, Math.cos, (x) => -Math.sin(x)), [2]],
  ['conv2d', conv2d(2, 3, { kernel: 2 }), [3, 2, 2]],
  ['conv2d, stride and padding', conv2d(1, 2, { kernel: [1, 3], stride: [2, 1], padding: [0, 1] }), [3, 3, 1]],
  ['conv2d, same', conv2d(1, 1, { kernel: 2, stride: 2, padding: 'same' }), [3, 3, 1]],
  ['maxPool2d', maxPool2d(2), [4, 5, 2]],
  ['maxPool2d, overlapping', maxPool2d([2, 3], { stride: 1, padding: 1 }), [3, 3, 1]],
  ['flatten', flatten, [2, 3, 2]],
  ['flatten numbers', flatten, []],
  ['a network of images', images, [4, 4, 1]],
]
for (const [name, layer, shape] of layers) t.test(name, async (t) => lawsOfLayer(t, name, layer, shape))
