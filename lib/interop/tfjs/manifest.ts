// The manifest of a model: which tensors lie in which files.
import { type Numbers, numbers } from '../../codec/numbers/numbers.ts'
import { bytesFor } from '../../codec/numbers/size.ts'
import { brief, isObject } from '../../codec/safetensors/header.ts'
import { mostAxes } from '../../tensor/shape.ts'
import { ownOf } from '../../tree/name.ts'
import type { Shape } from '../../type/tensor.ts'
import type { Limits } from './limits.ts'
import { wrong } from './wrong.ts'

interface Quantization {
  readonly scale: number
  readonly min: number
}

/** A tensor as the manifest declares it. */
export interface Declared {
  readonly name: string
  readonly shape: Shape
  /** How its numbers lie in the file. */
  readonly stored: Numbers
  /** The range that whole numbers stand for, where it was quantized. */
  readonly quantization: Quantization | undefined
  readonly bytes: number
  /** True for what an optimizer has saved. */
  readonly isForTraining: boolean
}

export interface Group {
  readonly paths: readonly string[]
  readonly declared: readonly Declared[]
  /** The bytes of all of them. */
  readonly bytes: number
}

const plain: ReadonlyMap<unknown, Numbers> = new Map<unknown, Numbers>([
  ['float32', numbers.float32],
  ['float16', numbers.float16],
  ['int32', numbers.int32],
  ['uint16', numbers.uint16],
  ['uint8', numbers.uint8],
  ['bool', numbers.bool],
])
const quantized: ReadonlyMap<unknown, Numbers> = new Map<unknown, Numbers>([
  ['uint8', numbers.uint8],
  ['uint16', numbers.uint16],
  ['float16', numbers.float16],
])

const isCount = (u: unknown): u is number => Number.isSafeInteger(u) && (u as number) >= 0

/** The way in which the numbers of an entry are stored. */
const storedBy = (entry: string, dtype: unknown, given: unknown): Pick<Declared, 'stored' | 'quantization'> => {
  if (given === undefined) {
    const stored = plain.get(dtype)
    if (stored === undefined)
      throw wrong('UnsupportedNumbers', `numbers of ${[...plain.keys()].join(', ')}`, brief(dtype), { entry })
    return { stored, quantization: undefined }
  }
  const [kind, scale, min] = ['dtype', 'scale', 'min'].map((name) => ownOf(given, name))
  const stored = quantized.get(kind)
  if (stored === undefined || dtype !== 'float32')
    throw wrong('UnsupportedNumbers', 'float32 quantized as uint8, uint16 or float16', brief([dtype, kind]), { entry })
  if (stored === numbers.float16) return { stored, quantization: undefined }
  if (!Number.isFinite(scale) || !Number.isFinite(min))
    throw wrong('BadEntry', 'a quantization with scale and min', brief(given), { entry })
  return { stored, quantization: { scale: scale as number, min: min as number } }
}

const declaredIn = (found: unknown, at: string): Declared => {
  const name = ownOf(found, 'name')
  if (!isObject(found) || typeof name !== 'string')
    throw wrong('BadEntry', 'a tensor { name, shape, dtype }', brief(found), { entry: at })
  const entry = `${name}, ${at}`
  const shape = ownOf(found, 'shape')
  if (!Array.isArray(shape) || !shape.every(isCount) || shape.length > mostAxes)
    throw wrong('BadShape', 'a shape of whole sizes that are not negative', brief(shape), { entry })
  const how = storedBy(entry, ownOf(found, 'dtype'), ownOf(found, 'quantization'))
  const bytes = bytesFor(shape, how.stored.width)
  if (bytes === undefined) throw wrong('BadShape', 'a shape whose size is a number', brief(shape), { entry })
  return { name, shape, ...how, bytes, isForTraining: ownOf(found, 'group') === 'optimizer' }
}

const groupIn = (found: unknown, at: string): Group => {
  const [paths, weights] = [ownOf(found, 'paths'), ownOf(found, 'weights')]
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string') || !Array.isArray(weights))
    throw wrong('BadEntry', 'a group { paths, weights }', brief(found), { entry: at })
  const declared = weights.map((weight, i) => declaredIn(weight, `${at}.weights[${i}]`))
  return { paths, declared, bytes: declared.reduce((n, { bytes }) => n + bytes, 0) }
}

/** Refuses a name that is listed twice. */
const checkOnce = (what: string, names: readonly string[]): void => {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw wrong('DuplicateName', `each ${what} once`, `'${name}' twice`, { entry: name })
    seen.add(name)
  }
}

export const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** The groups of a manifest: no tensor and no file is in two places, and all of them are within the limits. */
export const groupsIn = (manifest: readonly unknown[], limits: Limits): readonly Group[] => {
  const groups = manifest.map((group, i) => groupIn(group, `weightsManifest[${i}]`))
  const count = total(groups.map(({ declared }) => declared.length))
  if (count > limits.weights)
    throw wrong('TooLarge', `at most ${limits.weights} tensors`, `${count}`, { entry: 'weightsManifest' })
  checkOnce(
    'tensor',
    groups.flatMap(({ declared }) => declared.map(({ name }) => name)),
  )
  checkOnce(
    'file',
    groups.flatMap(({ paths }) => paths),
  )
  const bytes = total(groups.map((group) => group.bytes))
  if (bytes > limits.bytes)
    throw wrong('TooLarge', `tensors of at most ${limits.bytes} bytes`, `${bytes}`, { entry: 'weightsManifest' })
  return groups
}
