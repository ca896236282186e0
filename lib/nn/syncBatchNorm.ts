import { checkCommunicator } from '../comm/checkCommunicator.ts'
import type { Group } from '../comm/group.ts'
import { sumOverRanks } from '../comm/sumOverRanks.ts'
import { untraced } from '../diff/untraced.ts'
import { type Layer, lazy } from '../layer/layer.ts'
import { own } from '../layer/records.ts'
import { add } from '../op/elementwise/add.ts'
import { div } from '../op/elementwise/div.ts'
import { maximum } from '../op/elementwise/maximum.ts'
import { mul } from '../op/elementwise/mul.ts'
import { scale as scaled, shift as shifted } from '../op/elementwise/scale.ts'
import { sqrt } from '../op/elementwise/sqrt.ts'
import { sub } from '../op/elementwise/sub.ts'
import { broadcast, sum } from '../op/reduce/sum.ts'
import { concat } from '../op/shape/concat.ts'
import { reshape } from '../op/shape/reshape.ts'
import { slice } from '../op/shape/slice.ts'
import { full, ones, zeros } from '../tensor/create.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { Ending } from '../type/ending.ts'
import type { Any } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import { type BatchNormOptions, batchNorm, type RunningMoments } from './batchNorm.ts'
import { type Affine, type Learned, leadingSizes, type ScaleShift } from './normalization.ts'

/** The sums of the columns of matrices over all ranks, in one message, and the number of rows of all. */
const columnSums = (comm: Group, ...xs: readonly Tensor[]): readonly Tensor[] => {
  const [rows, columns] = (xs[0] as Tensor).shape as readonly [number, number]
  const count = full([1], rows, (xs[0] as Tensor).dtype) as Tensor
  const all = sumOverRanks(concat([...xs.map((x) => sum(x, 0) as Tensor), count]) as Tensor, comm)
  const parts = xs.map((_, i) => slice(all, [[i * columns, (i + 1) * columns]]) as Tensor)
  return [...parts, broadcast(slice(all, [[xs.length * columns, xs.length * columns + 1]]), [columns]) as Tensor]
}

const down = (v: Tensor, x: Tensor): Tensor => broadcast(v, x.shape) as Tensor

/** z = (x − mean) / √(variance + ε) for the columns of all ranks' rows; what its pullback needs; and the moments. */
const normalized = (comm: Group, x: Tensor, epsilon: number) => {
  const [total, n] = columnSums(comm, x) as readonly [Tensor, Tensor]
  const mean = div(total, n)
  const e = sub(x, down(mean, x))
  const [squares] = columnSums(comm, mul(e, e)) as readonly [Tensor]
  const variance = div(squares, n)
  const deviation = sqrt(shifted(variance, epsilon))
  const z = div(e, down(deviation, x))
  /** (d − mean(d) − z · mean(d z)) / √(variance + ε), with means over the rows of all ranks. */
  const pullback = (d: Tensor): Tensor => {
    const [ds, dzs] = columnSums(comm, d, mul(d, z)) as readonly [Tensor, Tensor]
    const rest = sub(sub(d, down(div(ds, n), x)), mul(z, down(div(dzs, n), x)))
    return div(rest, down(deviation, x))
  }
  return { z, pullback, mean, variance, n }
}

/**
 * `batchNorm` whose mean and variance in training are those of the minibatch's parts on all ranks together, so that a
 * network gives what it gives on one rank with the whole minibatch: (x − mean) / √(variance + ε) · scale + shift. A
 * small part of a minibatch makes poor statistics; this layer costs two messages forward and one backward instead. All
 * else, parameters, state, options and evaluation, is as of `batchNorm`, so the variables of one fit the other. With
 * one rank it is `batchNorm`, to the bit.
 *
 * A rank without examples runs along. If all ranks together have a single value for each channel, its variance is 0.
 *
 * @example
 * import { compose, conv2d, oneProcess, relu, syncBatchNorm } from 'pullback'
 * compose(conv2d(1, 4, { kernel: 3 }), syncBatchNorm(oneProcess, 4), relu).kind // => 'compose'
 */
export const syncBatchNorm = <const C extends number, const A extends boolean = true>(
  comm: Group,
  channels: C,
  options: BatchNormOptions<A> = {},
): Layer<Any, Ending<readonly [C]>, Affine<A, ScaleShift<readonly [C]>>, RunningMoments<C>> => {
  checkCommunicator('syncBatchNorm', comm)
  const local = batchNorm<C, A>(channels, options)
  const { epsilon = 1e-5, momentum = 0.1 } = options
  type Apply = typeof local.apply
  const apply: Apply = (params, state, context, x) => {
    if (context.mode === 'eval' || comm.size === 1) return local.apply(params, state, context, x)
    const learned: Learned = own(local.params, params)
    const old = state as unknown as { readonly mean: Tensor; readonly variance: Tensor }
    const rows = sizeOf(leadingSizes('syncBatchNorm', [channels], x as Tensor, { ...learned, ...old }))
    const matrix = reshape(x as Tensor, [rows, channels] as Shape) as Tensor
    const { z, pullback, mean, variance, n } = normalized(comm, matrix, epsilon)
    const { scale = ones([channels], z.dtype), shift = zeros([channels], z.dtype) } = learned
    const value = add(mul(z, down(scale, z)), down(shift, z))
    const unbiased = mul(variance, div(n, maximum(shifted(n, -1), ones(n.shape, n.dtype))))
    const towards = (before: Tensor, now: Tensor): Tensor =>
      add(scaled(untraced(before), 1 - momentum), scaled(untraced(now), momentum))
    const cotangents = (dy: Tensor) => {
      const d = reshape(dy, z.shape) as Tensor
      const all = { scale: () => sum(mul(d, z), 0), shift: () => sum(d, 0) }
      const of = Object.keys(learned) as (keyof typeof all)[]
      return {
        params: lazy(() => Object.fromEntries(of.map((name) => [name, all[name]()]))),
        input: lazy(() => reshape(pullback(mul(d, down(scale, d))), x.shape)),
      }
    }
    return {
      value: reshape(value, x.shape),
      state: { mean: towards(old.mean, mean), variance: towards(old.variance, unbiased) },
      pullback: cotangents,
    } as unknown as ReturnType<Apply>
  }
  return { ...local, apply, acrossRanks: true }
}
