import type * as t from 'io-ts'
import * as E from '#fp/Either'
import { FormatError, type FormatFields } from '../error/fileError.ts'
import { codecOf } from './codecOf.ts'
import { type Checksum, crc32 } from './crc32.ts'
import { formatted } from './formatted.ts'
import { decode } from './issue.ts'
import { joined } from './pieces.ts'
import { decodeSafetensors } from './safetensors/decode.ts'
import { piecesOf } from './safetensors/encode.ts'
import type { Safetensors } from './safetensors/format.ts'
import { putTogether, takeApart } from './state.ts'

/** The expected structure of a state: a template, or an io-ts codec. */
export type Expected<T> = T | t.Decoder<unknown, T>

/** The version of the format that is written, and the only one that is read. */
const version = '1'
/** The start of every file after the length of the header, up to the checksum, whose position is therefore fixed. */
const opening = new TextEncoder().encode('{"__metadata__":{"crc32":"')
const place = 8 + opening.length
const unsealed = new TextEncoder().encode('00000000')
const behind = place + unsealed.length

const wrong = (fields: Omit<FormatFields, 'format'>): FormatError => new FormatError({ format: 'pullback', ...fields })

/** The checksum of a file in pieces, as text; the checksum itself counts as zeros. */
const sealOf = ([head, ...others]: readonly [Uint8Array, ...Uint8Array[]], checksum: Checksum): string =>
  [unsealed, head.subarray(behind), ...others]
    .reduce((sum, piece) => checksum(piece, sum), checksum(head.subarray(0, place)))
    .toString(16)
    .padStart(8, '0')

/** `toBytes` in pieces, with a faster checksum where there is one. */
export const statePieces = (op: string, state: unknown, checksum: Checksum = crc32): readonly Uint8Array[] => {
  const { tensors, skeleton } = takeApart(op, state)
  const pieces = piecesOf(op, tensors, [
    ['crc32', '00000000'],
    ['format', 'pullback'],
    ['state', JSON.stringify(skeleton)],
    ['version', version],
  ])
  pieces[0].set(new TextEncoder().encode(sealOf(pieces, checksum)), place)
  return pieces
}

/**
 * The bytes of a state: a record of tensors, a whole training run, or any records and arrays of tensors, numbers,
 * strings, booleans, null and undefined. They are a safetensors file: the tensors under dotted names, everything else
 * as JSON in its metadata, with a checksum. The same state gives the same bytes, in whatever order its names stand.
 * Every bit is kept, including those of NaN, −0 and infinities.
 *
 * @example
 * import { adam, fromBytes, key, linear, start, toBytes } from 'pullback'
 * const run = start(linear(3, 2), adam(), key(0))
 * const found = fromBytes(run)(toBytes(run))
 * found._tag === 'Right' && found.right.optimizer[0].count // => 0
 */
export const toBytes = (state: unknown): Uint8Array => joined(statePieces('toBytes', state))

/** `fromBytes` with a faster checksum where there is one. */
export const decodeState =
  <T>(expected: Expected<T>, checksum: Checksum = crc32) =>
  (bytes: Uint8Array): E.Either<FormatError, T> =>
    E.chain((state: unknown) => matching(expected, state))(readState(bytes, checksum))

/** The state in some bytes, of any structure. */
export const readState = (bytes: Uint8Array, checksum: Checksum = crc32): E.Either<FormatError, unknown> =>
  E.chain(({ tensors, metadata }: Safetensors) =>
    formatted(() => {
      if (!opening.every((byte, i) => bytes[8 + i] === byte))
        throw wrong({
          reason: 'OtherFormat',
          byte: 8,
          expected: 'a file that toBytes wrote, with a checksum',
          actual: 'another safetensors file',
          remedy: 'decodeSafetensors reads its tensors, and tree.load puts those that fit into a record',
        })
      const [found, computed] = [metadata.crc32 as string, sealOf([bytes], checksum)]
      if (found !== computed)
        throw wrong({
          reason: 'WrongChecksum',
          byte: place,
          expected: `the checksum ${computed} of its ${bytes.length} bytes`,
          actual: found,
          remedy: 'the file is damaged: use another copy of it, or an earlier one',
        })
      if (metadata.version !== version)
        throw wrong({
          reason: 'OtherVersion',
          byte: 8,
          expected: `version ${version} of the format`,
          actual: metadata.version ?? 'none',
          remedy: 'read it with the release of the library that wrote it, or a later one',
        })
      return putTogether(parsed(metadata.state), tensors)
    }),
  )(decodeSafetensors(bytes, { limits: { entries: Number.POSITIVE_INFINITY } }))

const parsed = (text = ''): unknown => {
  try {
    return JSON.parse(text)
  } catch (e) {
    throw wrong({ reason: 'NotJson', byte: 8, expected: 'a state in JSON', actual: (e as Error).message })
  }
}

const isDecoder = <T>(u: Expected<T>): u is t.Decoder<unknown, T> =>
  typeof (u as { readonly validate?: unknown } | null)?.validate === 'function'

/** The codec for an expected structure. */
export const asCodec = <T>(expected: Expected<T>): t.Decoder<unknown, T> =>
  isDecoder(expected) ? expected : codecOf(expected)

/** A state, checked to have the expected structure. */
export const matching = <T>(expected: Expected<T>, state: unknown): E.Either<FormatError, T> =>
  E.mapLeft((differences: FormatError['differences']) => {
    const lines = differences.slice(0, 10).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    const more = differences.length > 10 ? `, and ${differences.length - 10} more` : ''
    return wrong({
      reason: 'Mismatch',
      expected: 'a state of the same structure',
      actual: `one that differs: ${lines.join(', ')}${more}`,
      differences,
      remedy: 'give the layer and the optimizer that it was saved with, or load the parts that fit by tree.load',
    })
  })(decode(asCodec(expected))(state))

/**
 * Reads a state from bytes made by `toBytes`. The expected structure is given by a template, such as the start of a run
 * of the same layer and optimizer, or by an io-ts codec (`codecOf` makes one from a template). Damaged, truncated or
 * foreign bytes, and a state of another structure, are a `FormatError`; its `differences` list the paths that are
 * missing, extra or of another shape.
 *
 * @example
 * import { fromBytes, ones, toBytes, zeros } from 'pullback'
 * const found = fromBytes({ W: zeros([2, 3]), b: zeros([2]) })(toBytes({ W: ones([2, 2]), c: ones([2]) }))
 * const differences = found._tag === 'Left' ? found.left.differences : []
 * differences.map((d) => `${d._tag} ${d.path}`) // => ['Extra c', 'WrongShape W', 'Missing b']
 */
export const fromBytes =
  <T>(expected: Expected<T>) =>
  (bytes: Uint8Array): E.Either<FormatError, T> =>
    decodeState(expected)(bytes)
