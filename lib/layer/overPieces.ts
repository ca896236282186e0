import { slice } from '../op/shape/slice.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import { leaves, mapTree, rebuild, type Tree } from '../tree/tree.ts'
import type { Tensor } from '../type/tensor.ts'
import { lazy } from './layer.ts'
import type { Loose, LooseApply, LooseStep } from './records.ts'

/** A sequence in pieces: single steps, or blocks of them. */
export interface Pieces {
  readonly count: number
  readonly part: (x: Tree, i: number) => Tree
  readonly join: (parts: readonly Tree[]) => Tree
  readonly run: (i: number) => LooseApply
}

/** A step of each tensor. */
export const at = (x: Tree, t: number): Tree => mapTree(x, (part) => slice(part, [null, t]) as never)

/** Trees of one structure, each tensor joined with those at its place. */
export const joined =
  (join: (xs: readonly Tensor[]) => unknown) =>
  (parts: readonly Tree[]): Tree => {
    const columns = parts.map((part) => leaves(part))
    return rebuild(
      parts[0] as Tree,
      (columns[0] as readonly unknown[]).map((_, i) => join(columns.map((all) => all[i] as Tensor)) as never),
    )
  }

/** Runs the pieces in order, each with the carry of the one before; the backward pass goes through them in reverse. */
export const overPieces =
  ({ count, part, join, run }: Pieces, reverse: boolean): LooseApply =>
  (params, state, context, x) => {
    const order = Array.from({ length: count }, (_, i) => (reverse ? count - 1 - i : i))
    const steps = new Map<number, LooseStep>()
    let [carry, after] = [x.carry, state]
    for (const i of order) {
      const step = run(i)(params, after, context, { input: part(x.input, i), carry })
      steps.set(i, step)
      carry = step.value.carry
      after = step.state
    }
    const inOrder = <A>(f: (i: number) => A): readonly A[] => Array.from({ length: count }, (_, i) => f(i))
    const value = { output: join(inOrder((i) => (steps.get(i) as LooseStep).value.output)), carry }
    const pullback = (dy: Loose) => {
      const all = lazy(() => {
        let dcarry = dy.carry
        let dparams: Tree | undefined
        const dx = new Map<number, Tree>()
        for (const i of order.toReversed()) {
          const found = (steps.get(i) as LooseStep).pullback({ output: part(dy.output, i), carry: dcarry })
          const own = found.params() as Tree
          dparams = dparams === undefined ? own : addTrees(dparams, own)
          const before = found.input()
          dcarry = before.carry
          dx.set(i, before.input)
        }
        return { params: dparams, input: { input: join(inOrder((i) => dx.get(i) as Tree)), carry: dcarry } }
      })
      return { params: () => all().params, input: () => all().input }
    }
    return { value, state: after, pullback }
  }
