import { breathe, isDue } from '../data/breathe.ts'
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import { failure } from './issue.ts'

interface WebReader {
  readonly read: () => Promise<{ readonly done: boolean; readonly value?: unknown }>
  readonly cancel: () => Promise<unknown>
}

/** A `ReadableStream` of browsers or Node, by the methods that are used. */
export interface WebStream {
  readonly getReader: () => WebReader
}

/**
 * The source of a table: its text, its bytes, a `Blob` or `File`, a `Response`, a `ReadableStream`, or any asynchronous
 * iterable of chunks of bytes or text, such as Node's `createReadStream(path)`.
 */
export type TableInput =
  | string
  | Uint8Array
  | ArrayBuffer
  | AsyncIterable<unknown>
  | WebStream
  | { readonly stream: () => WebStream }
  | { readonly body: WebStream | null; readonly ok: boolean; readonly status: number }

type Chunk = string | Uint8Array

/** Pieces of a text, each small compared with memory; no surrogate pair is split. */
function* pieces(text: string): Generator<string> {
  const size = 1 << 16
  for (let start = 0; start < text.length; ) {
    const high = text.charCodeAt(start + size - 1)
    const end = start + (high >= 0xd800 && high < 0xdc00 ? size - 1 : size)
    yield text.slice(start, end)
    start = end
  }
}

/** Does not use `for await`: the streams of some browsers are not iterable. An early exit stops the download. */
async function* ofStream(stream: WebStream): AsyncGenerator<unknown> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

const chunks = (source: TableInput): AsyncIterable<unknown> | Iterable<Chunk> => {
  if (typeof source === 'string') return pieces(source)
  if (ArrayBuffer.isView(source)) return [source]
  if (source instanceof ArrayBuffer) return [new Uint8Array(source)]
  if (typeof source === 'object' && source !== null) {
    if ('getReader' in source) return ofStream(source)
    if (Symbol.asyncIterator in source) return source
    if ('body' in source && 'status' in source) {
      if (!source.ok)
        throw failure({ _tag: 'BadFile', expected: 'the file', actual: `HTTP status ${source.status} instead of it` })
      return source.body === null ? [] : ofStream(source.body)
    }
    if ('stream' in source && typeof source.stream === 'function') return ofStream(source.stream())
  }
  throw new StructureError({
    op: 'readTable',
    expected: 'text, bytes, a Blob, a Response, a stream, or chunks that come asynchronously',
    actual: describe(source),
    remedy: 'in Node, createReadStream(path) gives the chunks of a file',
  })
}

/** Other kinds of files, by their first bytes. */
const otherFiles: readonly (readonly [begin: readonly number[], actual: string, remedy: string])[] = [
  [[0xff, 0xfe], 'UTF-16', 'save it as UTF-8 (in a spreadsheet: CSV UTF-8)'],
  [[0xfe, 0xff], 'UTF-16', 'save it as UTF-8 (in a spreadsheet: CSV UTF-8)'],
  [[0x1f, 0x8b], 'a gzip archive', "unpack it: stream.pipeThrough(new DecompressionStream('gzip'))"],
  [[0x50, 0x4b, 3, 4], 'a zip archive or a spreadsheet', 'save it as CSV UTF-8'],
]

const linesIn = (text: string): number => text.split('\n').length - 1

/**
 * Error for bytes that are not UTF-8, from the beginning of the source, the number of lines before the chunk, and the
 * chunk.
 */
const notUtf8 = (first: Uint8Array, lines: number, chunk: Uint8Array): Error => {
  const other = otherFiles.find(([begin]) => begin.every((byte, place) => first[place] === byte))
  if (other !== undefined)
    return failure({ _tag: 'BadFile', expected: 'text in UTF-8', actual: other[1], remedy: other[2] })
  // A character may continue from the chunk before.
  const start = chunk.subarray(0, 4).findIndex((byte) => byte < 0x80 || byte > 0xbf)
  const [before = '', ...rest] = new TextDecoder().decode(chunk.subarray(Math.max(0, start))).split('\uFFFD')
  return failure({
    _tag: 'BadFile',
    line: lines + (rest.length > 0 ? linesIn(before) : 0) + 1,
    expected: 'text in UTF-8',
    actual: 'bytes that are not',
    remedy: "save it as UTF-8, or decode it first: stream.pipeThrough(new TextDecoderStream('windows-1252'))",
  })
}

/**
 * The text of a source, chunk by chunk, without a byte order mark. Bytes that are not UTF-8 are an error, as are errors
 * of the source itself.
 */
export async function* textOf(source: TableInput): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let [first, lines, begun]: [Uint8Array | undefined, number, boolean] = [undefined, 0, false]
  /** The first half of a surrogate pair that a source of text has split. */
  let half = ''
  const decoded = (chunk: Uint8Array, stream: boolean): string => {
    try {
      return decoder.decode(chunk, { stream })
    } catch {
      throw notUtf8(first ?? chunk, lines, chunk)
    }
  }
  for await (const chunk of chunks(source)) {
    if (typeof chunk !== 'string' && !ArrayBuffer.isView(chunk))
      throw new StructureError({ op: 'readTable', expected: 'chunks of bytes or text', actual: describe(chunk) })
    if (typeof chunk !== 'string') first ??= chunk as Uint8Array
    const whole = half + (typeof chunk === 'string' ? chunk : decoded(chunk as Uint8Array, true))
    half = /[\ud800-\udbff]$/.test(whole) ? whole.slice(-1) : ''
    const text = half === '' ? whole : whole.slice(0, -1)
    if (text === '') continue
    lines += linesIn(text)
    const marked = !begun && text.charCodeAt(0) === 0xfeff
    begun = true
    for (const piece of pieces(marked ? text.slice(1) : text)) {
      yield piece
      if (isDue()) await breathe()
    }
  }
  const rest = half + decoded(new Uint8Array(0), false)
  if (rest !== '') yield rest
}
