import {
  type AnyTensor,
  type CheckOptions,
  type Float,
  fromArray,
  fromNested,
  gradCheck,
  item,
  type Loss,
  ones,
  op,
  type PerExample,
  perExampleGrad,
  random,
  type Scalar,
  show,
  type Tensor,
  type Tree,
  toArray,
  tree,
  ValueError,
  vjp,
  vmap,
} from 'pullback'
import type { Test } from 'tap'
import { layouts } from '../arbitrary/tensor.ts'
import { isQuick } from '../support/property.ts'
import { closeTrees, sameTree } from './diff.ts'
import { lawOfFunction } from './program.ts'

type On<R> = (target: AnyTensor) => (output: Tensor) => readonly [value: R, pullback: (d: R) => Tensor]
type Reduced = On<Scalar> & { readonly mean: On<Scalar>; readonly sum: On<Scalar>; readonly none: On<PerExample> }

/** Outputs and targets of a minibatch. */
export type Drawn = readonly [output: Tensor, target: AnyTensor]

/** What a loss has to give: the loss of each example and the gradient of their sum. */
export interface Golden {
  readonly at: string
  readonly output: Tensor
  readonly target: AnyTensor
  readonly losses: readonly number[]
  readonly gradient: readonly number[]
  /** Their mean, where it is not the sum over the number of examples. */
  readonly mean?: number
}

export interface LossEntry {
  /** The name it is exported by. */
  readonly of: string
  /** With which options. */
  readonly with?: string
  readonly loss: unknown
  /** Minibatches of n examples at which it is smooth. */
  readonly draws: readonly ((n: number) => Drawn)[]
  /** The outputs it takes: any numbers, logarithms of probabilities, probabilities. */
  readonly domain: 'numbers' | 'logarithms' | 'probabilities'
  readonly golden: readonly Golden[]
  /** What it refuses, and what it says then. */
  readonly errors: readonly (readonly [() => unknown, RegExp])[]
  /** What the mean divides by; the number of examples unless given. */
  readonly weight?: (target: AnyTensor) => number
}

const extremes = {
  numbers: [1e30, -1e30, 1e3, -1e3, 0],
  logarithms: [0, -1e3, -1e30],
  probabilities: [0, 1],
} as const

const one = (dtype: Float): Scalar => fromNested(1, dtype)
const near = (a: number, b: number): boolean => Object.is(a, b) || Math.abs(a - b) <= 1e-13 * (1 + Math.abs(b))
const allNear = (a: AnyTensor, b: readonly number[]): boolean => {
  const found = toArray(a)
  return found.length === b.length && found.every((x, i) => near(x, b[i] as number))
}
const rowsBy = <T extends AnyTensor>(x: T, order: Tensor<readonly [number], 'int32'>): T =>
  op.gather(x, order) as AnyTensor as T
const inFormat = <T extends AnyTensor>(x: T, dtype: Float): T =>
  (x.dtype === 'int32' ? x : op.cast(x as Tensor, dtype)) as T

/**
 * The laws of a loss: derivatives of both orders, for tensors that lie in memory in any way; three reductions that agree; batches of
 * any size, in any order; both precisions; no NaN where numbers are extreme; what it must give, and what it must refuse.
 */
