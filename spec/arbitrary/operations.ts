// Right programs made of operations, alone and in chains.
import { fromArray, op, type Shape, type Tensor } from 'pullback'
import { type Domain, type Make, pick, whole } from './numbers.ts'

const shapes: readonly Shape[] = [[], [1], [3], [7], [2, 3], [4, 1], [2, 2, 2]]
const unaries: Readonly<Record<string, readonly [(x: Tensor) => Tensor, Domain?]>> = {
  abs: [op.abs],
  elu: [(x) => op.elu(x, 0.7)],
  erf: [op.erf],
  exp: [op.exp],
  gelu: [op.gelu],
  geluTanh: [op.geluTanh],
  hardsigmoid: [op.hardsigmoid],
  hardswish: [op.hardswish],
  hardtanh: [op.hardtanh],
  leakyRelu: [op.leakyRelu],
  log: [op.log, 'positive'],
  logSigmoid: [op.logSigmoid],
  mish: [op.mish],
  neg: [op.neg],
  normalCdf: [op.normalCdf],
  relu: [op.relu],
  relu6: [op.relu6],
  selu: [op.selu],
  sigmoid: [op.sigmoid],
  silu: [op.silu],
  softplus: [(x) => op.softplus(x, 2)],
  softsign: [op.softsign],
  sqrt: [op.sqrt, 'positive'],
  tanh: [op.tanh],
  parabola: [(x) => op.mul(x, op.shift(x, 1))],
  scale: [(x) => op.scale(x, 1e-7)],
  shift: [(x) => op.shift(x, 1e4)],
  cancel: [(x) => op.shift(op.shift(x, 1e6), -1e6)],
  oneMinus: [(x) => op.shift(op.neg(op.tanh(x)), 1)],
  reciprocal: [(x) => op.div(op.scale(op.shift(op.scale(x, 0), 1), 3), x), 'not zero'],
}
const anyUnaries: Readonly<Record<string, readonly [(x: Tensor) => Tensor, Domain?]>> = {
  ...unaries,
  sum: [(x) => op.sum(x) as Tensor],
  mean: [(x) => op.mean(x) as Tensor],
  flat: [(x) => op.reshape(x, [x.size]) as Tensor],
}
const rows: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  max: (x) => op.max(x, -1) as Tensor,
  softmax: (x) => op.softmax(x) as Tensor,
  logSoftmax: (x) => op.logSoftmax(x) as Tensor,
  softmaxColumns: (x) => op.softmax(x, 0) as Tensor,
  logSumExp: (x) => op.logSumExp(x) as Tensor,
  sumRows: (x) => op.sum(x, 1) as Tensor,
  meanColumns: (x) => op.mean(x, 0) as Tensor,
  transpose: (x) => op.transpose(x) as Tensor,
  slice: (x) => op.slice(x, [1]) as Tensor,
  concat: (x) => op.concat([x, op.scale(x, 2)]) as Tensor,
  gather: (x) => op.gather(x, fromArray([1, 0, 1], [3], 'int32')) as Tensor,
  pick: (x) => op.pick(x, fromArray([2, 0], [2], 'int32')) as Tensor,
  broadcast: (x) => op.broadcast(op.sum(x, 0) as Tensor, [4, 3]) as Tensor,
  gram: (x) => op.matmul(x, op.transpose(x) as never) as Tensor,
  where: (x) => op.where(op.relu(x), op.tanh(x), op.scale(x, 0.3)),
}
const binaries: Readonly<Record<string, readonly [(a: Tensor, b: Tensor) => Tensor, Domain?]>> = {
  add: [op.add],
  sub: [op.sub],
  mul: [op.mul],
  div: [op.div, 'not zero'],
  maximum: [op.maximum],
  minimum: [op.minimum],
  addScaled: [(a, b) => op.addScaled(a, b, -0.3)],
}

export const chain: Make = ({ next, tensor }) => {
  const names = Array.from({ length: whole(next, 1, 3) }, () => pick(next, Object.keys(anyUnaries)))
  const steps = names.map((name) => anyUnaries[name] as (typeof anyUnaries)[string])
  return [(x: Tensor) => steps.reduce((y, [f]) => f(y), x), tensor(pick(next, shapes), steps[0]?.[1])]
}
export const row: Make = ({ next, tensor }) => {
  const [f, g] = [pick(next, Object.values(rows)), pick(next, Object.values(unaries))[0]]
  return [next() < 0.5 ? f : (x: Tensor) => f(g(op.reshape(x, [2, 3]))), tensor([2, 3])]
}
export const pair: Make = ({ next, tensor }) => {
  const [f, domain] = pick(next, Object.values(binaries))
  const shape = pick(next, shapes)
  const g = pick(next, Object.values(unaries))[0]
  const alone = next() < 0.5
  const h = ({ a, b }: { a: Tensor; b: Tensor }): Tensor => (alone ? f(a, b) : g(f(a, b)))
  return [h, { a: tensor(shape), b: tensor(shape, domain) }]
}
export const product: Make = ({ tensor }) => [
  ({ a, b, c }: { a: Tensor; b: Tensor; c: Tensor }) => op.affine(a as never, b as never, c as never) as Tensor,
  { a: tensor([2, 3]), b: tensor([4, 3]), c: tensor([4]) },
]
/** Many entries, which are checked along directions; a tenth of them may lie at kinks. */
export const wide: Make = ({ next, tensor }) => {
  const f = pick(next, [op.relu, op.abs, op.hardtanh, op.sigmoid, op.leakyRelu, op.softplus, op.exp, op.tanh])
  return [(x: Tensor) => f(x), tensor([whole(next, 200, 300)])]
}
