import { inOrder, part } from '../../codec/numbers/order.ts'
import { describe } from '../../tensor/data.ts'
import { fresh } from '../../tensor/view.ts'
import { ownOf } from '../../tree/name.ts'
import type { AnyTensor } from '../../type/tensor.ts'
import { type Declared, type Group, total } from './manifest.ts'
import { wrong } from './wrong.ts'

/** The bytes of a model: of each file by its path in the manifest, or of all files one behind the other. */
export type WeightBytes = Uint8Array | { readonly [path: string]: Uint8Array }

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

const checkSize = (found: number, expected: number, entry?: string): void => {
  if (found < expected) throw wrong('Truncated', `${expected} bytes of weights`, `${found}`, { byte: found, entry })
  if (found > expected)
    throw wrong('TrailingBytes', `${expected} bytes of weights`, `${found}`, { byte: expected, entry })
}

/** Refuses the files of groups, by their sizes, if they are not as long as the tensors that lie in them. */
export const checkFiles = (groups: readonly Group[], sizes: readonly (readonly number[])[]): void =>
  groups.forEach(({ paths, bytes }, i) => {
    checkSize(total(sizes[i] as readonly number[]), bytes, paths.join(', '))
  })

/** The bytes of each group, which must be as long as what it declares. */
const bytesOf = (groups: readonly Group[], given: WeightBytes): readonly Uint8Array[] => {
  if (isBytes(given)) {
    checkSize(given.length, total(groups.map(({ bytes }) => bytes)))
    let end = 0
    return groups.map(({ bytes }) => {
      const at = end
      end += bytes
      return given.subarray(at, end)
    })
  }
  const pieces = groups.map(({ paths }) =>
    paths.map((path) => {
      const bytes = ownOf(given, path)
      if (!isBytes(bytes)) throw wrong('MissingName', `the bytes of '${path}'`, describe(bytes), { entry: path })
      return bytes
    }),
  )
  checkFiles(
    groups,
    pieces.map((all) => all.map(({ length }) => length)),
  )
  return pieces.map(joined)
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

/** The tensors of the groups by name, but for those of an optimizer. All sizes are checked before memory is taken. */
export const weightsIn = (groups: readonly Group[], given: WeightBytes): ReadonlyMap<string, AnyTensor> => {
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
