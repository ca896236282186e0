// Every operation there is, mapped over examples.
import fc from 'fast-check'
import { type AnyTensor, op, type Tensor, vmap } from 'pullback'
import t from 'tap'
import { slidings } from '../arbitrary/window.ts'
import { lawsOfDiff } from '../law/diff.ts'
import { type Draw, floats, indices, lawsOfVmap, mapsAsLoop } from '../law/vmap.ts'
import { check } from '../support/property.ts'

type Case = readonly [f: (...xs: never[]) => AnyTensor, draws: readonly Draw[]]

const unary = (f: (x: Tensor) => AnyTensor, positive = false): readonly Case[] =>
  [[], [3], [2, 3]].map((shape): Case => [f, [floats(shape, positive)]])
const binary = (f: (x: Tensor, y: Tensor) => AnyTensor): readonly Case[] =>
  [[], [2, 3]].map((shape): Case => [f, [floats(shape), floats(shape, true)]])
const matrix = floats([2, 3])

/** Of each operation the cases that differ in how they treat their axes. A new one does not compile until it has its line here. */
const cases: { readonly [name in keyof typeof op]: readonly Case[] } = {
  add: binary(op.add),
  sub: binary(op.sub),
  mul: binary(op.mul),
  div: binary(op.div),
  elu: unary((x) => op.elu(x, 0.5)),
  selu: unary(op.selu),
  gelu: unary(op.gelu),
  geluTanh: unary(op.geluTanh),
  normalCdf: unary(op.normalCdf),
  hardtanh: unary((x) => op.hardtanh(x, -0.3, 0.4)),
  relu6: unary(op.relu6),
  hardsigmoid: unary(op.hardsigmoid),
  hardswish: unary(op.hardswish),
  leakyRelu: unary((x) => op.leakyRelu(x, 0.2)),
  mish: unary(op.mish),
  prelu: [...binary((x, y) => op.prelu(x, y)), [(x: Tensor, a: Tensor) => op.prelu(x, a), [matrix, floats([3])]]],
  silu: unary(op.silu),
  softplus: unary((x) => op.softplus(x, 2)),
  logSigmoid: unary(op.logSigmoid),
  softsign: unary(op.softsign),
  abs: unary(op.abs),
  maximum: binary(op.maximum),
  minimum: binary(op.minimum),
  where: binary((x, y) => op.where(x, op.mul(x, y), y)),
  clamp: unary((x) => op.clamp(x, -0.3, 0.4)),
  equal: binary((x, y) => op.mul(op.equal(x, op.minimum(x, y)), y)),
  greater: binary((x, y) => op.mul(op.greater(x, y), y)),
  greaterEqual: binary((x, y) => op.mul(op.greaterEqual(x, y), y)),
  less: binary((x, y) => op.mul(op.less(x, y), y)),
  lessEqual: binary((x, y) => op.mul(op.lessEqual(x, y), y)),
  notEqual: binary((x, y) => op.mul(op.notEqual(x, op.minimum(x, y)), y)),
  floor: unary((x) => op.floor(op.scale(x, 2))),
  round: unary((x) => op.round(op.scale(x, 2))),
  sign: unary((x) => op.mul(op.sign(x), x)),
  sin: unary(op.sin),
  cos: unary(op.cos),
  atan2: binary((x, y) => op.atan2(x, y)),
  log1p: unary(op.log1p, true),
  expm1: unary(op.expm1),
  square: unary(op.square),
  power: [
    ...unary((x) => op.power(x, 3)),
    ...unary((x) => op.power(x, -1.5), true),
    ...unary((x) => op.power(x, 0.3), true),
  ],
  addScaled: binary((x, y) => op.addScaled(x, y, 0.3)),
  neg: unary(op.neg),
  exp: unary(op.exp),
  log: unary(op.log, true),
  sqrt: unary(op.sqrt, true),
  erf: unary(op.erf),
  tanh: unary(op.tanh),
  sigmoid: unary(op.sigmoid),
  relu: unary(op.relu),
  scale: unary((x) => op.scale(x, -2)),
  shift: unary((x) => op.shift(x, 1.5)),
  cast: [...unary((x) => op.cast(x, 'float64')), [(i) => op.cast(i, 'float64'), [indices([2], 4)]]],
  sum: [
    ...unary((x) => op.sum(x)),
    [(x: Tensor) => op.sum(x, 0), [matrix]],
    [(x: Tensor) => op.sum(x, -1, { keep: true }), [matrix]],
    [(x: Tensor) => op.sum(x, [0, 2]), [floats([2, 3, 2])]],
  ],
  mean: [[(x: Tensor) => op.mean(x, 1), [matrix]], ...unary((x) => op.mean(x))],
  max: [
    ...unary((x) => op.max(x)),
    [(x: Tensor) => op.max(x, 0), [matrix]],
    [(x: Tensor) => op.max(x, -1, { keep: true }), [matrix]],
  ],
  min: [...unary((x) => op.min(x)), [(x: Tensor) => op.min(x, -1, { keep: true }), [matrix]]],
  prod: [
    ...unary((x) => op.prod(x)),
    [(x: Tensor) => op.prod(x, 0), [matrix]],
    [(x: Tensor) => op.prod(x, [0, -1], { keep: true }), [floats([2, 3, 2])]],
  ],
  variance: [
    [(x: Tensor) => op.variance(x), [matrix]],
    [(x: Tensor) => op.variance(x, 0, { correction: 1 }), [matrix]],
  ],
  std: [[(x: Tensor) => op.std(x, 1, { keep: true }), [matrix]]],
  cumsum: [
    [(x: Tensor) => op.cumsum(x), [matrix]],
    [(x: Tensor) => op.cumsum(x, 0), [matrix]],
  ],
  argsort: [
    [(x: Tensor) => op.argsort(x), [matrix]],
    [(x: Tensor) => op.argsort(x, 0), [matrix]],
  ],
  sort: [
    [(x: Tensor) => op.sort(x), [matrix]],
    [(x: Tensor) => op.sort(x, 0), [matrix]],
  ],
  topK: [[(x: Tensor) => op.topK(x, 2, 0).values, [floats([4, 3])]]],
  argmin: [[(x: Tensor) => op.argmin(x, 0), [matrix]]],
  argmax: [
    [(x: Tensor) => op.argmax(x), [matrix]],
    [(x: Tensor) => op.argmax(x, 0), [matrix]],
  ],
  softmax: [
    [(x: Tensor) => op.softmax(x), [matrix]],
    [(x: Tensor) => op.softmax(x, 0), [matrix]],
  ],
  norm: [
    ...unary((x) => op.norm(x)),
    [(x: Tensor) => op.norm(x, 0), [matrix]],
    [(x: Tensor) => op.norm(x, [0, -1], { keep: true }), [floats([2, 3, 2])]],
  ],
  logSoftmax: [
    [(x: Tensor) => op.logSoftmax(x), [floats([3])]],
    [(x: Tensor) => op.logSoftmax(x, 0), [matrix]],
  ],
  logSumExp: [
    [(x: Tensor) => op.logSumExp(x), [floats([3])]],
    [(x: Tensor) => op.logSumExp(x, 0), [matrix]],
  ],
  matmul: [
    [op.matmul as never, [matrix, floats([3, 4])]],
    [op.matmul as never, [floats([2, 1]), floats([1, 4])]],
    [op.matmul as never, [floats([2, 2, 3]), floats([2, 3, 1])]],
    [op.matmul as never, [floats([2, 2, 3]), floats([3, 2])]],
    [op.matmul as never, [floats([2, 3]), floats([4, 3, 1])]],
    [op.matmul as never, [floats([2, 1, 2, 3]), floats([3, 3, 2])]],
    [(x: Tensor) => op.matmul(x, op.transpose(x)) as never, [matrix]],
  ],
  dot: [[op.dot as never, [floats([3]), floats([3])]]],
  outer: [[op.outer as never, [floats([3]), floats([2])]]],
  trace: [
    [op.trace as never, [floats([2, 3])]],
    [op.trace as never, [floats([3, 2])]],
  ],
  einsum: [
    [(x: Tensor, y: Tensor) => op.einsum('ij,jk->ki', x, y), [matrix, floats([3, 2])]],
    [(x: Tensor, y: Tensor) => op.einsum('bij,bj->bi', x, y), [floats([2, 2, 3]), matrix]],
  ],
  affine: [[op.affine as never, [matrix, floats([4, 3]), floats([4])]]],
  transpose: [
    [(x: Tensor) => op.transpose(x), [matrix]],
    [(x: Tensor) => op.transpose(x, [1, 2, 0]), [floats([2, 3, 4])]],
  ],
  reshape: [
    [(x: Tensor) => op.reshape(x, [3, -1]), [matrix]],
    [(x: Tensor) => op.reshape(op.transpose(x), [1, 6]), [matrix]],
    [(x: Tensor) => op.reshape(x, [1]), [floats([])]],
  ],
  broadcast: [
    [(x: Tensor) => op.broadcast(x, [2, 3]), [floats([])]],
    [(x: Tensor) => op.broadcast(x, [2, 4, 3]), [floats([1, 3])]],
  ],
  slice: [
    [(x: Tensor) => op.slice(x, [1]), [matrix]],
    [(x: Tensor) => op.slice(x, [null, [null, null, -2]]), [matrix]],
    [(x: Tensor) => op.slice(x, [[0, 1], 2]), [matrix]],
  ],
  flip: [[(x: Tensor) => op.flip(x, 0), [matrix]]],
  roll: [[(x: Tensor) => op.roll(x, -1, 0), [matrix]]],
  stack: [[(...xs: Tensor[]) => op.stack(xs, 1), [matrix, matrix]]],
  tile: [[(x: Tensor) => op.tile(x, [2, 1]), [matrix]]],
  pad: [[(x: Tensor) => op.pad(x, [1, [0, 2]], 3), [matrix]]],
  tril: [[(x: Tensor) => op.tril(x, -1), [matrix]]],
  triu: [[(x: Tensor) => op.triu(x), [floats([2, 3, 2])]]],
  concat: [
    [(...xs: Tensor[]) => op.concat(xs), [matrix, floats([1, 3])]],
    [(...xs: Tensor[]) => op.concat(xs, -1), [matrix, floats([2, 1]), matrix]],
  ],
  gather: [
    [op.gather as never, [floats([4]), indices([3], 4)]],
    [op.gather as never, [floats([4, 2]), indices([], 4)]],
    [op.gather as never, [floats([4, 2, 3]), indices([2, 2], 4)]],
  ],
  scatter: [
    [(x: Tensor, i: AnyTensor) => op.scatter(x, i as never, 4), [floats([3]), indices([3], 4)]],
    [(x: Tensor, i: AnyTensor) => op.scatter(x, i as never, 4), [floats([2, 3]), indices([2], 4)]],
  ],
  takeAlong: [
    [(x: Tensor, i: AnyTensor) => op.takeAlong(x, i as never), [floats([2, 3]), indices([2, 4], 3)]],
    [(x: Tensor, i: AnyTensor) => op.takeAlong(x, i as never, 0), [floats([3, 2]), indices([1, 2], 3)]],
  ],
  putAlong: [[(x: Tensor, i: AnyTensor) => op.putAlong(x, i as never, 3), [floats([2, 4]), indices([2, 4], 3)]]],
  pick: [
    [op.pick as never, [floats([3]), indices([], 3)]],
    [op.pick as never, [floats([4, 3]), indices([4], 3)]],
  ],
  conv1d: [
    [
      ((x: Tensor, W: Tensor, b: Tensor) =>
        op.conv1d(x as never, W as never, b as never, { padding: 1, stride: 2, groups: 2 })) as never,
      [floats([2, 4, 2]), floats([4, 2, 1]), floats([4])],
    ],
  ],
  conv2d: [
    [
      ((x: Tensor, W: Tensor, b: Tensor) =>
        op.conv2d(x as never, W as never, b as never, { padding: 1, stride: 2 })) as never,
      [floats([2, 3, 4, 2]), floats([3, 2, 2, 2]), floats([3])],
    ],
    [
      ((x: Tensor, W: Tensor, b: Tensor) =>
        op.conv2d(x as never, W as never, b as never, { dilation: 2, groups: 2 })) as never,
      [floats([2, 3, 4, 4]), floats([2, 2, 2, 2]), floats([2])],
    ],
  ],
  convTranspose1d: [
    [
      ((x: Tensor, W: Tensor, b: Tensor) =>
        op.convTranspose1d(x as never, W as never, b as never, { stride: 2, padding: 1 })) as never,
      [floats([2, 3, 2]), floats([2, 3, 1]), floats([1])],
    ],
  ],
  convTranspose2d: [
    [
      ((x: Tensor, W: Tensor, b: Tensor) =>
        op.convTranspose2d(x as never, W as never, b as never, { stride: 2, groups: 2 })) as never,
      [floats([2, 2, 1, 4]), floats([4, 2, 1, 1]), floats([2])],
    ],
  ],
  avgPool2d: [
    [((x: Tensor) => op.avgPool2d(x as never, 2)) as never, [floats([2, 4, 4, 2])]],
    [
      ((x: Tensor) => op.avgPool2d(x as never, 2, { stride: 1, padding: 1, countPadding: false })) as never,
      [floats([1, 3, 2, 1])],
    ],
  ],
  maxPool2d: [
    [((x: Tensor) => op.maxPool2d(x as never, 2)) as never, [floats([2, 4, 4, 2])]],
    [((x: Tensor) => op.maxPool2d(x as never, 2, { stride: 1, padding: 1 })) as never, [floats([1, 3, 2, 1])]],
    [((x: Tensor) => op.maxPool2d(x as never, 2, { stride: 1, dilation: 2 })) as never, [floats([1, 3, 4, 2])]],
  ],
}

