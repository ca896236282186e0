import { sameDType } from '../tensor/data.ts'
import { checkSame } from '../tensor/shape.ts'
import { zerosOf } from '../transform/vjp.ts'
import { type Tree, zipMany } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { checkState } from './check.ts'
import type { StateFn, Transformation } from './transformation.ts'

/** How many updates there have been, and what is kept for each tensor of the parameters, by name. */
export type Slots<K extends string, P> = { readonly count: number } & { readonly [k in K]: P }
export interface WithSlots<K extends string> extends StateFn {
  readonly state: Slots<K, this['params']>
}

/** From a gradient and what is kept for it to the update and what to keep. */
type SlotStep = (gradient: Tensor, ...kept: Tensor[]) => readonly [update: Tensor, ...kept: Tensor[]]

/**
 * A transformation that works on each tensor by itself and keeps some tensors of the same shape for it, zeros at first. `step` is
 * given the number of the update, from 1.
 */
export const bySlots = <const K extends string>(
  op: string,
  names: readonly K[],
  step: (count: number) => SlotStep,
  begin: <P extends Tree>(params: P) => P = zerosOf,
): Transformation<WithSlots<K>> => {
  const slots = <P>(count: number, kept: readonly P[]): Slots<K, P> =>
    ({ count, ...Object.fromEntries(names.map((name, i) => [name, kept[i]])) }) as Slots<K, P>
  return {
    init: <P extends Tree>(params: P) =>
      slots(
        0,
        names.map(() => begin(params)),
      ),
    update: <P extends Tree>(updates: P, state: Slots<K, P>) => {
      checkState(op, state, ['count', ...names])
      const count = state.count + 1
      const onTensors = step(count)
      const [update, ...kept] = zipMany<P>(
        op,
        [updates, ...names.map((name) => state[name])],
        names.length + 1,
        (...tensors) => {
          const [g, ...own] = tensors as readonly AnyTensor[] as readonly [Tensor, ...Tensor[]]
          for (const t of own) {
            sameDType(op, g, t)
            checkSame(op, g, t)
          }
          return onTensors(g, ...own)
        },
      )
      return [update as P, slots(count, kept)]
    },
  }
}
