import { fused, type Operation, primitive } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import type { Normalization } from '../../kernel/kernels.ts'
import { normalization } from '../../kernel/wasm/set/normalization.ts'
import { zeros } from '../../tensor/create.ts'
import type { Data } from '../../tensor/data.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { add } from '../elementwise/add.ts'
import { div } from '../elementwise/div.ts'
import { mul } from '../elementwise/mul.ts'
import { scale as scaled, shift as shifted } from '../elementwise/scale.ts'
import { sqrt } from '../elementwise/sqrt.ts'
import { sub } from '../elementwise/sub.ts'
import { spread, sum } from '../reduce/sum.ts'
import { reshape } from '../shape/reshape.ts'

type Moments = readonly [mean: Tensor, variance: Tensor]
type Cotangents = readonly [dx: Tensor, dscale: Tensor, dshift: Tensor]
type Normalize = (x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor, o: Normalization) => Tensor

/** The number of blocks, the rows of each, the number of groups, and the columns of each. */
const sizesOf = ({ shape: [m, n] }: Tensor, { blocks, groups }: Normalization) =>
  [blocks, blocks === 0 ? 0 : (m as number) / blocks, groups, groups === 0 ? 0 : (n as number) / groups] as const
/** The mean of each group of each block. */
const meanOf = (x: Tensor, o: Normalization): Tensor => {
  const sizes = sizesOf(x, o)
  const total = sum(reshape(x, sizes) as Tensor, [1, 3])
  return scaled(reshape(total, [o.blocks * o.groups]) as Tensor, 1 / (sizes[1] * sizes[3]))
}
/** A number for each group of each block, repeated over its entries. */
const along = (v: Tensor, like: Tensor, o: Normalization): Tensor =>
  reshape(spread(reshape(v, [o.blocks, o.groups]), [1, 3], sizesOf(like, o)), like.shape) as Tensor
/** A number for each column, repeated down it. */
const down = (v: Tensor, like: Tensor): Tensor => spread(v, [0], like.shape) as Tensor
const deviation = (variance: Tensor, like: Tensor, o: Normalization): Tensor =>
  along(sqrt(shifted(variance, o.epsilon)), like, o)
const tensor = (shape: Shape, data: Data): Tensor => fresh(shape, data as Float64Array) as unknown as Tensor

const momentsComposite = (x: Tensor, o: Normalization): Moments => {
  if (!o.centered) return [zeros([o.blocks * o.groups], x.dtype), meanOf(mul(x, x), o)]
  const mean = meanOf(x, o)
  const e = sub(x, along(mean, x, o))
  return [mean, meanOf(mul(e, e), o)]
}

const byComposite: Normalize = (x, scale, shift, mean, variance, o) => {
  const z = div(sub(x, along(mean, x, o)), deviation(variance, x, o))
  return add(mul(z, down(scale, x)), down(shift, x))
}

/** (x − mean) / √(variance + ε) · scale + shift as a composite of operations, which defines it. */
export const normalizeComposite = (x: Tensor, scale: Tensor, shift: Tensor, o: Normalization): Tensor =>
  byComposite(x, scale, shift, ...momentsComposite(x, o), o)

/** The pullback as a composite of operations, which defines it. Further derivatives go through it. */
export const pullbackComposite = (d: Tensor, x: Tensor, scale: Tensor, o: Normalization): Cotangents => {
  const [mean, variance] = momentsComposite(x, o)
  const s = deviation(variance, x, o)
  const z = div(sub(x, along(mean, x, o)), s)
  const g = mul(d, down(scale, x))
  const through = sub(g, mul(z, along(meanOf(mul(g, z), o), x, o)))
  const dx = div(o.centered ? sub(through, along(meanOf(g, o), x, o)) : through, s)
  return [dx, sum(mul(d, z), 0), sum(d, 0)]
}

/** The mean and the biased variance of each group of each block of x [m, n]. */
export const moments = /* @__PURE__ */ fused(momentsComposite, (x, o) => {
  const [mean, variance] = engine().with(normalization).moments(raw(x), o)
  return [tensor([mean.length], mean), tensor([variance.length], variance)]
})

const pullback = /* @__PURE__ */ fused(
  (d: Tensor, x: Tensor, scale: Tensor, _mean: Tensor, _variance: Tensor, o: Normalization): Cotangents =>
    pullbackComposite(d, x, scale, o),
  (d, x, scale, mean, variance, o) => {
    const [dx, dscale, dshift] = engine()
      .with(normalization)
      .normalizePullback(raw(d), raw(x), raw(scale), raw(mean), raw(variance), o)
    return [tensor(x.shape, dx), tensor(scale.shape, dscale), tensor(scale.shape, dshift)]
  },
)

const kernel: Normalize = (x, scale, shift, mean, variance, o) =>
  tensor(x.shape, engine().with(normalization).normalize(raw(x), raw(scale), raw(shift), raw(mean), raw(variance), o))

/**
 * (x − mean) / √(variance + ε) · scale + shift for x [m, n], each group of each block by its own moments; scale and
 * shift [n] go with the columns. The moments are those of x, which the caller knows already; they have no cotangents,
 * since that of x accounts for them.
 */
export const normalize: Operation<Normalize> = /* @__PURE__ */ primitive<Normalize>(
  'normalize',
  kernel,
  (_, x, scale, __, mean, variance, o) =>
    function normalizePullback(d) {
      let found: Cotangents | undefined
      const at = (i: 0 | 1 | 2) => () => {
        found ??= pullback(d, x, scale, mean, variance, o)
        return found[i]
      }
      return [at(0), at(1), at(2), null, null, null]
    },
  ({ args: [x, scale, shift, , , o] }) => normalizeComposite(x, scale, shift, o),
)

/** The same with moments that are constants, not those of x. */
export const normalizeBy: Operation<Normalize> = /* @__PURE__ */ primitive<Normalize>(
  'normalizeBy',
  kernel,
  (_, x, scale, __, mean, variance, o) =>
    function normalizeByPullback(d) {
      const s = deviation(variance, x, o)
      const dx = () => div(mul(d, down(scale, x)), s)
      return [dx, () => sum(mul(d, div(sub(x, along(mean, x, o)), s)), 0), () => sum(d, 0), null, null, null]
    },
  ({ args }) => byComposite(...args),
)
