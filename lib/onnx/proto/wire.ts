// The numbers of protocol buffers.
import { wrong } from '../wrong.ts'

/** Bytes and a position in them. */
export interface Wire {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
}

export const wireOf = (bytes: Uint8Array): Wire => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  at: 0,
})

const truncated = (wire: Wire, end: number, entry: string) =>
  wrong('Truncated', 'the rest of a number', 'the end', { byte: Math.min(wire.at, end), entry })

/**
 * A whole number of 7 bits a byte, the lowest first, in two halves of 32 bits. Ten bytes hold 64 bits; more bits are an
 * error.
 */
const halves = (wire: Wire, end: number, entry: string): readonly [low: number, high: number] => {
  const start = wire.at
  let [low, high] = [0, 0]
  for (let shift = 0; shift < 70; shift += 7) {
    if (wire.at >= end) throw truncated(wire, end, entry)
    const byte = wire.bytes[wire.at++] as number
    const bits = byte & 0x7f
    if (shift < 28) low |= bits << shift
    else if (shift === 28) {
      low |= bits << 28
      high = bits >>> 4
    } else high |= bits << (shift - 32)
    if (shift === 63 && byte > 1) break
    if (byte < 0x80) return [low >>> 0, high >>> 0]
  }
  throw wrong('BadData', 'a number of at most 64 bits', 'a longer one', { byte: start, entry })
}

/** A number without sign, which is exact up to 2⁵³. */
export const varint = (wire: Wire, end: number, entry: string): number => {
  const byte = wire.bytes[wire.at]
  if (wire.at < end && byte !== undefined && byte < 0x80) {
    wire.at++
    return byte
  }
  const [low, high] = halves(wire, end, entry)
  return high * 2 ** 32 + low
}

/** A number of a kind with or without sign. Beyond 2⁵³ it is the nearest one, as for the ends of slices without end. */
export const varintOf = (wire: Wire, kind: string, end: number, entry: string): number => {
  const [low, high] = halves(wire, end, entry)
  if (kind === 'uint64') return high * 2 ** 32 + low
  return kind === 'int32' ? low | 0 : (high | 0) * 2 ** 32 + low
}

/** A float of 4 or 8 bytes. */
export const floatOf = (wire: Wire, width: 4 | 8, end: number, entry: string): number => {
  if (end - wire.at < width) throw truncated(wire, end, entry)
  const at = wire.at
  wire.at += width
  return width === 4 ? wire.view.getFloat32(at, true) : wire.view.getFloat64(at, true)
}
