/** A function from bytes, and the checksum of the bytes before them, to the checksum of both. */
export type Checksum = (bytes: Uint8Array, before?: number) => number

/** The contribution of a byte to the checksum, by the number of zero bytes that follow it, 256 entries each. */
const table = ((): Uint32Array => {
  const t = new Uint32Array(8 * 256)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
    t[n] = c
  }
  for (let i = 256; i < t.length; i++) {
    const c = t[i - 256] as number
    t[i] = (c >>> 8) ^ (t[c & 255] as number)
  }
  return t
})()

/**
 * CRC-32 as in zlib, gzip and PNG (polynomial 0x04c11db7, reflected), computed for eight bytes at a time with tables.
 * It finds every error of one bit and every burst of up to 32; it does not protect against intent.
 */
export const crc32: Checksum = (bytes, before = 0) => {
  const byte = (i: number): number => bytes[i] as number
  const t = (i: number): number => table[i] as number
  let c = ~before
  let i = 0
  for (const end = bytes.length - 8; i <= end; i += 8) {
    c ^= byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24)
    c =
      t(0x700 | (c & 255)) ^
      t(0x600 | ((c >>> 8) & 255)) ^
      t(0x500 | ((c >>> 16) & 255)) ^
      t(0x400 | (c >>> 24)) ^
      t(0x300 | byte(i + 4)) ^
      t(0x200 | byte(i + 5)) ^
      t(0x100 | byte(i + 6)) ^
      t(byte(i + 7))
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t((c ^ byte(i)) & 255)
  return ~c >>> 0
}
