import { unboxed } from '../diff/boxed.ts'
import { ValueError } from '../error/tensorError.ts'
import { hardtanh } from '../op/activation/hardtanh.ts'
import { abs } from '../op/elementwise/abs.ts'
import { cast } from '../op/elementwise/cast.ts'
import { scale } from '../op/elementwise/scale.ts'
import { max } from '../op/reduce/max.ts'
import { sum } from '../op/reduce/sum.ts'
import { packed } from '../tensor/pack.ts'
import { checkPositive } from '../tensor/range.ts'
import { indexOf, showShape } from '../tensor/shape.ts'
import { item } from '../tensor/to.ts'
import { raw } from '../tensor/view.ts'
import { entries, mapTree, type Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import { checkState } from './check.ts'
import { square } from './entrywise.ts'
import type { Stateless, Transformation } from './transformation.ts'

const root = (x: Tensor): number => Math.sqrt(item(sum(square(x))))

/** The Euclidean norm in float64. Where squares overflow, it is computed in units of the largest entry. */
export const norm = (x: Tensor): number => {
  const y = cast(x, 'float64') as Tensor
  const found = root(y)
  if (found !== Number.POSITIVE_INFINITY) return found
  const largest = item(max(abs(y)))
  return largest === Number.POSITIVE_INFINITY ? largest : largest * root(scale(y, 1 / largest))
}

/** The norm of a whole from the norms of its parts. */
const together = (norms: readonly number[]): number => {
  const largest = norms.reduce((a, b) => Math.max(a, b), 0)
  if (largest === 0) return 0
  return largest * Math.sqrt(norms.reduce((s, n) => s + (n / largest) * (n / largest), 0))
}

/** Throws the error for gradients that cannot be clipped; it names the first bad entry. */
const refuse = (op: string, updates: Tree, bad: (x: number) => boolean): never => {
  for (const [path, t] of entries(updates, op)) {
    const numbers = packed(raw(unboxed(t)))
    const at = numbers.findIndex(bad)
    if (at >= 0)
      throw new ValueError({
        op,
        expected: 'gradients that are numbers',
        actual: `${numbers[at]} at index ${showShape(indexOf(at, t.shape))}`,
        path,
      })
  }
  throw new ValueError({ op, expected: 'gradients with a norm', actual: 'too large ones' })
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
 * Clips each entry to the range from −limit to limit. NaN is a `ValueError` that names its position. Like all clipping
 * it reads the numbers, so it cannot be differentiated through.
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
      if (t.size > 0 && Number.isNaN(item(max(t as Tensor)))) refuse('clipByValue', t, Number.isNaN)
      return hardtanh(t as Tensor, -limit, limit)
    }),
  )
}

const shorten = (t: Tensor, length: number, limit: number): Tensor => {
  const factor = limit / (length + 1e-6)
  return factor < 1 ? scale(t, factor) : t
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
      const length = norm(t as Tensor)
      return Number.isFinite(length) ? shorten(t as Tensor, length, limit) : refuse('clipByNorm', t, infinite)
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
    const length = together(entries(updates, 'clipByGlobalNorm').map(([, t]) => norm(t as Tensor)))
    if (!Number.isFinite(length)) refuse('clipByGlobalNorm', updates, infinite)
    return mapTree(updates, (t) => shorten(t as Tensor, length, limit))
  })
}
