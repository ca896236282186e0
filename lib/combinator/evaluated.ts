import { checkLayer } from '../layer/checkLayer.ts'
import type { AnyLayer, Context, Layer } from '../layer/layer.ts'
import type { LooseApply } from '../layer/records.ts'
import { declarations } from '../layer/variables.ts'
import { wrapper } from '../layer/wrapper.ts'

const evaluation: Context = { mode: 'eval' }

/**
 * A layer that runs as in evaluation, in training too: dropout in it drops nothing, batch normalisation takes the running mean and
 * variance and leaves them as they are. Its parameters are trained all the same; `freeze` is for those.
 *
 * @example
 * import { apply, batchNorm, evaluated, fromNested, init, key, toNested } from 'pullback'
 * const layer = evaluated(batchNorm(1, { epsilon: 0 }))
 * const { value, state } = apply(layer, init(layer, key(0)), { mode: 'train', key: key(1) }, fromNested([[5], [7]]))
 * toNested(value) // => [[5], [7]]
 * toNested(state.mean) // => [0]
 */
export const evaluated = <I, O, P, S>(layer: Layer<I, O, P, S>): Layer<I, O, P, S> => {
  checkLayer('evaluated', layer)
  const run: LooseApply = layer.apply
  const apply: LooseApply = (params, state, _context, x) => run(params, state, evaluation, x)
  return wrapper('evaluated', layer, apply, (part) => evaluated(part))
}

/** Whether a parameter, by its dotted name, is frozen. */
export type IsFrozen = (path: string) => boolean

/** The same question about the parameters of a part, by their names there. */
const within = (layer: AnyLayer, name: string, isFrozen: IsFrozen): IsFrozen => {
  const kept = layer.structure?.kept ?? ((path) => path)
  return (path) => {
    const at = kept(name === '' ? path : `${name}.${path}`)
    return at === undefined || isFrozen(at)
  }
}

/** Whether all parameters of the innermost parts of a layer are frozen; undefined where there are none. */
const isFrozenThroughout = (layer: AnyLayer, isFrozen: IsFrozen): boolean | undefined => {
  const found =
    layer.structure === undefined
      ? declarations(layer.params).map(([path]) => isFrozen(path))
      : layer.structure.parts
          .map(({ name, layer: part }) => isFrozenThroughout(part, within(layer, name, isFrozen)))
          .filter((frozen) => frozen !== undefined)
  return found.length === 0 ? undefined : found.every((frozen) => frozen)
}

/** A layer whose parts run as in evaluation where they have parameters and all of these are frozen. */
export const evaluatedWhere = (layer: AnyLayer, isFrozen: IsFrozen): AnyLayer => {
  if (isFrozenThroughout(layer, isFrozen)) return evaluated(layer)
  const { structure } = layer
  if (structure === undefined) return layer
  const parts = structure.parts.map(({ name, layer: part }) => evaluatedWhere(part, within(layer, name, isFrozen)))
  return parts.every((part, i) => part === structure.parts[i]?.layer) ? layer : structure.rebuild(parts)
}
