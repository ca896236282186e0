// Writes protocol buffers by the table of fields.
import { type Message, type MessageName, messages, wireTypes } from './fields.ts'

/** Bytes that are written piece by piece. */
type Pieces = Uint8Array[]

const utf8 = /* @__PURE__ */ new TextEncoder()

/** A whole number, of which negative ones take ten bytes. */
const varint = (x: number): Uint8Array => {
  if (x >= 0 && x < 128) return Uint8Array.of(x)
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(x))
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return Uint8Array.from([...bytes, Number(rest)])
}

const number = (kind: string, x: number): Uint8Array => {
  const type = wireTypes.get(kind)
  if (type === 0) return varint(x)
  const view = new DataView(new ArrayBuffer(type === 1 ? 8 : 4))
  if (type === 1) view.setFloat64(0, x, true)
  else view.setFloat32(0, x, true)
  return new Uint8Array(view.buffer)
}

const lengthOf = (pieces: Pieces): number => pieces.reduce((n, piece) => n + piece.length, 0)

/** The pieces of a part: its tag, its length and its bytes. */
const part = (field: number, pieces: Pieces): Pieces => [varint(field * 8 + 2), varint(lengthOf(pieces)), ...pieces]

const piecesOf = (field: number, kind: string, value: unknown): Pieces => {
  if (kind.endsWith('[]')) {
    const [list, one] = [value as readonly unknown[], kind.slice(0, -2)]
    if (!wireTypes.has(one)) return list.flatMap((x) => piecesOf(field, one, x))
    return list.length === 0
      ? []
      : part(
          field,
          (list as readonly number[]).map((x) => number(one, x)),
        )
  }
  const type = wireTypes.get(kind)
  if (type !== undefined) return [varint(field * 8 + type), number(kind, value as number)]
  if (kind === 'string') return part(field, [utf8.encode(value as string)])
  if (kind === 'bytes') return part(field, [value as Uint8Array])
  return part(field, messagePieces(kind as MessageName, value as object))
}

const messagePieces = (name: MessageName, message: object): Pieces =>
  Object.entries(messages[name] as { readonly [name: string]: readonly [number, string] }).flatMap(
    ([field, [number, kind]]) => {
      const value = (message as { readonly [name: string]: unknown })[field]
      return value === undefined ? [] : piecesOf(number, kind, value)
    },
  )

/** The bytes of a message: fields in the order of the table, numbers of a list in one piece. */
export const writeMessage = <N extends MessageName>(name: N, message: Message<N>): Uint8Array => {
  const pieces = messagePieces(name, message)
  const bytes = new Uint8Array(lengthOf(pieces))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
