import { unboxed } from '../diff/boxed.ts'
import { ValueError } from '../error/tensorError.ts'
import { hardtanh } from '../op/activation/hardtanh.ts'
import { cast } from '../op/elementwise/cast.ts'
import { div } from '../op/elementwise/div.ts'
import { maximum, minimum } from '../op/elementwise/maximum.ts'
import { mul } from '../op/elementwise/mul.ts'
import { shift } from '../op/elementwise/scale.ts'
import { sqrt } from '../op/elementwise/sqrt.ts'
import { max } from '../op/reduce/max.ts'
import { norm } from '../op/reduce/norm.ts'
import { broadcast, sum } from '../op/reduce/sum.ts'
import { concat } from '../op/shape/concat.ts'
import { reshape } from '../op/shape/reshape.ts'
import { full, ones, zeros } from '../tensor/create.ts'
import type { Data } from '../tensor/data.ts'
import { inspect } from '../tensor/inspect.ts'
import { checkPositive } from '../tensor/range.ts'
import { indexOf, showShape } from '../tensor/shape.ts'
import { raw } from '../tensor/view.ts'
import { entries, mapTree, type Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import { checkState } from './check.ts'
import { square } from './entrywise.ts'
import type { Stateless, Transformation } from './transformation.ts'

/** The Euclidean norm in float64, without overflow. Squares of numbers in float32 do not overflow there. */
export const normOf = (x: Tensor): Tensor => {
  const y = cast(x, 'float64') as Tensor
  return (x.dtype === 'float32' ? sqrt(sum(square(y)) as Tensor) : norm(y)) as Tensor
}

/** The norm of a whole from the norms of its parts. */
const together = (norms: readonly Tensor[]): Tensor =>
  norm(concat(norms.map((n) => reshape(n, [1])) as unknown as readonly [Tensor]) as Tensor) as Tensor

/** The Euclidean norm of all tensors of a tree together; 0 of none. */
export const normOfAll = (tree: Tree, op: string): Tensor => {
  const all = entries(tree, op)
  return all.length === 0 ? (zeros([], 'float64') as Tensor) : together(all.map(([, t]) => normOf(t as Tensor)))
}

/** Throws the error for gradients that cannot be clipped, which names the first bad entry, if they are bad. */
const refuse = (op: string, updates: Tree, sign: Tensor, bad: (x: number) => boolean): void => {
  const all = entries(updates, op)
  inspect(
    [sign, ...all.map(([, t]) => t)].map((t) => raw(unboxed(t))),
    ([found], ...tensors) => {
      if (found === undefined || !bad(found)) return
      for (const [i, [path, t]] of all.entries()) {
        const numbers = tensors[i] as Data
        const at = numbers.findIndex(bad)
        if (at >= 0)
          throw new ValueError({
            op,
            expected: 'gradients that are numbers',
            actual: `${numbers[at]} at index ${showShape(indexOf(at, t.shape))}`,
            code: 'not-finite',
            path,
          })
      }
      throw new ValueError({ op, expected: 'gradients with a norm', actual: 'too large ones', code: 'not-finite' })
    },
  )
}
const infinite = (x: number): boolean => !Number.isFinite(x)

const stateless = (op: string, update: <P extends Tree>(updates: P) => P): Transformation<Stateless> => ({
  init: () => ({}),
  update: (updates, state) => {
    checkState(op, state, [])
    return [update(updates), state]
  },
})

/**
 * Clips each entry to the range from −limit to limit. NaN is a `ValueError` that names its position.
 *
 * @example
 * import { clipByValue, fromNested, toNested } from 'pullback'
 * const g = { b: fromNested([3, -0.5, -7]) }
 * toNested(clipByValue(1).update(g, {}, g)[0].b) // => [1, -0.5, -1]
 */
export const clipByValue = (limit: number): Transformation<Stateless> => {
  checkPositive('clipByValue', { limit })
  return stateless('clipByValue', (updates) =>
    mapTree(updates, (t) => {
      if (t.size > 0) refuse('clipByValue', t, max(t as Tensor) as Tensor, Number.isNaN)
      return hardtanh(t as Tensor, -limit, limit)
    }),
  )
}

const shortened = (t: Tensor, factor: Tensor): Tensor =>
  mul(t, broadcast(cast(factor, t.dtype) as Tensor, t.shape) as Tensor)

const shorten = (t: Tensor, length: Tensor, limit: number): Tensor => {
  const most = full([], limit, 'float64') as Tensor
  return shortened(t, minimum(ones([], 'float64') as Tensor, div(most, shift(length, 1e-6))))
}

/**
 * Multiplies each tensor by min(1, limit / (norm + 1e-6)), where norm is that tensor's Euclidean norm, computed in
 * float64 without overflow. An entry that is not finite is a `ValueError` that names its position. Equals PyTorch's
 * `clip_grad_norm_` applied to each tensor.
 *
 * @example
 * import { clipByNorm, fromNested, toNested } from 'pullback'
 * const g = { W: fromNested([30, 40]), b: fromNested([0.5]) }
 * const [clipped] = clipByNorm(1).update(g, {}, g)
 * toNested(clipped.W).map((x) => x.toFixed(3)) // => ['0.600', '0.800']
 * toNested(clipped.b) // => [0.5]
 */
export const clipByNorm = (limit: number): Transformation<Stateless> => {
  checkPositive('clipByNorm', { limit })
  return stateless('clipByNorm', (updates) =>
    mapTree(updates, (t) => {
      const length = normOf(t as Tensor)
      refuse('clipByNorm', t, length, infinite)
      return shorten(t as Tensor, length, limit)
    }),
  )
}

/**
 * Multiplies all tensors by min(1, limit / (norm + 1e-6)), where norm is the Euclidean norm of all of them together,
 * computed in float64 without overflow. An entry that is not finite is a `ValueError` that names its position. As
 * PyTorch's `clip_grad_norm_`.
 *
 * @example
 * import { clipByGlobalNorm, fromNested, toNested } from 'pullback'
 * const g = { W: fromNested([3, 4]), b: fromNested([12]) }
 * const [clipped] = clipByGlobalNorm(1).update(g, {}, g)
 * toNested(clipped.W).map((x) => x.toFixed(3)) // => ['0.231', '0.308']
 * toNested(clipped.b).map((x) => x.toFixed(3)) // => ['0.923']
 */
export const clipByGlobalNorm = (limit: number): Transformation<Stateless> => {
  checkPositive('clipByGlobalNorm', { limit })
  return stateless('clipByGlobalNorm', (updates) => {
    const length = normOfAll(updates, 'clipByGlobalNorm')
    refuse('clipByGlobalNorm', updates, length, infinite)
    return mapTree(updates, (t) => shorten(t as Tensor, length, limit))
  })
}

/**
 * Divides each tensor by max(1, RMS / limit), where RMS is the root of its mean square, computed in float64 without
 * overflow: it is at most the limit then. An entry that is not finite is a `ValueError` that names its position.
 * Shazeer and Stern, "Adafactor" (2018).
 *
 * @example
 * import { clipByRms, fromNested, toNested } from 'pullback'
 * const g = { W: fromNested([6, -6]), b: fromNested([0.5]) }
 * const [clipped] = clipByRms(2).update(g, {}, g)
 * toNested(clipped.W) // => [2, -2]
 * toNested(clipped.b) // => [0.5]
 */
export const clipByRms = (limit: number): Transformation<Stateless> => {
  checkPositive('clipByRms', { limit })
  return stateless('clipByRms', (updates) =>
    mapTree(updates, (t) => {
      const length = normOf(t as Tensor)
      refuse('clipByRms', t, length, infinite)
      const most = full([], limit * Math.sqrt(Math.max(1, t.size)), 'float64') as Tensor
      return shortened(t as Tensor, div(most, maximum(most, length)))
    }),
  )
}
