import { StructureError } from '../error/tensorError.ts'
import { any, type Layer, none } from '../layer/layer.ts'
import { stateless } from '../layer/stateless.ts'
import { add } from '../op/elementwise/add.ts'
import { mul } from '../op/elementwise/mul.ts'
import { concat as concatOperation } from '../op/shape/concat.ts'
import { describe } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'
import { vjp } from '../transform/vjp.ts'
import { isBranch } from '../tree/tree.ts'
import type { Add } from '../type/nat.ts'
import type { Any, Fits, Fn, Keys, Known, ShowPort } from '../type/port.ts'
import type { FitsShape, Meet } from '../type/shape.ts'
import type { Shape, Tensor } from '../type/tensor.ts'

type Refused<What extends string, X> = `takes ${What}, but the layer before gives ${ShowPort<X>}`

type Agreed<X, Ks, S = Any> = Ks extends readonly [infer K extends keyof X, ...infer R]
  ? X[K] extends infer P extends Shape | Any
    ? Fits<P, S> extends true
      ? Agreed<X, R, Known<S, P>>
      : Refused<'tensors of one shape', X>
    : Refused<'tensors of one shape', X>
  : S
/** The common shape of all tensors of a record. */
export interface Common extends Fn {
  readonly out: this['in'] extends Any
    ? Shape
    : this['in'] extends readonly unknown[]
      ? Refused<'a record of tensors', this['in']>
      : Agreed<this['in'], Keys<this['in']>>
}

type Longer<A, B> = A extends readonly [...infer L extends Shape, infer M extends number]
  ? B extends readonly [...infer K extends Shape, infer N extends number]
    ? FitsShape<L, K> extends true
      ? readonly [...Meet<L, K>, Add<M, N>]
      : never
    : number extends (B & Shape)['length']
      ? Shape
      : never
  : number extends (A & Shape)['length']
    ? Shape
    : never
type Along<X, Ks, S = null> = Ks extends readonly [infer K extends keyof X, ...infer R]
  ? X[K] extends Any
    ? Shape
    : (S extends null ? X[K] : Longer<S, X[K]>) extends infer T extends Shape
      ? [T] extends [never]
        ? Refused<'tensors that differ in their last size only', X>
        : Along<X, R, T>
      : Refused<'tensors that differ in their last size only', X>
  : S
/** The shape of the tensors of a record concatenated along the last axis. */
export interface Joined extends Fn {
  readonly out: this['in'] extends Any
    ? Shape
    : this['in'] extends readonly unknown[]
      ? Refused<'a record of tensors', this['in']>
      : Along<this['in'], Keys<this['in']>>
}

type Record = { readonly [name: string]: Tensor }

/** A record's tensors, in the order of their names. */
const tensors = (kind: string, x: unknown): readonly Tensor[] => {
  const names = isBranch(x) && !Array.isArray(x) ? Object.keys(x).sort() : []
  const found = names.map((name) => (x as Record)[name] as Tensor)
  if (found.length > 0 && found.every(isTensor)) return found
  throw new StructureError({ op: kind, expected: 'a record of tensors', actual: describe(x) })
}

/** A layer from a record of tensors to one tensor. */
const join = <O>(kind: string, f: (xs: readonly Tensor[]) => Tensor): Layer<Any, O> =>
  stateless<Any, O, Readonly<globalThis.Record<never, never>>, Record>(kind, any, none, (_, x) => {
    const [value, back] = vjp((record: Record) => f(tensors(kind, record)))(x)
    return [value, (dy) => ({ params: () => none, input: () => back(dy) })]
  })

/**
 * out(v₁) + out(v₂) + …, entry by entry, of a record of tensors of one shape. Each of them gets the cotangent.
 *
 * @example
 * import { compose, fromNested, init, input, join, key, predict, toNested } from 'pullback'
 * const both = compose(input({ a: [2], b: [2] }), join.sum)
 * toNested(predict(both, init(both, key(0)), { a: fromNested([[1, 2]]), b: fromNested([[10, 20]]) })) // => [[11, 22]]
 */
export const sum: Layer<Any, Common> = join('sum', (xs) => xs.reduce((a, b) => add(a, b) as Tensor))

/**
 * out(v₁) ⊙ out(v₂) ⊙ …, entry by entry, of a record of tensors of one shape. Each gets the cotangent times all others,
 * which may contain zeros.
 *
 * @example
 * import { compose, fromNested, init, input, join, key, predict, toNested } from 'pullback'
 * const both = compose(input({ a: [2], b: [2] }), join.product)
 * toNested(predict(both, init(both, key(0)), { a: fromNested([[1, 2]]), b: fromNested([[10, 20]]) })) // => [[10, 40]]
 */
export const product: Layer<Any, Common> = join('product', (xs) => xs.reduce((a, b) => mul(a, b) as Tensor))

/**
 * Concatenates the tensors of a record along the last axis (the features of vectors, the channels of images), in the
 * order of their names, however the record was built. All other sizes must be equal. `split` is the inverse.
 *
 * @example
 * import { compose, fromNested, init, input, join, key, predict, toNested } from 'pullback'
 * const both = compose(input({ b: [1], a: [2] }), join.concat)
 * toNested(predict(both, init(both, key(0)), { b: fromNested([[3]]), a: fromNested([[1, 2]]) })) // => [[1, 2, 3]]
 */
export const concat: Layer<Any, Joined> = join('concat', (xs) => concatOperation(xs, -1) as Tensor)
