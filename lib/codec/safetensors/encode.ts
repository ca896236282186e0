import { StructureError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'
import { isTensor } from '../../tensor/view.ts'
import type { AnyTensor } from '../../type/tensor.ts'
import { checkWritable } from '../names.ts'
import { joined, numbersIn } from '../pieces.ts'
import { codeOf, longestHeader, metadataName, type Safetensors, widthOf } from './format.ts'

type Named<A> = readonly (readonly [name: string, value: A])[]

export const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0

/** Tensors in the order of the file: wide numbers first, so that all are aligned to their width; then by name. */
const sorted = (tensors: Named<AnyTensor>): Named<AnyTensor> => {
  for (const [name, t] of tensors) {
    if (name === metadataName)
      throw new StructureError({
        op: 'encodeSafetensors',
        expected: 'names of tensors',
        actual: `'${metadataName}', which the format reserves for metadata`,
        code: 'bad-name',
      })
    if (!isTensor(t))
      throw new StructureError({
        op: 'encodeSafetensors',
        expected: 'a tensor',
        actual: describe(t),
        code: 'not-a-tensor',
        path: [name],
      })
  }
  return [...tensors].sort((a, b) => widthOf[b[1].dtype] - widthOf[a[1].dtype] || byName(a, b))
}

const written = (fields: Named<unknown>): string =>
  `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${typeof value === 'string' ? value : JSON.stringify(value)}`).join(',')}}`

/** The pieces of a file of tensors in any order, and of metadata in the given order; the first is the header. */
export const piecesOf = (
  op: string,
  tensors: Named<AnyTensor>,
  metadata: Named<string>,
): readonly [header: Uint8Array, ...numbers: Uint8Array[]] => {
  checkWritable(
    op,
    'names',
    [...tensors, ...metadata].map(([name]) => name),
  )
  checkWritable(
    op,
    'texts',
    metadata.map(([, text]) => text),
  )
  const ordered = sorted(tensors)
  let end = 0
  const declared = ordered.map(([name, t]): readonly [string, unknown] => {
    const begin = end
    end += t.size * widthOf[t.dtype]
    return [name, { dtype: codeOf[t.dtype], shape: t.shape, data_offsets: [begin, end] }]
  })
  const texts: Named<unknown> =
    metadata.length === 0 ? [] : [[metadataName, written(metadata.map(([name, text]) => [name, JSON.stringify(text)]))]]
  const header = new TextEncoder().encode(written([...texts, ...declared]))
  const length = Math.ceil(header.length / 8) * 8
  if (length > longestHeader)
    throw new StructureError({
      op,
      expected: `names and texts that fit in a header of ${longestHeader} bytes`,
      actual: `${length} bytes`,
      code: 'too-large',
      remedy: 'keep long lists of numbers as tensors',
    })
  const head = new Uint8Array(8 + length)
  new DataView(head.buffer).setUint32(0, length, true)
  head.fill(0x20, 8).set(header, 8)
  return [head, ...ordered.map(([, t]) => numbersIn(op, t))]
}

/** `encodeSafetensors` in pieces. */
export const safetensorsPieces = (
  tensors: Safetensors['tensors'],
  metadata: Safetensors['metadata'],
): readonly Uint8Array[] => {
  const op = 'encodeSafetensors'
  const texts = Object.entries(metadata).sort(byName)
  for (const [name, text] of texts)
    if (typeof text !== 'string')
      throw new StructureError({
        op,
        expected: 'strings as metadata',
        actual: describe(text),
        path: [name],
        remedy: 'convert other values with JSON.stringify',
      })
  return piecesOf(op, Object.entries(tensors), texts)
}

/**
 * The bytes of a safetensors file: a flat record of tensors, and metadata strings. The same tensors and strings give
 * the same bytes, in whatever order they are named. Of a view only its own entries are written.
 *
 * @example
 * import { decodeSafetensors, encodeSafetensors, eye } from 'pullback'
 * const bytes = encodeSafetensors({ W: eye(2) }, { author: 'me' })
 * bytes.length % 8 // => 0
 * const found = decodeSafetensors(bytes)
 * found._tag === 'Right' && found.right.metadata // => { author: 'me' }
 */
export const encodeSafetensors = (
  tensors: Safetensors['tensors'],
  metadata: Safetensors['metadata'] = {},
): Uint8Array => joined(safetensorsPieces(tensors, metadata))
