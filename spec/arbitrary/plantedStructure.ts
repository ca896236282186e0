// Wrong gradients of operations on several tensors, and of functions that are none.
import { customVjp, type Diff, fromArray, op, stopGradient, type Tensor, vjp } from 'pullback'
import { normal, type Planted, single } from './planted.ts'

type Pair = { readonly a: Tensor; readonly b: Tensor }
const two =
  (f: (p: Pair) => Tensor, pullback: (d: Tensor, p: Pair) => Pair): Diff<Pair, Tensor> =>
  (p) => [f(p), (d) => pullback(d, p)]
const t = (x: Tensor): Tensor => op.transpose(x) as Tensor
const mm = (a: Tensor, b: Tensor): Tensor => op.matmul(a as never, b as never) as Tensor
const product = ({ a, b }: Pair): Tensor => mm(a, b)
const [squareA, squareB] = [normal(1, 3, 3), normal(2, 3, 3)]
const vectors = { a: normal(1, 4), b: normal(2, 4) }
const biased = ({ a, b }: Pair): Tensor => op.add(a, op.broadcast(b, a.shape) as Tensor)
const withBias = { a: normal(1, 4, 3), b: normal(2, 3) }

const products: readonly Planted[] = [
  [
    'matmul: b not transposed',
    two(product, (d, { a, b }) => ({ a: mm(d, b), b: mm(t(a), d) })),
    { a: squareA, b: squareB },
  ],
  [
    'matmul: a not transposed',
    two(product, (d, { a, b }) => ({ a: mm(d, t(b)), b: mm(a, d) })),
    { a: squareA, b: squareB },
  ],
  [
    'matmul: results exchanged',
    two(product, (d, { a, b }) => ({ a: mm(t(a), d), b: mm(d, t(b)) })),
    { a: squareA, b: squareB },
  ],
  [
    'matmul: a gradient transposed',
    two(product, (d, { a, b }) => ({ a: t(mm(d, t(b))), b: mm(t(a), d) })),
    { a: squareA, b: squareB },
  ],
  [
    'matmul: one branch detached',
    two(product, (d, { a, b }) => ({ a: mm(d, t(b)), b: op.scale(b, 0 * a.size) })),
    { a: squareA, b: squareB },
  ],
  [
    'matmul: float32 in one product',
    two(product, (d, { a, b }) => ({ a: single(mm(d, t(b))), b: mm(t(a), d) })),
    { a: squareA, b: squareB },
  ],
  [
    'mul: factors exchanged',
    two(
      ({ a, b }) => op.mul(a, b),
      (d, { a, b }) => ({ a: op.mul(d, a), b: op.mul(d, b) }),
    ),
    vectors,
  ],
  [
    'div: the sign of the second',
    two(
      ({ a, b }) => op.div(a, b),
      (d, { a, b }) => ({ a: op.div(d, b), b: op.div(op.mul(d, a), op.mul(b, b)) }),
    ),
    vectors,
  ],
  [
    'div: a square dropped',
    two(
      ({ a, b }) => op.div(a, b),
      (d, { a, b }) => ({ a: op.div(d, b), b: op.neg(op.div(op.mul(d, a), b)) }),
    ),
    vectors,
  ],
  [
    'sub: no sign',
    two(
      ({ a, b }) => op.sub(a, b),
      (d) => ({ a: d, b: d }),
    ),
    vectors,
  ],
  [
    'maximum: all to one',
    two(
      ({ a, b }) => op.maximum(a, b),
      (d) => ({ a: d, b: op.scale(d, 0) }),
    ),
    vectors,
  ],
  [
    'maximum: to both',
    two(
      ({ a, b }) => op.maximum(a, b),
      (d) => ({ a: d, b: d }),
    ),
    vectors,
  ],
  ['a bias: a row for the sum over rows', two(biased, (d) => ({ a: d, b: op.slice(d, [0]) as Tensor })), withBias],
  ['a bias: the mean for the sum', two(biased, (d) => ({ a: d, b: op.mean(d, 0) as Tensor })), withBias],
  ['a bias: no gradient', two(biased, (d, { b }) => ({ a: d, b: op.scale(b, 0) })), withBias],
  [
    'a bias: all rows but one',
    two(biased, (d) => ({ a: d, b: op.sum(op.slice(d, [[1, 4]] as never) as Tensor, 0) as Tensor })),
    withBias,
  ],
]

