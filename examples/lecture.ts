// The lecture's two-layer network, z = W₂ max(0, W₁ x + b₁) + b₂ with least squares, twice: with forward and backward written
// out and coupled by hand, and composed of layers. Same data, same gradients.
import {
  apply,
  compose,
  fromArray,
  gradCheck,
  item,
  key,
  leastSquares,
  linear,
  named,
  op,
  type Params,
  random,
  relu,
  type Scalar,
  type Tensor,
  toArray,
  tree,
} from 'pullback'
import { options } from './support/options.ts'

const { dim, hidden, batch, seed } = options('lecture', 'the two-layer network, coupled by hand and composed', {
  dim: { initial: 100, least: 1, most: 1000, about: 'numbers in an example' },
  hidden: { initial: 50, least: 1, most: 1000, about: 'hidden units' },
  batch: { initial: 200, least: 1, most: 10_000, about: 'examples in the minibatch' },
  seed: { initial: 0, least: 0, most: Number.MAX_SAFE_INTEGER, about: 'the same seed gives the same data' },
})

// ------------------------------------------------------------------ coupled by hand, an example a column, as the lecture has it

type Plain = { readonly W1: Tensor; readonly b1: Tensor; readonly W2: Tensor; readonly b2: Tensor }

const fprop = ({ W1, b1, W2, b2 }: Plain, x: Tensor, y: Tensor) => {
  const n = x.shape[1] as number
  const z1 = op.add(op.matmul(W1, x), op.broadcast(b1, [hidden, n]) as Tensor)
  const a2 = op.relu(z1)
  const z2 = op.add(op.matmul(W2, a2), op.broadcast(b2, [1, n]) as Tensor)
  const difference = op.sub(z2, y)
  return { x, z1, a2, difference, loss: op.sum(op.mul(difference, difference)) }
}

const bprop = ({ W2 }: Plain, { x, z1, a2, difference }: ReturnType<typeof fprop>): Plain => {
  const positive = fromArray(
    toArray(z1).map((z) => (z > 0 ? 1 : 0)),
    z1.shape,
    'float64',
  ) as Tensor
  const dz2 = op.scale(difference, 2)
  const dz1 = op.mul(op.matmul(op.transpose(W2), dz2), positive)
  return {
    W1: op.matmul(dz1, op.transpose(x)),
    b1: op.sum(dz1, 1, { keep: true }), // the sum over the batch, which the lecture leaves out: its exercise
    W2: op.matmul(dz2, op.transpose(a2)),
    b2: op.sum(dz2, 1, { keep: true }),
  }
}

// ------------------------------------------------------------------ composed: no backward to write

const net = compose(named('L1', linear(dim, hidden)), relu, named('L2', linear(hidden, 1)))
type P = Params<typeof net>
type Batch = Tensor<readonly [number, number]>

const composed = (params: P, x: Batch, y: Tensor<readonly [number, 1]>) => {
  const step = apply(net, { params, state: {} }, { mode: 'eval' }, x)
  const [loss, back] = leastSquares.sum(y)(step.value)
  return { loss, gradient: (): P => step.pullback(back(fromArray([1], [], 'float64'))).params() }
}

// ------------------------------------------------------------------ the same data for both

const uniform = (name: string, shape: readonly number[]): Tensor =>
  random.uniform(random.foldIn(key(seed), name), shape, { dtype: 'float64' })
const plain: Plain = {
  W1: uniform('W1', [hidden, dim]),
  b1: uniform('b1', [hidden, 1]),
  W2: uniform('W2', [1, hidden]),
  b2: uniform('b2', [1, 1]),
}
const column = (b: Tensor): Tensor => op.reshape(b, [-1]) as Tensor
const asParams = ({ W1, b1, W2, b2 }: Plain): P =>
  ({ L1: { W: W1, b: column(b1) }, L2: { W: W2, b: column(b2) } }) as unknown as P
const params = asParams(plain)
const data = (n: number) => {
  const [x, y] = [uniform('x', [dim, n]), op.scale(uniform('y', [1, n]), 10)]
  return { x, y, rows: op.transpose(x) as Batch, targets: op.transpose(y) as Tensor<readonly [number, 1]> }
}

/** Runs something a few times; what it gives, and the median time in seconds. */
const timed = <A>(f: () => A, times = 5): readonly [A, number] => {
  const seconds: number[] = []
  let result = f()
  for (let i = 0; i < times; i++) {
    const began = performance.now()
    result = f()
    seconds.push((performance.now() - began) / 1000)
  }
  return [result, seconds.sort((a, b) => a - b)[times >> 1] as number]
}
const tell = (name: string, n: number, seconds: number): void =>
  console.log(`${name}: numdata: ${n}\t time: ${seconds.toExponential(5)}`)

