import { type Numbers, numbers } from '../../codec/numbers/numbers.ts'
import { inOrder, part } from '../../codec/numbers/order.ts'
import { bytesFor } from '../../codec/numbers/size.ts'
import { brief, isObject } from '../../codec/safetensors/header.ts'
import { describe } from '../../tensor/data.ts'
import { mostAxes } from '../../tensor/shape.ts'
import { fresh } from '../../tensor/view.ts'
import { ownOf } from '../../tree/name.ts'
import type { AnyTensor, Shape } from '../../type/tensor.ts'
import { wrong } from './wrong.ts'

/** The bytes of a model: of each file by its path in the manifest, or of all files one behind the other. */
export type WeightBytes = Uint8Array | { readonly [path: string]: Uint8Array }

interface Quantization {
  readonly scale: number
  readonly min: number
}

/** A tensor as the manifest declares it. */
interface Declared {
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

interface Group {
  readonly paths: readonly string[]
  readonly declared: readonly Declared[]
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

const declaredIn = (found: unknown): Declared => {
  const name = ownOf(found, 'name')
  if (!isObject(found) || typeof name !== 'string')
    throw wrong('BadEntry', 'a tensor { name, shape, dtype }', brief(found), { entry: 'weightsManifest' })
  const shape = ownOf(found, 'shape')
  if (!Array.isArray(shape) || !shape.every(isCount) || shape.length > mostAxes)
    throw wrong('BadShape', 'a shape of whole sizes that are not negative', brief(shape), { entry: name })
  const how = storedBy(name, ownOf(found, 'dtype'), ownOf(found, 'quantization'))
  const bytes = bytesFor(shape, how.stored.width)
  if (bytes === undefined) throw wrong('BadShape', 'a shape whose size is a number', brief(shape), { entry: name })
  return { name, shape, ...how, bytes, isForTraining: ownOf(found, 'group') === 'optimizer' }
}

const groupIn = (found: unknown): Group => {
  const [paths, weights] = [ownOf(found, 'paths'), ownOf(found, 'weights')]
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string') || !Array.isArray(weights))
    throw wrong('BadEntry', 'a group { paths, weights }', brief(found), { entry: 'weightsManifest' })
  return { paths, declared: weights.map(declaredIn) }
}

/** The groups of a manifest, whose names are unique. */
export const groupsIn = (manifest: readonly unknown[]): readonly Group[] => {
  const groups = manifest.map(groupIn)
  const seen = new Set<string>()
  for (const { name } of groups.flatMap(({ declared }) => declared)) {
    if (seen.has(name)) throw wrong('DuplicateName', 'each tensor once', `'${name}' twice`, { entry: name })
    seen.add(name)
  }
  return groups
}

const isBytes = (u: unknown): u is Uint8Array => Object.prototype.toString.call(u) === '[object Uint8Array]'

/** The pieces of some bytes one behind the other. */
const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  if (pieces.length === 1) return pieces[0] as Uint8Array
  const all = new Uint8Array(pieces.reduce((n, { length }) => n + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

const sizeOf = ({ declared }: Group): number => declared.reduce((n, { bytes }) => n + bytes, 0)

const checkSize = (found: number, expected: number): void => {
  if (found < expected) throw wrong('Truncated', `${expected} bytes of weights`, `${found}`, { byte: found })
  if (found > expected) throw wrong('TrailingBytes', `${expected} bytes of weights`, `${found}`, { byte: expected })
}

/** The bytes of each group, which must be as long as what it declares. */
const bytesOf = (groups: readonly Group[], given: WeightBytes): readonly Uint8Array[] => {
  if (isBytes(given)) {
    checkSize(
      given.length,
      groups.reduce((n, group) => n + sizeOf(group), 0),
    )
    let end = 0
    return groups.map((group) => {
      const at = end
      end += sizeOf(group)
      return given.subarray(at, end)
    })
  }
  return groups.map((group) => {
    const pieces = group.paths.map((path) => {
      const bytes = ownOf(given, path)
      if (!isBytes(bytes)) throw wrong('MissingName', `the bytes of '${path}'`, describe(bytes), { entry: path })
      return bytes
    })
    checkSize(
      pieces.reduce((n, { length }) => n + length, 0),
      sizeOf(group),
    )
    return joined(pieces)
  })
}

const tensorOf = ({ name, shape, stored, quantization }: Declared, bytes: Uint8Array): AnyTensor => {
  const found = stored.read(inOrder(bytes, stored.width).buffer as ArrayBuffer)
  if (!ArrayBuffer.isView(found)) throw wrong('OutOfRange', 'truth values', found.value, { entry: name })
  if (quantization === undefined) return fresh(shape, found) as AnyTensor
  const { scale, min } = quantization
  return fresh(
    shape,
    Float32Array.from(found, (q) => q * scale + min),
  ) as AnyTensor
}

/** The tensors of a manifest by name, but for those of an optimizer. All sizes are checked before memory is taken. */
export const weightsIn = (manifest: readonly unknown[], given: WeightBytes): ReadonlyMap<string, AnyTensor> => {
  const groups = groupsIn(manifest)
  const bytes = bytesOf(groups, given)
  const found = new Map<string, AnyTensor>()
  for (const [i, { declared }] of groups.entries()) {
    let at = 0
    for (const one of declared) {
      const own = part(bytes[i] as Uint8Array, at, at + one.bytes)
      if (!one.isForTraining) found.set(one.name, tensorOf(one, own))
      at += one.bytes
    }
  }
  return found
}
