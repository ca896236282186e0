// The kind of a file by its first bytes, and by the ending of its name where bytes do not tell.
import { longestHeader } from '../../codec/safetensors/format.ts'
import { keras, type Other, others, pickle, protobuf, pytorch, unknown } from './others.ts'

/** A format that is read. Which JSON a file has takes more than its first bytes. */
export type Format = 'safetensors' | 'npz' | 'npy' | 'onnx' | 'idx' | 'json'

/** As many bytes as it takes to tell the kind. */
export const enough = 4096

/** True if bytes begin with the codes of some letters. */
export const begins = (bytes: Uint8Array, letters: string, at = 0): boolean =>
  [...letters].every((c, i) => bytes[at + i] === c.charCodeAt(0))

const isSafetensors = (first: Uint8Array): boolean =>
  first.length > 8 &&
  first[8] === 0x7b &&
  new DataView(first.buffer, first.byteOffset).getBigUint64(0, true) <= longestHeader

/** Two zeros, a type of numbers and the number of axes. */
const isIdx = ([a, b, type = 0, rank = 0]: Uint8Array): boolean =>
  a === 0 && b === 0 && [8, 9, 11, 12, 13, 14].includes(type) && rank > 0

/** The version of the format, from 3 on as the first field, and one of the fields that may follow. */
const isOnnx = ([tag, version = 0, next = 0]: Uint8Array): boolean =>
  tag === 0x08 && version >= 3 && version < 64 && [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72].includes(next)

/** An archive of NumPy, of PyTorch or of Keras, by the name of its first entry. */
const archive = (first: Uint8Array): Format | Other => {
  const length = (first[26] ?? 0) + 256 * (first[27] ?? 0)
  const name = new TextDecoder().decode(first.subarray(30, 30 + length))
  if (/(^|\/)(data\.pkl|constants\.pkl|\.format_version|byteorder)$/.test(name)) return pytorch
  return /^(metadata\.json|config\.json|model\.weights\.h5)$/.test(name) ? keras : 'npz'
}

/** The text that bytes begin with; undefined if they are none. */
const textIn = (first: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(first, { stream: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a text has none of them
    return /[\0-\x08\x0e-\x1f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

const ofText = (text: string): Format | Other => {
  const head = text.trimStart()
  if (/^[{[]/.test(head)) return 'json'
  if (/^<(!doctype html|html|head|body)/i.test(head))
    return {
      actual: 'a page of HTML',
      remedy: 'the download gave a page in place of the file: look at the address and whether it asks you to log in',
    }
  if (head.startsWith('version https://git-lfs'))
    return { actual: 'the pointer of a file that git-LFS keeps elsewhere', remedy: 'git lfs pull fetches the file' }
  const line = head.split('\n')[0] ?? ''
  const shown = line.length > 40 ? `${line.slice(0, 39)}…` : line.trimEnd()
  return { actual: `a text that begins with '${shown}'`, remedy: 'pullback train reads tables of CSV' }
}

/** Kinds by the ending of the name, for bytes that say nothing. The reader then tells what is wrong. */
const byEnding: readonly (readonly [ending: RegExp, kind: Format | Other])[] = [
  [/\.safetensors$/i, 'safetensors'],
  [/\.onnx$/i, 'onnx'],
  [/\.npz$/i, 'npz'],
  [/\.npy$/i, 'npy'],
  [/\.pb$/i, protobuf],
  [/\.(pt|pth|pkl|pickle)$/i, pickle],
]

/** The kind of a file, by its first bytes and its name. */
export const kindOf = (first: Uint8Array, name: string): Format | Other => {
  if (isSafetensors(first)) return 'safetensors'
  if (begins(first, 'PK\x03\x04')) return archive(first)
  if (begins(first, 'PK\x05\x06')) return 'npz'
  if (begins(first, '\x93NUMPY')) return 'npy'
  if (isIdx(first)) return 'idx'
  if (isOnnx(first)) return 'onnx'
  const other = others.find(([letters, , at]) => begins(first, letters, at))
  if (other !== undefined) return other[1]
  const text = textIn(first)
  if (text !== undefined) return ofText(text)
  return byEnding.find(([ending]) => ending.test(name))?.[1] ?? unknown
}
