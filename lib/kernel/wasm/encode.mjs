// What the build writes of the kernels' code: bytes as the text that text.ts reads, and one code as pieces of another.

const character = (digit) => String.fromCharCode(digit + 40 + (digit > 51 ? 1 : 0))

/** Bytes as text: one character for those below 83, two for the others. */
export const textOf = (bytes) =>
  Array.from(bytes, (byte) => {
    const rest = byte - 83
    return rest < 0 ? character(byte) : character(83 + Math.floor(rest / 86)) + character(rest % 86)
  }).join('')

/** The shortest piece that is worth its two numbers. */
const shortest = 12

/** Bytes as pieces [from, to, text]: what `base` has between two places, and then the bytes of a text. */
export const piecesOf = (base, bytes) => {
  const key = (of, at) => of.subarray(at, at + shortest).join()
  const places = new Map()
  for (let at = 0; at + shortest <= base.length; at++) {
    const same = places.get(key(base, at))
    if (same) same.push(at)
    else places.set(key(base, at), [at])
  }
  /** How many bytes of `base` from a place on are those of `bytes` from another on. */
  const common = (from, at) => {
    let length = 0
    while (at + length < bytes.length && base[from + length] === bytes[at + length]) length++
    return length
  }
  const pieces = [[0, 0, []]]
  for (let at = 0, next = 0; at < bytes.length; ) {
    const from = [next, ...(places.get(key(bytes, at)) ?? [])].reduce((a, b) => (common(b, at) > common(a, at) ? b : a))
    const length = common(from, at)
    if (length >= shortest) {
      pieces.push([from, from + length, []])
      at += length
      next = from + length
    } else {
      pieces.at(-1)[2].push(bytes[at])
      at += 1
      next += 1
    }
  }
  return pieces.map(([from, to, more]) => [from, to, textOf(more)])
}
