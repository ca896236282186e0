// Reads protocol buffers by the table of fields.
import { wrong } from '../wrong.ts'
import { type Field, fieldsOf, type Message, type MessageName, wireTypes } from './fields.ts'
import type { Limits } from './limits.ts'
import { first } from './place.ts'
import { floatOf, varint, varintOf, wireOf } from './wire.ts'

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A message that is being read. Names are those of the table; what a file calls things is among the values. */
type Found = Record<string | symbol, unknown>

/** A message within others: the fields that lead to it, and how many they are. */
interface Place {
  readonly path: string
  readonly depth: number
}

/** A function that reads a message of some name, up to some byte. */
const reader = (bytes: Uint8Array, limits: Limits) => {
  const wire = wireOf(bytes)
  let count = 0

  /** The end of a part that begins with its length; it must lie within the message around it. */
  const stopOf = (end: number, path: string): number => {
    const at = wire.at
    const length = varint(wire, end, path)
    if (length > end - wire.at)
      throw wrong('Truncated', `a part of at most ${end - wire.at} bytes`, `${length}`, { byte: at, entry: path })
    return wire.at + length
  }
  const numberOf = (kind: string, end: number, path: string): number => {
    const type = wireTypes.get(kind)
    return type === 0 ? varintOf(wire, kind, end, path) : floatOf(wire, type === 1 ? 8 : 4, end, path)
  }
  const skip = (type: number, end: number, path: string): void => {
    if (type === 0) varint(wire, end, path)
    else if (type === 2) wire.at = stopOf(end, path)
    else if (type === 1 || type === 5) floatOf(wire, type === 1 ? 8 : 4, end, path)
    else
      throw wrong('BadData', 'a number, or a part with its length', `wire type ${type}`, { byte: wire.at, entry: path })
  }
  /** A text, bytes or a message. The bytes are a view, not a copy. */
  const partOf = (kind: string, end: number, place: Place): unknown => {
    const stop = stopOf(end, place.path)
    if (kind !== 'string' && kind !== 'bytes') return message(kind, stop, place)
    const at = wire.at
    wire.at = stop
    const part = bytes.subarray(at, stop)
    if (kind === 'bytes') return part
    try {
      return utf8.decode(part)
    } catch {
      throw wrong('NotUtf8', 'a text in UTF-8', 'other bytes', { byte: at, entry: place.path })
    }
  }
  /** Adds the value of a field to those that the message has already. */
  const addField = (found: Found, field: Field, type: number, end: number, place: Place): void => {
    const { name, kind, isRepeated } = field
    const list = isRepeated ? ((found[name] ?? []) as unknown[]) : []
    const path = `${place.path === '' ? '' : `${place.path}.`}${name}${isRepeated ? `[${list.length}]` : ''}`
    const own = wireTypes.get(kind)
    const here = { byte: wire.at, entry: path }
    if (field.isRefused) throw wrong('Unsupported', 'a model without this field', name, here)
    if (type !== (own ?? 2) && !(isRepeated && own !== undefined && type === 2))
      throw wrong('BadData', `a field of wire type ${own ?? 2}`, `${type}`, here)
    if (!isRepeated && Object.hasOwn(found, name)) throw wrong('DuplicateName', 'the field once', 'another one', here)
    if (own === undefined) list.push(partOf(kind, end, { path, depth: place.depth + 1 }))
    else if (type !== 2) list.push(numberOf(kind, end, path))
    else {
      const stop = stopOf(end, path)
      while (wire.at < stop) list.push(numberOf(kind, stop, path))
    }
    found[name] = isRepeated ? list : list[0]
  }
  const message = (name: string, end: number, place: Place): Found => {
    const here = { byte: wire.at, entry: place.path }
    if (place.depth > limits.depth) throw wrong('TooDeep', `messages at most ${limits.depth} deep`, 'deeper ones', here)
    if (++count > limits.messages) throw wrong('TooLarge', `at most ${limits.messages} messages`, 'more', here)
    const fields = fieldsOf.get(name) as ReadonlyMap<number, Field>
    const found: Found = { [first]: wire.at }
    while (wire.at < end) {
      const at = wire.at
      const tag = varint(wire, end, place.path)
      const [number, type] = [Math.floor(tag / 8), tag % 8]
      if (number < 1 || number >= 2 ** 29)
        throw wrong('BadData', 'a field with a number', `${number}`, { byte: at, entry: place.path })
      const field = fields.get(number)
      if (field === undefined) skip(type, end, place.path)
      else addField(found, field, type, end, place)
    }
    return found
  }
  return message
}

/**
 * Reads a message. Fields that are not in the table are skipped; one that may be there once and is there twice is an
 * error, and so are texts that are not UTF-8. Bytes are views of the given ones.
 */
export const readMessage = <N extends MessageName>(name: N, bytes: Uint8Array, limits: Limits): Message<N> => {
  if (bytes.length > limits.bytes)
    throw wrong('TooLarge', `at most ${limits.bytes} bytes`, `${bytes.length}`, {
      remedy: 'give a higher limit of bytes if the file is trusted',
    })
  return reader(bytes, limits)(name, bytes.length, { path: '', depth: 1 }) as Message<N>
}
