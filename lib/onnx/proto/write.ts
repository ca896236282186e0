// Writes protocol buffers by the table of fields.
import { type Field, fieldsOf, type Message, type MessageName, wireTypes } from './fields.ts'

/** Bytes that are written piece by piece. A function that adds pieces returns the number of their bytes. */
type Pieces = Uint8Array[]

const utf8 = /* @__PURE__ */ new TextEncoder()

/** The bytes of a whole number, of which negative ones take ten. */
const varint = (x: number): readonly number[] => {
  if (x >= 0 && x < 128) return [x]
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(x))
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return [...bytes, Number(rest)]
}

const number = (kind: string, x: number): readonly number[] => {
  const type = wireTypes.get(kind)
  if (type === 0) return varint(x)
  const view = new DataView(new ArrayBuffer(type === 1 ? 8 : 4))
  if (type === 1) view.setFloat64(0, x, true)
  else view.setFloat32(0, x, true)
  return Array.from(new Uint8Array(view.buffer))
}

const add = (pieces: Pieces, piece: Uint8Array): number => {
  pieces.push(piece)
  return piece.length
}

/** Adds a part: its tag, its length, and its bytes, after which the length is known. */
const addPart = (pieces: Pieces, field: number, addBytes: () => number): number => {
  const at = pieces.push(new Uint8Array()) - 1
  const length = addBytes()
  const head = Uint8Array.from([...varint(field * 8 + 2), ...varint(length)])
  pieces[at] = head
  return head.length + length
}

const addValue = (pieces: Pieces, { number: field, kind }: Field, value: unknown): number => {
  const type = wireTypes.get(kind)
  if (type !== undefined)
    return add(pieces, Uint8Array.from([...varint(field * 8 + type), ...number(kind, value as number)]))
  return addPart(pieces, field, () => {
    if (kind === 'string') return add(pieces, utf8.encode(value as string))
    if (kind === 'bytes') return add(pieces, value as Uint8Array)
    return addMessage(pieces, kind, value as object)
  })
}

/** Adds the values of a field that may occur many times: numbers in one part. */
const addList = (pieces: Pieces, field: Field, list: readonly unknown[]): number => {
  if (!wireTypes.has(field.kind)) return list.reduce<number>((n, x) => n + addValue(pieces, field, x), 0)
  if (list.length === 0) return 0
  const bytes = list.flatMap((x) => number(field.kind, x as number))
  return addPart(pieces, field.number, () => add(pieces, Uint8Array.from(bytes)))
}

const addMessage = (pieces: Pieces, name: string, message: object): number => {
  let length = 0
  for (const field of fieldsOf.get(name)?.values() ?? []) {
    const value = (message as { readonly [name: string]: unknown })[field.name]
    if (value === undefined) continue
    length += field.isRepeated ? addList(pieces, field, value as readonly unknown[]) : addValue(pieces, field, value)
  }
  return length
}

/** The bytes of a message: fields in the order of the table, numbers of a list in one part. */
export const writeMessage = <N extends MessageName>(name: N, message: Message<N>): Uint8Array => {
  const pieces: Pieces = []
  const bytes = new Uint8Array(addMessage(pieces, name, message))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
