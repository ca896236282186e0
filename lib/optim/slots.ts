import { StructureError } from '../error/tensorError.ts'
import { slotIn } from '../kernel/slot.ts'
import { zeros } from '../tensor/create.ts'
import { describe, sameDType } from '../tensor/data.ts'
import { checkSame } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import { zerosOf } from '../transform/vjp.ts'
import { mapTree, type Tree, zipMany } from '../tree/tree.ts'
import type { AnyTensor, DType, Shape, SomeTensor, Tensor } from '../type/tensor.ts'
import { checkState, following } from './check.ts'
import { type StateFn, type Transformation, withApply } from './transformation.ts'

/** The number of updates so far, and the tensors kept for each parameter tensor, by name. */
export type Slots<K extends string, P> = { readonly count: number } & { readonly [k in K]: P }
export interface WithSlots<K extends string> extends StateFn {
  readonly state: Slots<K, this['params']>
}

/** Trees with the names and the number formats of the parameters, whose tensors have shapes of their own. */
type Reshaped<P> = P extends SomeTensor & { readonly dtype: infer D extends DType }
  ? Tensor<Shape, D>
  : { readonly [K in keyof P]: Reshaped<P[K]> }
/** `WithSlots` for tensors that need not have the shapes of the parameters. */
export interface WithReshaped<K extends string> extends StateFn {
  readonly state: Slots<K, Reshaped<NoInfer<this['params']>>>
}

/** The tensors kept for one parameter tensor, in the order of the names. */
type Kept<Ks extends readonly string[]> = { readonly [I in keyof Ks]: Tensor }

/** Maps a gradient and the tensors kept for it to the update and the tensors to keep. */
export type SlotStep<Ks extends readonly string[]> = (
  gradient: Tensor,
  ...kept: Kept<Ks>
) => readonly [update: Tensor, ...kept: Kept<Ks>]

/** How the tensors that are kept for a parameter tensor begin: as zeros of its shape, unless it says otherwise. */
interface Beginning {
  readonly begin?: (<P extends Tree>(params: P) => P) | undefined
  /** The shapes of what is kept for a tensor, in the order of the names. */
  readonly shapes?: ((shape: Shape) => readonly Shape[]) | undefined
}

/**
 * `bySlots` for a step that takes numbers made of the count, by functions of `onHost`: a program repeats them at each
 * run.
 */
export const byNumbers = <const Ks extends readonly string[], N>(
  op: string,
  names: Ks,
  numbers: (count: number) => N,
  step: (numbers: N) => SlotStep<Ks>,
  { begin = zerosOf, shapes }: Beginning = {},
): Transformation<WithSlots<Ks[number]>> => {
  type K = Ks[number]
  const apart = names.every((name, i) => name !== '' && name !== 'count' && names.indexOf(name) === i)
  if (!apart)
    throw new StructureError({
      op,
      expected: "names of its state that differ, none of them '' or 'count'",
      actual: names.map((name) => `'${name}'`).join(', '),
      code: 'bad-name',
    })
  const slots = <P>(count: number, kept: readonly P[]): Slots<K, P> =>
    ({ count, ...Object.fromEntries(names.map((name, i) => [name, kept[i]])) }) as Slots<K, P>
  const t: Transformation<WithSlots<K>> = {
    init: <P extends Tree>(params: P) =>
      slots(
        0,
        names.map((_, i) =>
          shapes === undefined ? begin(params) : mapTree(params, (p) => zeros(shapes(p.shape)[i] as Shape, p.dtype)),
        ),
      ),
    update: <P extends Tree>(updates: P, state: Slots<K, P>) => {
      checkState(op, state, ['count', ...names])
      const count = following(state.count)
      const onTensors = step(numbers(count))
      const [update, ...kept] = zipMany<P>(
        op,
        [updates, ...names.map((name: K) => state[name])],
        names.length + 1,
        (...tensors) => {
          const [g, ...own] = tensors as readonly AnyTensor[] as readonly [Tensor, ...Tensor[]]
          const expected = shapes?.(g.shape)
          for (const [i, t] of own.entries()) {
            sameDType(op, g, t)
            checkSame(op, { shape: expected?.[i] ?? g.shape }, t)
          }
          const made: readonly AnyTensor[] = onTensors(g, ...(own as unknown as Kept<Ks>))
          if (Array.isArray(made) && made.length === tensors.length && made.every(isTensor)) return made
          throw new StructureError({
            op,
            expected: `a step that gives the update and what to keep, [${['update', ...names].join(', ')}]`,
            actual: describe(made),
          })
        },
      )
      return [update as P, slots(count, kept)]
    },
  }
  return withApply(t, undefined)
}

/** The count as a number. Such a step may calculate with it as it likes, so it cannot be recorded. */
const asNumber =
  (op: string) =>
  (count: number): number => {
    slotIn(count)?.tape.refuse(`the step of '${op}' takes the count: let scaleBySchedule make numbers of it`)
    return count
  }

/**
 * A custom transformation that works on each tensor separately and keeps tensors of the same shape for it, which start
 * as zeros. `step` takes the number of the update, counted from 1, and returns a function, made of operations, from a
 * gradient and the tensors kept for it to the update and the tensors to keep. The names are those of the state, beside
 * `count`; `op` is the name used in errors. A state with other names, shapes or number formats is an error.
 *
 * @example
 * import { bySlots, chain, fromNested, op, scale, toNested } from 'pullback'
 * const mean = bySlots('mean', ['sum'], (count) => (g, sum) => {
 *   const total = op.add(sum, g)
 *   return [op.scale(total, 1 / count), total]
 * })
 * const t = chain(mean, scale(-1)) // descends along the mean of all gradients so far
 * const [g, h] = [{ b: fromNested([2]) }, { b: fromNested([4]) }]
 * const [, state] = t.update(g, t.init(g), g)
 * toNested(t.update(h, state, g)[0].b) // => [-3]
 */
export const bySlots = <const Ks extends readonly string[]>(
  op: string,
  names: Ks,
  step: (count: number) => SlotStep<Ks>,
  begin: <P extends Tree>(params: P) => P = zerosOf,
): Transformation<WithSlots<Ks[number]>> =>
  step.length === 0
    ? byNumbers(op, names, () => undefined, step as () => SlotStep<Ks>, { begin })
    : byNumbers(op, names, asNumber(op), step, { begin })
