import { within } from '../error/tensorError.ts'
import { zeros } from '../tensor/create.ts'
import { isTensor } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { Boxed } from './boxed.ts'

/** One call of `vmap`: the number of examples, and operations on the axis of examples in front. */
export interface Mapping {
  readonly level: number
  readonly size: number
  /** One example from a tensor of all. */
  readonly example: (x: AnyTensor, i: number) => AnyTensor
  /** One tensor from all examples, of which there is at least one. */
  readonly stack: (xs: readonly AnyTensor[]) => AnyTensor
  /** Repeats a tensor that is the same for all examples. */
  readonly repeat: (x: AnyTensor) => AnyTensor
  /** The sum over the examples. */
  readonly sum: (x: AnyTensor) => AnyTensor
}

/** One example as seen by a function that is being mapped; it holds all of them, along an axis in front. */
export class Mapped extends Boxed {
  readonly boxed = 'mapped'
  readonly mapping: Mapping

  constructor(mapping: Mapping, all: AnyTensor) {
    super(mapping.level, all, all.shape.slice(1))
    this.mapping = mapping
  }
}

/** A tensor of all examples, boxed as the mapped function sees it. */
export const mapped = (mapping: Mapping, all: AnyTensor): AnyTensor => new Mapped(mapping, all) as unknown as AnyTensor

const isOn = ({ level }: Mapping, a: unknown): a is Mapped => a instanceof Mapped && a.level === level

/** All examples of a result of a mapped function; a result that is the same for all is repeated. */
export const allOf = (mapping: Mapping, a: AnyTensor): AnyTensor => (isOn(mapping, a) ? a.primal : mapping.repeat(a))

type Args = readonly unknown[]

/** The arguments of an operation within `vmap`. */
export interface Batched<A extends Args> {
  readonly call: (...args: A) => AnyTensor
  readonly size: number
  /** The arguments as the function sees them: one example. */
  readonly args: A
  /** True for the arguments that differ between examples. */
  readonly mapped: readonly boolean[]
  /** The arguments that differ, with the axis of examples in front; the others unchanged. */
  readonly outer: A
  /** All tensors with the axis of examples in front. Those that are the same for all are repeated without a copy. */
  readonly all: A
}

/**
 * How an operation works on all examples at once. It returns all results, with the axis of examples in front; or a
 * mapped result, if it is written with operations on `args`.
 */
export type Batching<A extends Args> = (batched: Batched<A>) => AnyTensor

/** Batching of operations that accept further axes in front: entry by entry, or along the last axes. */
export const leading = <A extends Args>({ call, all }: Batched<A>): AnyTensor => call(...all)

const batch = <A extends Args>(mapping: Mapping, args: A, call: (...args: A) => AnyTensor): Batched<A> => ({
  call,
  size: mapping.size,
  args,
  mapped: args.map((a) => isOn(mapping, a)),
  outer: args.map((a) => (isOn(mapping, a) ? a.primal : a)) as Args as A,
  get all() {
    return args.map((a) => (isTensor(a) ? allOf(mapping, a) : a)) as Args as A
  },
})

/** Example by example. With no examples, the shape is that of the result for zeros. */
const oneByOne = <A extends Args>(mapping: Mapping, args: A, call: (...args: A) => AnyTensor): AnyTensor => {
  const { size, example, stack } = mapping
  const at = (pick: (a: Mapped) => AnyTensor): AnyTensor =>
    call(...(args.map((a) => (isOn(mapping, a) ? pick(a) : a)) as Args as A))
  if (size > 0) return stack(Array.from({ length: size }, (_, i) => at((a) => example(a.primal, i))))
  const { shape, dtype } = at((a) => zeros(a.shape, a.dtype))
  return zeros([0, ...shape], dtype)
}

/**
 * Calls an operation on mapped arguments: on all examples at once if it has a batching rule, else on one after the
 * other.
 */
export const callMapped = <A extends Args>(
  mapping: Mapping,
  args: A,
  call: (...args: A) => AnyTensor,
  batching: Batching<A> | undefined,
): AnyTensor =>
  within(`vmap over ${mapping.size} examples`, () => {
    const result = batching === undefined ? oneByOne(mapping, args, call) : batching(batch(mapping, args, call))
    return isOn(mapping, result) ? result : mapped(mapping, result)
  }) as AnyTensor
