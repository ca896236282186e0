import {
  type AnyLayer,
  compose,
  elementwise,
  identity,
  input,
  linear,
  logSoftmax,
  named,
  op,
  relu,
  sigmoid,
  softmax,
  tanh,
} from 'pullback'
import t from 'tap'
import { lawsOfLayer } from '../law/layer.ts'

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
  ['two layers', compose(named('L1', linear(3, 4)), relu, named('L2', linear(4, 2)))],
  ['nested', compose(named('enc', compose(named('L1', linear(3, 4)), tanh)), named('dec', linear(4, 3)), sigmoid)],
]
for (const [name, layer, shape] of layers) t.test(name, async (t) => lawsOfLayer(t, name, layer, shape))
