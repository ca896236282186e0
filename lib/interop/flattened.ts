import type { AnyLayer } from '../layer/layer.ts'
import { emptyBatch } from '../layer/port.ts'
import { mapParts } from '../layer/structure.ts'
import { fromSpec } from '../layer/variables.ts'
import { zeros } from '../tensor/create.ts'
import { sizeOf } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { Port } from '../type/port.ts'
import type { AnyTensor, Shape } from '../type/tensor.ts'

/** The channels of what an innermost layer takes flattened; 'unknown' where the network does not tell. */
export type Channels = number | 'unknown'

const slides = /^(conv|maxPool|avgPool)\d?d?/

/** The channels of examples whose entries are in another order where channels come first; undefined if they are not. */
const channelsOf = (example: Shape, ranks: ReadonlySet<number>): number | undefined => {
  const channels = example.at(-1) as number
  return ranks.has(example.length) && channels > 1 && sizeOf(example) > channels ? channels : undefined
}

/** The ranks of the examples that have channels: those that convolutions and pooling take. */
const ranksOf = (parts: readonly AnyLayer[]): ReadonlySet<number> =>
  new Set(parts.filter(({ kind }) => slides.test(kind)).map(({ input }) => (input as Shape).length))

/** Where nothing can be run: the first linear layer behind each layer that flattens. */
const behindFlatten = (parts: readonly AnyLayer[]): readonly (Channels | undefined)[] => {
  let isFlat = false
  return parts.map(({ kind }) => {
    const unsure = isFlat && kind === 'linear'
    isFlat = kind === 'flatten' || kind === 'reshape' || (isFlat && kind !== 'linear')
    return unsure ? 'unknown' : undefined
  })
}

/**
 * For each innermost layer, by its index, the channels of the image or sequence that it takes as a vector. Vectors are
 * followed from layer to layer through one run on an empty minibatch; one that comes from an operation between layers,
 * or a network whose input has no known size, leaves 'unknown' what may have been flattened.
 */
export const flattenedChannels = (layer: AnyLayer, parts: readonly AnyLayer[]): readonly (Channels | undefined)[] => {
  const ranks = ranksOf(parts)
  const found: (Channels | undefined)[] = parts.map(() => undefined)
  if (ranks.size === 0) return found
  const x = emptyBatch(layer.input as Port)
  if (x === undefined) return behindFlatten(parts)
  /** The channels of each tensor that was flattened; 0 for other tensors. */
  const known = new WeakMap<object, number>(isTensor(x) ? [[x, 0]] : [])
  const sizes = new Set<number>()
  let next = 0
  const watched = mapParts(layer, (part) => {
    const index = next++
    const apply: AnyLayer['apply'] = (params, state, context, given: unknown) => {
      const step = part.apply(params, state, context, given as never)
      if (!isTensor(given) || !isTensor(step.value)) return step
      const [before, after] = [given.shape.slice(1), (step.value as AnyTensor).shape.slice(1)]
      const channels = channelsOf(before, ranks)
      if (channels !== undefined) sizes.add(sizeOf(before))
      const pending = known.get(given) ?? 0
      if (before.length === 1 && pending > 0) found[index] = pending
      else if (part.kind === 'linear' && !known.has(given) && sizes.has(before[0] as number)) found[index] = 'unknown'
      const kept = part.kind !== 'linear' && before.length === 1 && sizeOf(before) === sizeOf(after) ? pending : 0
      if (step.value !== given) known.set(step.value, after.length === 1 && before.length > 1 ? (channels ?? 0) : kept)
      return step
    }
    return { ...part, apply }
  })
  const empty = ({ shape }: { readonly shape: Shape }) => zeros(shape)
  watched.apply(fromSpec(layer.params, empty), fromSpec(layer.state, empty), { mode: 'eval' }, x as never)
  return found
}
