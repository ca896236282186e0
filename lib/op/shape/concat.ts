import { type Operation, primitive } from '../../diff/primitive.ts'
import { ShapeError, StructureError } from '../../error/tensorError.ts'
import { engine } from '../../kernel/current.ts'
import { describe, sameDType } from '../../tensor/data.ts'
import { axisOf, showShape } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Axis, Resized } from '../../type/shape.ts'
import type { AnyTensor, Tensor } from '../../type/tensor.ts'
import { slice } from './slice.ts'

type Join = (axis: number, ...xs: readonly AnyTensor[]) => AnyTensor

const join: Operation<Join> = /* @__PURE__ */ primitive<Join>(
  'concat',
  (axis, ...xs) => {
    const first = xs[0] as AnyTensor
    for (const x of xs) {
      sameDType('concat', first, x)
      if (x.shape.length !== first.shape.length || x.shape.some((n, i) => i !== axis && n !== first.shape[i]))
        throw new ShapeError({
          op: 'concat',
          expected: `${showShape(first.shape.map((n, i) => (i === axis ? '?' : n)))}, as the first has`,
          actual: showShape(x.shape),
        })
    }
    const total = xs.reduce((n, x) => n + (x.shape[axis] as number), 0)
    const shape = first.shape.map((n, i) => (i === axis ? total : n))
    return fresh(shape, engine().concat(xs.map(raw), axis))
  },
  (_, axis, ...xs) =>
    function concatPullback(d) {
      let start = 0
      const parts = xs.map((x) => {
        const from = start
        start += x.shape[axis] as number
        return () => slice(d, [...Array.from({ length: axis }, () => null), [from, from + (x.shape[axis] as number)]])
      })
      return [null, ...parts]
    },
  ({ all: [axis, ...xs] }) => join(axis + 1, ...xs),
)

const many = 1000 // a call takes at least this many arguments in every engine

const joinAll = (axis: number, xs: readonly AnyTensor[]): AnyTensor => {
  if (xs.length <= many) return join(axis, ...xs)
  const parts = Array.from({ length: Math.ceil(xs.length / many) }, (_, i) =>
    join(axis, ...xs.slice(i * many, (i + 1) * many)),
  )
  return joinAll(axis, parts)
}

/**
 * Joins tensors along an axis, the first if none is given. Their other sizes must be equal. An empty array is a
 * `ShapeError`.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * toNested(op.concat([fromNested([1, 2]), fromNested([3])])) // => [1, 2, 3]
 */
export const concat = <T extends AnyTensor>(
  xs: readonly T[],
  axis?: Axis<T['shape']>,
): Tensor<Resized<T['shape']>, T['dtype']> => {
  if (!Array.isArray(xs))
    throw new StructureError({
      op: 'concat',
      expected: 'an array of tensors',
      actual: describe(xs),
      remedy: 'write [a, b]',
    })
  if (xs.length === 0)
    throw new ShapeError({ op: 'concat', expected: 'at least one tensor', actual: 'none', code: 'wrong-argument' })
  return joinAll(axisOf('concat', xs[0], axis ?? 0), xs) as Tensor<Resized<T['shape']>, T['dtype']>
}
