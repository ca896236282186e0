import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import * as T from '#fp/These'
import { checkOptions } from '../../error/options.ts'
import { checkLayer } from '../../layer/checkLayer.ts'
import { checkVariables } from '../../layer/checkVariables.ts'
import type { Layer } from '../../layer/layer.ts'
import { isLeaf, type Variables } from '../../layer/variables.ts'
import type { AnyTensor } from '../../type/tensor.ts'
import { type Place, showPlace, tensorAt } from '../places.ts'
import { type Assigned, gather, type StateDictIssue } from './gather.ts'
import { match } from './match.ts'
import { type FlattenedOption, modulesOf } from './module.ts'
import { joinedName, type NameMap, renamingOf } from './names.ts'
import { checkTensors } from './tensors.ts'

/** The variables of a layer, and where their numbers come from. */
export interface Loaded<P, S> extends Variables<P, S> {
  readonly assigned: readonly Assigned[]
}

export interface StateDictOptions<P, S> {
  /** The variables that keep what the tensors lack, such as those of a new head; without them nothing may be missing. */
  readonly variables?: Variables<P, S> | undefined
  /** The channels of the images that layers take flattened, by the names of the layers, where the network does not tell. */
  readonly flattened?: FlattenedOption | undefined
}

/** A record of the declared structure, filled with tensors by their places. */
const filled = (spec: unknown, place: Place, at: (place: Place) => AnyTensor): unknown =>
  isLeaf(spec)
    ? at(place)
    : Object.fromEntries(
        Object.entries(spec as object).map(([name, part]) => [
          name,
          filled(part, { ...place, path: [...place.path, name] }, at),
        ]),
      )

/**
 * Fills the variables of a layer from the named tensors of a PyTorch model, as `decodeSafetensors` or `decodeNpz` read
 * them. Names and layouts are those of `state_dict`: the layer under the names a.b is the module `a.b`, whose `weight` and
 * `bias`, `running_mean` and `running_var` become what the table `layouts` says, with their axes turned: channels are
 * first there and last here, also in what a linear layer takes flattened. A module is found by the `map`, else by its
 * name, by the end of its name (`model.a.b`), or by its shapes, if all modules of these shapes are names that differ in
 * numbers only, in their order. `assigned` says what was taken for what; `showAssigned` prints it.
 *
 * `Right` if every tensor has its place. `Both` with issues: tensors that are left over, biases that are not there (they
 * are zeros then), what `variables` kept, and linear layers of which the network does not tell whether they take an image
 * flattened: say `flattened: { fc: channels }`. `Left` if variables are missing that nothing else gives. A map that
 * speaks of what the layer does not have is a `StructureError`.
 *
 * @example
 * import { compose, fromArray, linear, named, predict, relu, toNested, zeros } from 'pullback'
 * import { fromStateDict } from 'pullback/interop'
 * const net = compose(named('fc1', linear(2, 3)), relu, named('fc2', linear(3, 1)))
 * const [W, b] = [fromArray([1, 0, 0, 1, 1, 1], [3, 2]), zeros([3])]
 * const file = { 'fc1.weight': W, 'fc1.bias': b, 'fc2.weight': fromArray([1, 1, 1], [1, 3]), 'fc2.bias': zeros([1]) }
 * const found = fromStateDict(net, file)
 * found._tag === 'Right' && toNested(predict(net, found.right, fromArray([1, 2], [1, 2]))) // => [[6]]
 */
export const fromStateDict = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
  tensors: { readonly [name: string]: AnyTensor },
  map?: NameMap,
  options: StateDictOptions<P, S> = {},
): T.These<ReadonlyNonEmptyArray<StateDictIssue>, Loaded<P, S>> => {
  const op = 'fromStateDict'
  checkLayer(op, layer)
  checkOptions(op, options, ['variables', 'flattened'])
  const there = checkTensors(op, tensors)
  const modules = modulesOf(op, layer, options.flattened)
  const names = modules.flatMap(({ name, wanted }) => wanted.map((w) => joinedName(name, w.name)))
  const matches = match(modules, there, renamingOf(op, map, names))
  const kept = options.variables
  if (kept !== undefined) checkVariables(layer, kept)
  const { values, assigned, issues } = gather(matches, there, kept === undefined)
  const isWhole = matches.every(({ wanted }) => values.has(showPlace(wanted.variable.place)))
  const [issue, ...others] = issues
  if (!isWhole && kept === undefined) return T.left([issue as StateDictIssue, ...others])
  const at = (place: Place): AnyTensor => values.get(showPlace(place)) ?? tensorAt(kept, place)
  const part = (of: Place['of']): unknown => filled(layer[of], { of, path: [] }, at)
  const loaded: Loaded<P, S> = { params: part('params') as P, state: part('state') as S, assigned }
  return issue === undefined ? T.right(loaded) : T.both([issue, ...others], loaded)
}
