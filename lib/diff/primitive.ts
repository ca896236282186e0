import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { innermost, nextId, outside } from './boxed.ts'
import type { Diff } from './diff.ts'
import { type Batching, callMapped, Mapped } from './mapped.ts'
import { type Call, type Thunk, Traced, traced } from './trace.ts'

/** Any function from tensors, and options, to a tensor. */
type TensorFunction = (...args: never[]) => AnyTensor

/**
 * The derivative of a primitive: from its value and arguments to its pullback, a thunk for each argument with a
 * cotangent.
 */
export type Rule<F extends TensorFunction> = (
  value: ReturnType<F>,
  ...args: Parameters<F>
) => (cotangent: Tensor) => readonly (Thunk | null)[]

/** The value, and a pullback that computes only the cotangents that are asked for. */
type Pull<F extends TensorFunction> = (
  ...args: Parameters<F>
) => readonly [ReturnType<F>, (cotangent: Tensor) => readonly (Thunk | null)[]]

/** An operation: a function on tensors (plain, traced or mapped) that can also return its value with its pullback. */
export type Operation<F extends TensorFunction> = F & {
  readonly operation: string
  readonly pull: Pull<F>
  readonly diff: Diff<Parameters<F>, ReturnType<F>>
}

/**
 * Defines an operation by a kernel and a pullback. The kernel gets plain tensors only. The pullback is written with
 * operations, so it can be differentiated in turn: that is all it takes for higher derivatives. Arguments that are not
 * tensors are options and have no cotangent.
 *
 * Called with traced tensors, an operation strips the innermost trace, computes, and records the call there. Called
 * with mapped ones (`vmap`) on the innermost level, it works on all examples at once if it has a `batching` rule, else
 * on one after the other.
 */
export const primitive = <F extends TensorFunction>(
  name: string,
  kernel: (...args: Parameters<F>) => AnyTensor,
  rule: Rule<F>,
  batching?: Batching<Parameters<F>>,
): Operation<F> => {
  type Args = Parameters<F>
  const call = (...args: Args): AnyTensor => {
    const box = innermost(args)
    if (box === undefined) return kernel(...args)
    if (box instanceof Mapped) return callMapped(box.mapping, args, call, batching)
    const { level } = box
    const inner = args.map((a) => outside(level, a)) as Args
    const [value, back] = pull(...inner)
    const node: Call = {
      id: nextId(),
      name,
      parents: args.map((a) => traced(level, a)),
      outputs: [value],
      pullback: (cotangents) => back(cotangents[0] as Tensor),
    }
    return new Traced(level, node, 0) as unknown as AnyTensor
  }
  const pull = (...args: Args) => {
    const value = call(...args) as ReturnType<F>
    return [value, rule(value, ...args)] as const
  }
  return withPull(name, call as unknown as F, pull)
}

/** Attaches a pull to a function, which makes it an operation. */
const withPull = <F extends TensorFunction>(name: string, call: F, pull: Pull<F>): Operation<F> => {
  const diff = (args: Parameters<F>) => {
    const [value, back] = pull(...args)
    return [
      value,
      (d: Tensor) => {
        const thunks = back(d)
        return args.map((a, i) => thunks[i]?.() ?? a) as Parameters<F> // options keep their slots
      },
    ] as const
  }
  return Object.assign(call, { operation: name, pull, diff })
}

/**
 * Defines an operation by others: the pull composes their values and pullbacks. Called with traced tensors it records
 * the calls of its parts, so their rules hold for it too.
 */
export const composite = <F extends TensorFunction>(name: string, pull: Pull<F>): Operation<F> =>
  withPull(name, ((...args: Parameters<F>) => pull(...args)[0]) as unknown as F, pull)

/** The results of a kernel: a tensor, or a tuple of tensors. */
type Results<R> = R extends AnyTensor ? AnyTensor : { readonly [I in keyof R]: AnyTensor }

/**
 * A function to a tensor or a tuple of tensors that is *defined* by a composite of operations and computed by a kernel
 * where no argument is traced or mapped. Derivatives come from the composite. A spec for each checks that both agree.
 */
export const fused =
  <A extends readonly unknown[], R>(
    composite: (...args: A) => R,
    kernel: (...args: NoInfer<A>) => Results<NoInfer<R>>,
  ): ((...args: A) => R) =>
  (...args) =>
    innermost(args) === undefined ? (kernel(...args) as R) : composite(...args)
