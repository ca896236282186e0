import { lift } from '../diff/lift.ts'
import type { Tree } from '../tree/tree.ts'
import type { AnyLayer, Context } from './layer.ts'
import type { Loose, LooseApply } from './records.ts'

type Given = { readonly params: Tree; readonly x: Tree }

/** A layer's step as one call of a trace, with the layer's own pullback; the value may be traced, the state is not. */
export const node = (
  layer: AnyLayer,
  name: string,
  params: Tree,
  state: Loose,
  context: Context,
  x: Tree,
): { readonly value: Tree; readonly state: Loose } => {
  const apply: LooseApply = layer.apply
  let after = state
  const run = (given: Given): readonly [Tree, (dy: Tree) => Given] => {
    const step = apply(given.params, state, context, given.x)
    after = step.state
    const pullback = (dy: Tree): Given => {
      const cotangents = step.pullback(dy)
      return { params: cotangents.params(), x: cotangents.input() }
    }
    return [step.value, pullback]
  }
  const value = lift(run, name)({ params, x })
  return { value, state: after }
}