// ------------------------------------------------------------------ gradient check

/** Central differences of a loss in every entry of every tensor of a record. */
const numerical = <T extends tree.Tree>(loss: (at: T) => Scalar, at: T): T => {
  const eps = 1e-6
  const all = tree.leaves(at)
  const tensors = all.map((t, leaf) => {
    const values = toArray(t)
    const moved = (i: number, by: number): T =>
      tree.rebuild(
        at,
        all.map((u, j) => (j === leaf ? fromArray(values.with(i, (values[i] as number) + by), t.shape, 'float64') : u)),
      )
    return fromArray(
      values.map((_, i) => (item(loss(moved(i, eps))) - item(loss(moved(i, -eps)))) / (2 * eps)),
      t.shape,
      'float64',
    )
  })
  return tree.rebuild(at, tensors)
}

/** The lecture's check: the largest difference over the sum, entry by entry. It fails right gradients whose entries are small. */
const lectureCheck = (found: tree.Tree, right: tree.Tree): void => {
  const other = tree.flatten(right) as Readonly<Record<string, Tensor>>
  for (const [name, t] of Object.entries(tree.flatten(found) as Readonly<Record<string, Tensor>>)) {
    const ys = toArray(other[name] as Tensor)
    const worst = Math.max(
      ...toArray(t).map((x, i) => (x === ys[i] ? 0 : Math.abs((x - (ys[i] as number)) / (x + (ys[i] as number))))),
    )
    console.log(`${name} ${worst < 1e-5 ? 'pass' : 'fail'} ${worst}`)
  }
}

const one = data(1)
const [byHand, handTime] = timed(() => bprop(plain, fprop(plain, one.x, one.y)))
tell('bprop', 1, handTime)
const [handNumerical, handNumericalTime] = timed(() => numerical((p: Plain) => fprop(p, one.x, one.y).loss, plain), 1)
tell('numerical', 1, handNumericalTime)
lectureCheck(handNumerical, byHand)
const { loss, difference: off } = fprop(plain, one.x, one.y)
console.log('current loss', item(loss))
console.log('current pred/target', toArray(op.add(off, one.y)), toArray(one.y))
console.log('diff', toArray(op.mul(off, off)))

const [byComposition, moduleTime] = timed(() => composed(params, one.rows, one.targets).gradient())
tell('backprop-module', 1, moduleTime)
const [moduleNumerical, moduleNumericalTime] = timed(
  () => numerical((p: P) => composed(p, one.rows, one.targets).loss, params),
  1,
)
tell('numerical-module', 1, moduleNumericalTime)
console.log('current loss', item(composed(params, one.rows, one.targets).loss))
lectureCheck(moduleNumerical, byComposition)

console.log("(A failure above is the lecture's check's, not the gradient's: it divides by entries that are small.)")

const difference = (n: number): number => {
  const { x, y, rows, targets } = data(n)
  const hand = tree.flatten(asParams(bprop(plain, fprop(plain, x, y)))) as Readonly<Record<string, Tensor>>
  const own = tree.flatten(composed(params, rows, targets).gradient()) as Readonly<Record<string, Tensor>>
  return Math.max(
    ...Object.entries(hand).map(([name, t]) => {
      const [d, scale] = [op.sub(t, own[name] as Tensor), Math.max(...toArray(t).map(Math.abs))]
      return Math.max(...toArray(d).map(Math.abs)) / scale
    }),
  )
}
console.log(
  `\nhand-coupled against composed: ${difference(1).toExponential(1)} for one example, ${difference(batch).toExponential(1)} for ${batch}`,
)
const { pass } = gradCheck(net, { params, input: one.rows }, { directions: 4, entries: 64, order: 1 })
console.log(`gradCheck, which knows what rounding hides: ${pass ? 'pass' : 'FAIL'}\n`)

// ------------------------------------------------------------------ minibatch

const many = data(batch)
const [, batchTime] = timed(() => composed(params, many.rows, many.targets).gradient())
tell('backprop-batch', batch, batchTime)
const single = Array.from(
  { length: batch },
  (_, i) => [op.slice(many.rows, [[i, i + 1]]), op.slice(many.targets, [[i, i + 1]])] as const,
)
const [, loopTime] = timed(() =>
  single.map(([x, y]) => composed(params, x, y as Tensor<readonly [number, 1]>).gradient()),
)
tell('backprop-loop', batch, loopTime)
console.log(`one minibatch is ${(loopTime / batchTime).toFixed(1)} times as fast as its examples one by one`)
