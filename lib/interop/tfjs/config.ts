import { brief } from '../../codec/safetensors/header.ts'
import { ownOf } from '../../tree/name.ts'
import type { AnyTensor, Shape } from '../../type/tensor.ts'
import type { Limits } from './limits.ts'
import { unsupported, wrong } from './wrong.ts'

/** A layer of Keras: its configuration, and its weights. */
export interface KerasLayer {
  readonly className: string
  readonly name: string
  readonly config: unknown
  /** Its place in the JSON. */
  readonly path: string
  /** The shape of an example that it gets, −1 for any size; undefined where it is not known. */
  readonly shape: Shape | undefined
  /** True if the model was written by Keras 3. */
  readonly isKeras3: boolean
  readonly weights: Weights
  readonly limits: Limits
}

/** The weights of a model, which remember which of them were taken. */
export interface Weights {
  readonly take: (layer: string, name: string) => AnyTensor | undefined
  readonly has: (layer: string, name: string) => boolean
  /** The layer with the name of the cell in it that has a variable, if the variable is not its own. */
  readonly holder: (layer: string, name: string) => string
  readonly left: () => readonly string[]
}

/** A name without ':0' behind it, and without one, two … of the scopes in front; a few of them at most. */
const endings = (name: string): readonly string[] => {
  const parts = name.replace(/:0$/, '').split('/')
  return parts.length > 16 ? [] : parts.map((_, i) => parts.slice(i).join('/'))
}

/** The weights by the names that Keras gives them: LAYER/VARIABLE, perhaps with scopes around it and ':0' behind. */
export const weightsOf = (tensors: ReadonlyMap<string, AnyTensor>): Weights => {
  const taken = new Set<string>()
  /** Names by their endings; undefined for an ending of several. */
  const byEnding = new Map<string, string | undefined>()
  for (const name of tensors.keys())
    for (const ending of endings(name)) byEnding.set(ending, byEnding.has(ending) ? undefined : name)
  /** Cells by layer and variable; undefined for those of several. */
  const cells = new Map<string, string | undefined>()
  for (const [ending, name] of byEnding) {
    const [variable = '', cell = '', ...layer] = ending.split('/').reverse()
    const key = `${layer.reverse().join('/')}/${variable}`
    if (layer.length > 0) cells.set(key, cells.has(key) ? undefined : name && cell)
  }
  const nameOf = (layer: string, variable: string): string | undefined => {
    const own = `${layer}/${variable}`
    return tensors.has(own) ? own : byEnding.get(own)
  }
  return {
    holder: (layer, variable) => {
      const cell = nameOf(layer, variable) === undefined ? cells.get(`${layer}/${variable}`) : undefined
      return cell === undefined ? layer : `${layer}/${cell}`
    },
    has: (layer, variable) => nameOf(layer, variable) !== undefined,
    take: (layer, variable) => {
      const name = nameOf(layer, variable)
      if (name === undefined) return undefined
      taken.add(name)
      return tensors.get(name)
    },
    left: () => [...tensors.keys()].filter((name) => !taken.has(name)),
  }
}

const bad = (field: string, expected: string, actual: unknown) =>
  wrong('BadEntry', `${field}, ${expected}`, brief(actual))

/** A field of the configuration; a null counts as absent. */
export const field = ({ config }: KerasLayer, name: string): unknown => ownOf(config, name) ?? undefined

export const number = (layer: KerasLayer, name: string, initial: number): number => {
  const found = field(layer, name) ?? initial
  if (!Number.isFinite(found)) throw bad(name, 'a number', found)
  return found as number
}

export const whole = (layer: KerasLayer, name: string, initial?: number): number => {
  const found = field(layer, name) ?? initial
  if (!Number.isSafeInteger(found) || (found as number) < 1) throw bad(name, 'a whole number from 1', found)
  return found as number
}

export const flag = (layer: KerasLayer, name: string, initial: boolean): boolean => {
  const found = field(layer, name) ?? initial
  if (typeof found !== 'boolean') throw bad(name, 'true or false', found)
  return found
}

const isWhole = (u: unknown): u is number => Number.isSafeInteger(u) && (u as number) >= 1

/** As many whole numbers as there are axes; one number stands for all. */
export const sizes = (layer: KerasLayer, name: string, count: number, initial?: unknown): readonly number[] => {
  const found = field(layer, name) ?? initial
  if (isWhole(found)) return new Array<number>(count).fill(found)
  if (Array.isArray(found) && found.length === count && found.every(isWhole)) return found as readonly number[]
  throw bad(name, count === 1 ? 'a whole number' : 'two whole numbers', found)
}

/** The padding, which Keras tells by a word. */
export const padding = (layer: KerasLayer): 'same' | 'valid' => {
  const found = field(layer, 'padding') ?? 'valid'
  if (found === 'same' || found === 'valid') return found
  throw unsupported("padding 'same' or 'valid'", brief(found))
}

/** Refuses a layer for images whose channels are first. */
export const checkChannelsLast = (layer: KerasLayer): void => {
  const found = field(layer, 'data_format') ?? 'channels_last'
  if (found !== 'channels_last') throw unsupported("data_format 'channels_last'", brief(found))
}

/** Refuses a layer that works along another axis than the last one. */
export const checkLastAxis = (layer: KerasLayer): void => {
  const found = field(layer, 'axis') ?? -1
  const axis: unknown = Array.isArray(found) && found.length === 1 ? found[0] : found
  if (axis !== -1 && axis !== layer.shape?.length) throw unsupported('the last axis', `axis ${brief(found)}`)
}

/** A weight of a layer, of a shape in which −1 is any size. */
export const weight = ({ weights, name }: KerasLayer, variable: string, shape: Shape): AnyTensor => {
  const found = weights.take(name, variable)
  if (found === undefined) throw wrong('MissingName', `weights '${name}/${variable}'`, 'none', { entry: name })
  if (found.dtype !== 'float32')
    throw wrong('UnsupportedNumbers', `'${name}/${variable}' in float32`, found.dtype, { entry: name })
  const fits =
    found.shape.length === shape.length &&
    shape.every((n, i) => n === found.shape[i] || (n === -1 && found.shape[i] !== 0))
  if (!fits)
    throw wrong(
      'BadShape',
      `'${name}/${variable}' [${shape.map((n) => (n === -1 ? 'any' : n)).join(', ')}]`,
      `[${found.shape.join(', ')}]`,
      { entry: name },
    )
  return found
}