export const lawsOfLoss = (t: Test, entry: LossEntry): void => {
  const loss = entry.loss as Reduced
  const weight = entry.weight ?? ((target: AnyTensor) => target.shape[0] as number)
  const few = isQuick() ? ({ order: 1, entries: 1, directions: 1 } as const) : {}
  const slope = (output: Tensor, target: AnyTensor): Tensor => loss.sum(target)(output)[1](one(output.dtype))

  const derivatives = (
    reduced: unknown,
    [output, target]: Drawn,
    options: CheckOptions = { entries: 12, directions: 4 },
  ): void => {
    const report = gradCheck(reduced as Loss<Tensor, AnyTensor>, { output, target }, { ...options, ...few })
    t.ok(report.pass && report.notes.length === 0, `${output.shape}: derivatives`, { report: show(report) })
  }
  const views = ([output, target]: Drawn): void => {
    const plain = slope(output, target)
    for (const [layout, y] of layouts(output)) {
      derivatives(loss, [y, target], layout === 'plain' ? undefined : { entries: 0, directions: 1 })
      t.ok(closeTrees(slope(y, target), plain), `${output.shape}, ${layout}: as for plain data`)
    }
    if (target.dtype === 'int32') return
    const same = layouts(target as Tensor).every(([, y]) => closeTrees(slope(output, y), plain))
    t.ok(same, `${output.shape}: targets that lie in memory in any way`)
  }
  const reductions = ([output, target]: Drawn): void => {
    const [each, backEach] = loss.none(target)(output)
    const [total, back] = loss.sum(target)(output)
    const [average, backAverage] = loss.mean(target)(output)
    const over = weight(target)
    t.same(each.shape, [output.shape[0]], 'one number for each example')
    t.ok(near(item(total), item(op.sum(each))), 'the sum is theirs')
    t.ok(near(item(average), item(total) / over), 'the mean is the sum over their weight')
    t.ok(sameTree(loss(target)(output)[0], average), 'by itself a loss is its mean')
    t.ok(
      closeTrees(backEach(ones(each.shape, 'float64')), back(one('float64'))),
      'the gradient of the sum is that of each',
    )
    const share = op.scale(back(one('float64')), 1 / over)
    t.ok(
      closeTrees(share, backAverage(one('float64'))),
      'the gradient of the mean is that of the sum over their weight',
    )
    const inferred = vjp((z: Tensor) => loss.sum(target)(z)[0])(output)[1](one('float64'))
    t.ok(closeTrees(inferred, back(one('float64'))), 'differentiated from outside it is the same')
  }
  const order = ([output, target]: Drawn): void => {
    const shuffled = random.permutation(random.key(7), output.shape[0] as number)
    const [each, back] = loss.none(target)(output)
    const [moved, movedBack] = loss.none(rowsBy(target, shuffled))(rowsBy(output, shuffled))
    const d = random.normal(random.key(8), each.shape, 'float64')
    t.ok(closeTrees(moved, rowsBy(each, shuffled)), 'each example has its loss wherever it stands')
    t.ok(closeTrees(movedBack(rowsBy(d, shuffled)), rowsBy(back(d), shuffled)), 'and its derivative')
  }
  const mapped = (draw: (n: number) => Drawn): void => {
    const halves = <T extends AnyTensor>(x: T): T => op.reshape(x, [2, 3, ...x.shape.slice(1)]) as AnyTensor as T
    const [output, target] = draw(6)
    const both = { output: halves(output), target: halves(target) }
    for (const reduced of [loss.none, loss.mean]) {
      const of = (at: typeof both): Tensor => reduced(at.target)(at.output)[0]
      const each = [0, 1].map((i) => of(tree.map(both, (x) => op.slice(x, [i]) as AnyTensor)))
      const apart = op.concat(each.map((x) => op.reshape(x, [1, ...x.shape]) as Tensor))
      t.ok(closeTrees(vmap(of)(both) as Tree, apart as Tree), 'mapped over minibatches')
    }
    const scaled = (k: Scalar, at: typeof both): Scalar =>
      loss.sum(at.target)(op.mul(at.output, op.broadcast(k, at.output.shape)))[0]
    const alone = perExampleGrad(scaled)(one('float64'), { output, target }) as Tree
    const together = op.mul(slope(output, target), output)
    const sums = op.sum(together, [...together.shape.keys()].slice(1)) as Tensor
    t.ok(closeTrees(alone, sums), 'the gradient of each example')
  }
  const precision = ([output, target]: Drawn): void => {
    const single = slope(inFormat(output, 'float32'), inFormat(target, 'float32'))
    t.equal(single.dtype, 'float32')
    t.ok(closeTrees(inFormat(single, 'float64'), slope(output, target), 1e-5), 'float32 as float64')
  }
  const extreme = (draw: (n: number) => Drawn): void => {
    const values = extremes[entry.domain]
    const [{ shape, size }, target] = draw(25)
    const numbers = Array.from(
      { length: size },
      (_, i) => values[(i + Math.floor(i / values.length)) % values.length] as number,
    )
    for (const dtype of ['float32', 'float64'] as const) {
      const output = fromArray(numbers, shape, dtype) as Tensor
      const [each, back] = loss.none(inFormat(target, dtype))(output)
      const none = (x: Tensor): boolean => !toArray(x).some(Number.isNaN)
      t.ok(none(each), `${shape}, ${dtype}: no loss is NaN`)
      t.ok(none(back(ones(each.shape, dtype))), `${shape}, ${dtype}: no derivative is NaN`)
    }
  }
  const empty = ([output, target]: Drawn): void => {
    t.equal(item(loss.sum(target)(output)[0]), 0, 'the sum over no examples is 0')
    t.same(loss.none(target)(output)[0].shape, [0])
    t.same(slope(output, target).shape, output.shape)
    t.throws(() => loss(target)(output), ValueError)
    t.throws(() => loss(target)(output), /at least one example to take the mean over, got an empty batch/)
    derivatives(loss.sum, [output, target])
  }

  const compiled = (draw: (n: number) => Drawn): void => {
    for (const reduced of [loss.mean, loss.sum, loss.none]) {
      const step = (output: Tensor, target: AnyTensor) => {
        const [value, back] = reduced(target)(output)
        return [value, back(ones(value.shape, 'float64') as never)]
      }
      lawOfFunction(t, 'a loss', step as never, draw(4), draw(3))
    }
  }

  for (const draw of entry.draws) {
    empty(draw(0))
    compiled(draw)
    views(draw(4))
    derivatives(loss, draw(1))
    for (const n of [1, 4]) reductions(draw(n))
    precision(draw(4))
    mapped(draw)
    derivatives(loss.none, draw(3))
    order(draw(6))
    extreme(draw)
  }
  for (const { at, output, target, losses, gradient, mean } of entry.golden) {
    t.ok(allNear(loss.none(target)(output)[0], losses), `${at}: losses`)
    t.ok(allNear(slope(output, target), gradient), `${at}: gradient`, { found: toArray(slope(output, target)) })
    if (mean !== undefined) t.ok(near(item(loss(target)(output)[0]), mean), `${at}: mean`)
  }
  t.ok(entry.golden.length > 0, 'golden values')
  t.ok(entry.errors.length >= 2, 'two errors at least')
  for (const [run, said] of entry.errors) t.throws(run, said)
}
