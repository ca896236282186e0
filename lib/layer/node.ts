import { liftThunks } from '../diff/lift.ts'
import type { Thunk } from '../diff/trace.ts'
import { checkCotangent } from '../tree/checkCotangent.ts'
import { leaves, type Tree } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { type AnyLayer, type Context, lazy } from './layer.ts'
import type { Loose, LooseApply } from './records.ts'

type Given = { readonly params: Tree; readonly x: Tree }

/** Runs a layer as one call of a trace, with the layer's own pullback. The value may be traced; the state is not. */
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
  const run = (given: Given): readonly [Tree, (dy: Tree) => readonly Thunk[]] => {
    const step = apply(given.params, state, context, given.x)
    after = step.state
    const pullback = (dy: Tree): readonly Thunk[] => {
      const cotangents = step.pullback(dy)
      const part = (of: Tree, found: () => Tree): readonly Thunk[] => {
        const all = lazy(() => {
          const ds = found()
          checkCotangent(`pullback of ${name}`, of, ds)
          return leaves(ds)
        })
        return leaves(of).map((_, i) => () => all()[i] as AnyTensor)
      }
      return [...part(given.params, cotangents.params), ...part(given.x, cotangents.input)]
    }
    return [step.value, pullback]
  }
  const value = liftThunks(run, name)({ params, x })
  return { value, state: after }
}
