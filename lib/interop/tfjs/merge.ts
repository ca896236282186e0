// The layers of Keras that make one tensor of several.
import { brief } from '../../codec/safetensors/header.ts'
import { identity } from '../../combinator/identity.ts'
import { add } from '../../op/elementwise/add.ts'
import { maximum, minimum } from '../../op/elementwise/maximum.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { scale } from '../../op/elementwise/scale.ts'
import { concat } from '../../op/shape/concat.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { field, type KerasLayer } from './config.ts'
import { type Join, type Piece, plain } from './piece.ts'
import { maybe } from './shape.ts'
import { unsupported, wrong } from './wrong.ts'

const merging = (join: Join, gives: Piece['gives']): Piece => ({ ...plain(identity, gives), join })

/** The sizes of two shapes, which are equal as far as they are known. */
const agreed = (a: Shape, b: Shape): Shape => {
  if (a.length === b.length && a.every((n, i) => n === -1 || maybe(b[i], n)))
    return a.map((n, i) => (n === -1 ? (b[i] as number) : n))
  throw unsupported('inputs of one shape', `${showShape(a)} and ${showShape(b)}`)
}

type Binary = (a: Tensor, b: Tensor) => Tensor

const folding =
  (f: unknown, end: (x: Tensor, count: number) => Tensor = (x) => x) =>
  (): Piece =>
    merging(
      (xs) => end(xs.reduce(f as Binary), xs.length),
      (first, ...others) => others.reduce(agreed, first),
    )

export const adding = folding((a: Tensor, b: Tensor) => add(a, b as never))
export const multiplying = folding((a: Tensor, b: Tensor) => mul(a, b as never))
export const averaging = folding(
  (a: Tensor, b: Tensor) => add(a, b as never),
  (sum, count) => scale(sum, 1 / count) as Tensor,
)
export const largest = folding((a: Tensor, b: Tensor) => maximum(a, b as never))
export const smallest = folding((a: Tensor, b: Tensor) => minimum(a, b as never))

/** The inputs one behind the other along an axis, which counts the batch as the first. */
export const concatenating = (layer: KerasLayer): Piece => {
  const axis = field(layer, 'axis') ?? -1
  if (!Number.isSafeInteger(axis) || axis === 0) throw unsupported('an axis other than the batch', brief(axis))
  const along = axis as number
  const gives = (first: Shape, ...others: readonly Shape[]): Shape => {
    const at = along < 0 ? first.length + along : along - 1
    if (!(at in first)) throw wrong('BadShape', `inputs with the axis ${along}`, showShape(first))
    return others.reduce((a, b) => {
      const [sizes, own] = [agreed(a.with(at, -1), b.with(at, -1)), [a[at] as number, b[at] as number]]
      return sizes.with(at, own.includes(-1) ? -1 : (own[0] as number) + (own[1] as number))
    }, first)
  }
  return merging((xs) => concat(xs, along as never) as Tensor, gives)
}
