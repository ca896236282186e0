import { ShapeError, StructureError, ValueError } from '../error/tensorError.ts'
import { any, type Empty, type Layer, none } from '../layer/layer.ts'
import { stateless } from '../layer/stateless.ts'
import { concat } from '../op/shape/concat.ts'
import { slice } from '../op/shape/slice.ts'
import { describe } from '../tensor/data.ts'
import { checkRank, showShape } from '../tensor/shape.ts'
import { checkName } from '../tree/name.ts'
import { isBranch } from '../tree/tree.ts'
import type { Add } from '../type/nat.ts'
import type { Any, Fn, Keys, ShowPort } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'

type Sizes = { readonly [name: string]: number }
type Total<Z extends Sizes, Ks, N extends number = 0> = Ks extends readonly [infer K extends keyof Z, ...infer R]
  ? Total<Z, R, Add<N, Z[K]>>
  : N
/** The parts of the last axis, by their sizes. */
export interface Parts<Z extends Sizes> extends Fn {
  readonly out: this['in'] extends readonly [...infer L extends Shape, infer N extends number]
    ? number extends N | Total<Z, Keys<Z>>
      ? { readonly [K in keyof Z]: readonly [...L, Z[K]] }
      : N extends Total<Z, Keys<Z>>
        ? { readonly [K in keyof Z]: readonly [...L, Z[K]] }
        : `splits a last size of ${Total<Z, Keys<Z>>}, but the layer before gives ${ShowPort<this['in']>}`
    : this['in'] extends Any | Shape
      ? { readonly [K in keyof Z]: Shape }
      : `takes one tensor, but the layer before gives ${ShowPort<this['in']>}`
}

type Record = { readonly [name: string]: Tensor }

/**
 * Splits the last axis into named parts. It is the inverse of `concat`, so the parts lie in the order of their names.
 * Their sizes must add up to that of the axis.
 *
 * @example
 * import { fromNested, init, key, predict, show, split } from 'pullback'
 * const halves = split({ mean: 2, scale: 1 })
 * predict(halves, init(halves, key(0)), fromNested([[1, 2, 3]])).mean.shape // => [1, 2]
 */
export const split = <const Z extends Sizes>(sizes: Z): Layer<Any, Parts<Z>> => {
  const given: unknown = sizes
  if (!isBranch(given) || Array.isArray(given) || Object.keys(given).length === 0)
    throw new StructureError({
      op: 'split',
      expected: 'sizes by name, as in { a: 2, b: 3 }',
      actual: isBranch(given) && !Array.isArray(given) ? 'none' : describe(given),
    })
  const names = Object.keys(sizes).sort()
  for (const name of names) checkName('split', name)
  const wrong = names.find((name) => !Number.isInteger(sizes[name]) || (sizes[name] as number) < 0)
  if (wrong !== undefined)
    throw new ValueError({ op: 'split', expected: `a size for '${wrong}'`, actual: describe(sizes[wrong]) })
  const ends = names.map((_, i) => names.slice(0, i + 1).reduce((n, name) => n + (sizes[name] as number), 0))
  const total = ends[ends.length - 1] as number
  return stateless<Any, Parts<Z>, Empty, Tensor, Record>('split', any, none, (_, x) => {
    checkRank('split', x, 1)
    if (x.shape[x.shape.length - 1] !== total)
      throw new ShapeError({ op: 'split', expected: `a last size of ${total}`, actual: showShape(x.shape) })
    const leading = x.shape.slice(1).map(() => null)
    const parts = names.map((name, i) => [name, slice(x, [...leading, [ends[i - 1] ?? 0, ends[i] as number]])])
    return [
      Object.fromEntries(parts) as Record,
      (dy) => ({
        params: () => none,
        input: () =>
          concat(
            names.map((name) => dy[name] as Tensor),
            -1,
          ) as Tensor,
      }),
    ]
  })
}