t.same(Object.keys(cases).sort(), Object.keys(op).sort(), 'every operation is here')
for (const [name, all] of Object.entries(cases))
  t.test(name, async (t) => {
    for (const [f, draws] of all) lawsOfVmap(t, name, f as (...xs: readonly AnyTensor[]) => AnyTensor, draws)
  })

const size = fc.integer({ min: 0, max: 3 })
t.test('sizes of all kinds, 0 among them', async () => {
  check(fc.tuple(size, size, size, size), ([examples, m, k, n]) => {
    const [matrix, turned] = [floats([m, k]), floats([k, m])]
    const maps = (f: unknown, ...draws: readonly Draw[]): boolean => mapsAsLoop(f as () => AnyTensor, draws, examples)
    return (
      maps(op.matmul, matrix, floats([k, n])) &&
      maps((a: Tensor, b: Tensor) => op.matmul(op.transpose(a) as Tensor, b), turned, floats([k, n])) &&
      maps(op.affine, matrix, floats([n, k]), floats([n])) &&
      maps((x: Tensor) => op.sum(x, 0), matrix) &&
      maps((x: Tensor) => op.softmax(x), matrix) &&
      maps((x: Tensor, y: Tensor) => op.concat([x, y], 1), matrix, floats([m, n])) &&
      maps((x: Tensor) => op.reshape(x, [k * m, 1]), matrix) &&
      maps(op.gather, floats([k + 1, m]), indices([n], k + 1)) &&
      maps(op.pick, floats([m, k + 1]), indices([m], k + 1))
    )
  })
})

t.test('windows of all kinds', async () => {
  check(fc.tuple(size, slidings), ([examples, { image, kernel, stride, padding }]) => {
    const [x, W] = [floats(image), floats([2, ...kernel, image[3]])]
    const convolved = (y: Tensor, V: Tensor, b: Tensor) =>
      op.conv2d(y as never, V as never, b as never, { stride, padding } as never) as AnyTensor
    const pooled = (y: Tensor) => op.maxPool2d(y as never, kernel, { stride } as never) as AnyTensor
    return mapsAsLoop(convolved as never, [x, W, floats([2])], examples) && mapsAsLoop(pooled as never, [x], examples)
  })
})

t.test('derivatives of mapped functions, against differences', async (t) => {
  type Pair = { readonly a: Tensor; readonly b: Tensor }
  const f = ({ a, b }: Pair) => op.softmax(op.matmul(op.tanh(a), b) as Tensor) as Tensor
  for (const n of [0, 2])
    lawsOfDiff(t, `${n} examples`, (xs: Pair) => vmap(f)(xs as never) as Tensor, {
      a: floats([2, 3])([n], 1) as Tensor,
      b: floats([3, 2])([n], 2) as Tensor,
    })
})