const x = normal(7, 3, 4)
const rows = (y: Tensor, like: Tensor): Tensor => op.broadcast(op.reshape(y, [3, 1]) as Tensor, like.shape) as Tensor
const one =
  (f: (x: Tensor) => Tensor, pullback: (d: Tensor, y: Tensor, x: Tensor) => Tensor): Diff<Tensor, Tensor> =>
  (v) => {
    const y = f(v)
    return [y, (d) => pullback(d, y, v)]
  }
const softmax = (v: Tensor): Tensor => op.softmax(v) as Tensor
const shapes: readonly Planted[] = [
  ['softmax: its diagonal only', one(softmax, (d, y) => op.mul(d, op.mul(y, op.shift(op.neg(y), 1)))), x],
  [
    'softmax: the sum over the whole tensor',
    one(softmax, (d, y) => op.mul(y, op.sub(d, op.broadcast(op.sum(op.mul(d, y)) as Tensor, d.shape) as Tensor))),
    x,
  ],
  ['softmax: without its weights', one(softmax, (d, y) => op.mul(y, op.sub(d, rows(op.sum(d, 1) as Tensor, d)))), x],
  [
    'logSoftmax: no exponential',
    one(
      (v) => op.logSoftmax(v) as Tensor,
      (d, y) => op.sub(d, op.mul(y, rows(op.sum(d, 1) as Tensor, d))),
    ),
    x,
  ],
  [
    'a sum: no broadcast of its rows',
    one(
      (v) => op.sum(v, 1) as Tensor,
      (d, _, v) => op.broadcast(op.mean(d) as Tensor, v.shape) as Tensor,
    ),
    x,
  ],
  [
    'a mean: a sum',
    one(
      (v) => op.mean(v, 1) as Tensor,
      (d, _, v) => rows(d, v),
    ),
    x,
  ],
  [
    'a transpose: none',
    one(
      (v) => t(v),
      (d) => d,
    ),
    squareA,
  ],
  [
    'a reshape: in another order',
    one(
      (v) => op.reshape(v, [4, 3]) as Tensor,
      (d) => t(d),
    ),
    x,
  ],
  [
    'a concat: parts exchanged',
    two(
      ({ a, b }) => op.concat([a, b]) as Tensor,
      (d) => ({ a: op.slice(d, [[4, 8]] as never) as Tensor, b: op.slice(d, [[0, 4]] as never) as Tensor }),
    ),
    vectors,
  ],
  [
    'gather: the last of two equal rows',
    one(
      (v) => op.gather(v, fromArray([1, 1], [2], 'int32')) as Tensor,
      (d) =>
        op.concat([
          op.scale(op.slice(d, [[0, 1]] as never) as Tensor, 0),
          op.slice(d, [[1, 2]] as never) as Tensor,
          op.scale(op.slice(d, [[0, 1]] as never) as Tensor, 0),
        ]) as Tensor,
    ),
    x,
  ],
  [
    'normalization: the mean as a constant',
    one(
      (v) => op.sub(v, rows(op.mean(v, 1) as Tensor, v)),
      (d) => d,
    ),
    x,
  ],
  ['a detached branch', (v: Tensor) => lifted(v), x],
  [
    'a detached factor',
    customVjp(
      (v: Tensor) => op.mul(v, op.exp(v)),
      (_, v) => (d) => vjp((w: Tensor) => op.mul(w, stopGradient(op.exp(w))))(v)[1](d),
    ),
    x,
  ],
]
const lifted = customVjp(
  (v: Tensor) => op.add(op.tanh(v), op.mul(v, v)),
  (_, v) => (d) => op.mul(d, op.scale(v, 2)),
)

let calls = 0
export const structureBugs: readonly Planted[] = [
  ...products,
  ...shapes,
  [
    'a pullback that adds up what it gave before',
    one(
      (v) => op.mul(v, v),
      (d, _, v) => op.scale(op.mul(d, v), 2 * ++calls),
    ),
    x,
  ],
  ['a value that is drawn anew', (v: Tensor) => op.scale(v, Math.random() + 1), x],
]
