import { checkLayer } from '../layer/checkLayer.ts'
import type { AnyLayer, Context, Layer } from '../layer/layer.ts'
import type { LooseApply } from '../layer/records.ts'
import { declarations } from '../layer/variables.ts'
import { wrapper } from '../layer/wrapper.ts'

const evaluation: Context = { mode: 'eval' }

/**
 * A layer that runs as in evaluation, even during training: dropout in it drops nothing, and batch normalization uses
 * the running mean and variance and leaves them unchanged. Its parameters are still trained; use `freeze` to stop that.
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

/** Says if a parameter, given by its dotted name, is frozen; undefined if an inner `freeze` has taken it already. */
export type IsFrozen = (path: string) => boolean | undefined

/** The same predicate for the parameters of a part, by their names there. */
const within = (layer: AnyLayer, name: string, isFrozen: IsFrozen): IsFrozen => {
  const kept = layer.structure?.kept ?? ((path) => path)
  return (path) => {
    const at = kept(name === '' ? path : `${name}.${path}`)
    return at === undefined ? undefined : isFrozen(at)
  }
}

/** True if all parameters of the innermost parts of a layer are frozen; undefined if there are no parameters. */
const isFrozenThroughout = (layer: AnyLayer, isFrozen: IsFrozen): boolean | undefined => {
  const found =
    layer.structure === undefined
      ? declarations(layer.params)
          .map(([path]) => isFrozen(path))
          .filter((frozen) => frozen !== undefined)
      : layer.structure.parts
          .map(({ name, layer: part }) => isFrozenThroughout(part, within(layer, name, isFrozen)))
          .filter((frozen) => frozen !== undefined)
  return found.length === 0 ? undefined : found.every((frozen) => frozen)
}

/** A layer in which each part runs as in evaluation if it has parameters and all of them are frozen. */
export const evaluatedWhere = (layer: AnyLayer, isFrozen: IsFrozen): AnyLayer => {
  if (isFrozenThroughout(layer, isFrozen)) return evaluated(layer)
  const { structure } = layer
  if (structure === undefined) return layer
  const parts = structure.parts.map(({ name, layer: part }) => evaluatedWhere(part, within(layer, name, isFrozen)))
  return parts.every((part, i) => part === structure.parts[i]?.layer) ? layer : structure.rebuild(parts)
}
