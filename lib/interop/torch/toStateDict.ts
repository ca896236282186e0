import { checkOptions } from '../../error/options.ts'
import { StructureError } from '../../error/tensorError.ts'
import { checkLayer } from '../../layer/checkLayer.ts'
import { checkVariables } from '../../layer/checkVariables.ts'
import type { Layer } from '../../layer/layer.ts'
import type { Variables } from '../../layer/variables.ts'
import { concat } from '../../op/shape/concat.ts'
import { zeros } from '../../tensor/create.ts'
import { eachOnce } from '../../tree/name.ts'
import type { AnyTensor, Tensor } from '../../type/tensor.ts'
import { tensorAt } from '../places.ts'
import { type FlattenedOption, modulesOf } from './module.ts'
import { joinedName, type NameMap, renamingOf } from './names.ts'

/** The tensor of one variable, or of several whose rows are one below the other there. */
const joined = (parts: readonly AnyTensor[]): AnyTensor =>
  parts.length === 1 ? (parts[0] as AnyTensor) : (concat(parts as readonly Tensor[]) as AnyTensor)

/**
 * The variables of a layer as PyTorch's `load_state_dict` takes them, the inverse of `fromStateDict`: names and layouts of
 * its modules, `num_batches_tracked` too, and a tied parameter under each of its names. Write them by `encodeSafetensors`
 * or `encodeNpz`. The `map` gives other names, and leaves out what it calls undefined, such as the bias of a module
 * without one. Two tensors of one name, and a linear layer of which the network does not tell whether it takes an image
 * flattened, are a `StructureError`.
 *
 * @example
 * import { conv2d, init, key, named } from 'pullback'
 * import { toStateDict } from 'pullback/interop'
 * const layer = named('conv', conv2d(3, 8, { kernel: 5 }))
 * const tensors = toStateDict(layer, init(layer, key(0)))
 * Object.keys(tensors) // => ['conv.weight', 'conv.bias']
 * tensors['conv.weight']?.shape // => [8, 3, 5, 5]
 */
export const toStateDict = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
  variables: Variables<P, S>,
  map?: NameMap,
  options: { readonly flattened?: FlattenedOption | undefined } = {},
): { readonly [name: string]: AnyTensor } => {
  const op = 'toStateDict'
  checkLayer(op, layer)
  checkOptions(op, options, ['flattened'])
  checkVariables(layer, variables)
  const modules = modulesOf(op, layer, options.flattened)
  const unsure = modules.find(({ isUnsure }) => isUnsure)
  if (unsure !== undefined)
    throw new StructureError({
      op,
      expected: `to know whether '${unsure.name}' takes an image flattened`,
      actual: 'a network that does not tell',
      remedy: `say flattened: { '${unsure.name}': channels }, 1 if it does not`,
    })
  const all = modules.flatMap(({ name, wanted, besides }) => [
    ...[...new Set(wanted.map(({ name: own }) => own))].map((own) => ({
      name: joinedName(name, own),
      make: () =>
        joined(
          wanted
            .filter((other) => other.name === own)
            .map(({ turn, variable }) => turn.to(tensorAt(variables, variable.place))),
        ),
    })),
    ...besides.map((own) => ({ name: joinedName(name, own), make: () => zeros([], 'int32') as AnyTensor })),
  ])
  const renaming = renamingOf(
    op,
    map,
    all.map(({ name }) => name),
  )
  const named = all.flatMap(({ name, make }) => {
    const renamed = renaming(name)
    const to = renamed === undefined ? name : renamed.to
    return to === undefined ? [] : [[to, make] as const]
  })
  const makers = eachOnce(op, named, 'wrap layers of one chain in named(…), or give the names in a map')
  return Object.fromEntries([...makers].map(([name, make]) => [name, make()]))
}
