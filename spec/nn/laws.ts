// Layers under a name and in a network; each by itself is in catalogue/.
import {
  type AnyLayer,
  compose,
  conv2d,
  flatten,
  linear,
  logSoftmax,
  maxPool2d,
  named,
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
  ['named linear', named('L', linear(2, 3))],
  ['relu', relu, [3]],
  ['relu of pictures', relu, [2, 3]],
  ['sigmoid', sigmoid, [3]],
  ['tanh', tanh, [3]],
  ['softmax', softmax, [4]],
  ['logSoftmax', logSoftmax, [4]],
  ['a network of images', images, [4, 4, 1]],
]
for (const [name, layer, shape] of layers) t.test(name, async (t) => lawsOfLayer(t, name, layer, shape))
