const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** A copy of some bytes. `slice` of a Node `Buffer`, which is a Uint8Array, does not copy. */
export const part = (bytes: Uint8Array, from: number, to: number): Uint8Array =>
  Uint8Array.prototype.slice.call(bytes, from, to) as Uint8Array

/** Reverses the bytes of each number of a given width. */
export const swapped = (bytes: Uint8Array, width: number): Uint8Array => {
  const made = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at += width)
    for (let i = 0; i < width; i++) made[at + i] = bytes[at + width - 1 - i] as number
  return made
}

/** Converts the bytes of numbers between the order of this machine and a given one, which is that of most files. */
export const inOrder = (bytes: Uint8Array, width: number, order: 'little' | 'big' = 'little'): Uint8Array =>
  width <= 1 || isLittleEndian === (order === 'little') ? bytes : swapped(bytes, width)
