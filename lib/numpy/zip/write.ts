import type { Checksum } from '../../codec/crc32.ts'
import { StructureError } from '../../error/tensorError.ts'
import type { Deflate } from '../deflate/deflate.ts'

export interface ZipContent {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The first of January 1980, the earliest date that the format has: equal contents give equal archives. */
const date = 0x21
const isAscii = (bytes: Uint8Array): boolean => bytes.every((b) => b < 128)

/** The fields that an entry's own header and the list have in common. */
const common = (view: DataView, at: number, fields: readonly (readonly [value: number, width: 2 | 4])[]): void => {
  let to = at
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(to, value, true)
    else view.setUint32(to, value, true)
    to += width
  }
}

/** The bytes of a zip archive. Entries are deflated where a function is given for it and where they get shorter. */
export const zip = (
  op: string,
  contents: readonly ZipContent[],
  checksum: Checksum,
  deflate: Deflate | undefined,
): Uint8Array => {
  const entries = contents.map(({ name, bytes }) => {
    const deflated = deflate?.(bytes)
    const isShorter = deflated !== undefined && deflated.length < bytes.length
    const label = new TextEncoder().encode(name)
    return {
      label,
      packed: isShorter ? deflated : bytes,
      method: isShorter ? 8 : 0,
      size: bytes.length,
      crc: checksum(bytes),
    }
  })
  const start = entries.reduce((sum, { label, packed }) => sum + 30 + label.length + packed.length, 0)
  const total = entries.reduce((sum, { label }) => sum + 46 + label.length, start + 22)
  const longest = Math.max(0, ...entries.map(({ label }) => label.length))
  if (
    total > 0xfffffffe ||
    entries.some(({ size }) => size > 0xfffffffe) ||
    entries.length > 0xfffe ||
    longest > 0xffff
  )
    throw new StructureError({
      op,
      expected: 'an archive below 4 GiB, of less than 65,535 entries with names below 64 KiB',
      actual: `${total} bytes, ${entries.length} entries`,
      code: 'too-large',
      remedy: 'save tensors to several files, or by saveSafetensors',
    })
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  let [at, line] = [0, start]
  for (const { label, packed, method, size, crc } of entries) {
    const fields = [
      [20, 2],
      [isAscii(label) ? 0 : 0x800, 2],
      [method, 2],
      [0, 2],
      [date, 2],
      [crc, 4],
      [packed.length, 4],
      [size, 4],
      [label.length, 2],
    ] as const
    view.setUint32(at, 0x04034b50, true)
    common(view, at + 4, fields)
    bytes.set(label, at + 30)
    bytes.set(packed, at + 30 + label.length)
    view.setUint32(line, 0x02014b50, true)
    common(view, line + 4, [[20, 2], ...fields])
    view.setUint32(line + 42, at, true)
    bytes.set(label, line + 46)
    at += 30 + label.length + packed.length
    line += 46 + label.length
  }
  view.setUint32(line, 0x06054b50, true)
  common(view, line + 8, [
    [entries.length, 2],
    [entries.length, 2],
    [line - start, 4],
    [start, 4],
  ])
  return bytes
}
