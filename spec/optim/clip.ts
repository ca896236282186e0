import fc from 'fast-check'
import {
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  eqTensor,
  fromNested,
  item,
  type Tensor,
  toArray,
  toNested,
} from 'pullback'
import t from 'tap'
import { normOf } from '../../lib/optim/clip.ts'
import { tensorOf } from '../arbitrary/tensor.ts'
import { closeTrees } from '../law/diff.ts'
import { check } from '../support/property.ts'

const norm = (x: Tensor): number => item(normOf(x) as Tensor<readonly []>)
const tiny = { W: fromNested([[3, 4]]) as Tensor, b: fromNested([12]) as Tensor }

t.test('as PyTorch’s clip_grad_norm_', async (t) => {
  const [clipped] = clipByGlobalNorm(1).update(tiny, {}, tiny)
  t.same(
    [...toArray(clipped.W), ...toArray(clipped.b)].map((x) => x.toFixed(6)),
    ['0.230769', '0.307692', '0.923077'],
  )
  t.ok(eqTensor.equals(clipByGlobalNorm(14).update(tiny, {}, tiny)[0].W, tiny.W), 'short ones are left alone')
})

t.test('norms overflow nowhere', async (t) => {
  const large = { W: fromNested([[3e38, 3e38]]) as Tensor, b: fromNested([3e38]) as Tensor }
  const [clipped] = clipByGlobalNorm(3).update(large, {}, large)
  for (const x of [...toArray(clipped.W), ...toArray(clipped.b)]) t.ok(Math.abs(x - Math.sqrt(3)) < 1e-6)
  for (const x of toArray(clipByNorm(3).update(large, {}, large)[0].W)) t.ok(Math.abs(x - 3 / Math.SQRT2) < 1e-6)
  const x = fromNested([3e300, -4e300], 'float64') as Tensor
  t.ok(Math.abs(norm(x) / 5e300 - 1) < 1e-15, 'in float64 too')
  const g = { x, y: x }
  t.ok(Math.abs((toArray(clipByGlobalNorm(1).update(g, {}, g)[0].x)[1] as number) + 0.8 / Math.SQRT2) < 1e-12)
  t.equal(norm(fromNested([0, Number.NEGATIVE_INFINITY]) as Tensor), Number.POSITIVE_INFINITY)
  t.equal(norm(fromNested([]) as Tensor), 0)
  t.throws(
    () => clipByValue(1).update({ b: fromNested([Number.NaN]) }, {}, { b: fromNested([0]) }),
    /got NaN at index \[0\]/,
  )
  const infinite = { b: fromNested([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) }
  t.same(toNested(clipByValue(2).update(infinite, {}, infinite)[0].b), [-2, 2], 'what is infinite has a nearest value')
})

t.test('laws', async () => {
  const trees = fc.record({ W: tensorOf([2, 2]), b: tensorOf([2]) })
  check(fc.tuple(trees, fc.double({ min: 0.01, max: 5, noNaN: true })), ([g, limit]) => {
    const length = ({ W, b }: typeof g): number => Math.hypot(norm(W), norm(b))
    const clip = clipByGlobalNorm(limit)
    const [once] = clip.update(g, {}, g)
    const [byValue] = clipByValue(limit).update(g, {}, g)
    return (
      length(once) <= limit * (1 + 1e-12) &&
      closeTrees(clip.update(once, {}, g)[0], once, 2e-4) &&
      toArray(byValue.W).every((x, i) => x === Math.min(Math.max(toArray(g.W)[i] as number, -limit), limit))
    )
  })
})
