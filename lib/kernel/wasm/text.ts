// The code of the kernels as text. What a server compresses has to find equal code, so a byte begins where a character does:
// the digits are the characters from '(' to '~' but for the backslash, the smaller bytes are one digit, the others two.
// Base64 spreads three bytes over four characters, and compresses to half as much again.

const digitAt = (text: string, i: number): number => {
  const code = text.charCodeAt(i)
  return code - 40 - (code > 92 ? 1 : 0)
}

/** The bytes of a text that `encode.mjs` wrote. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes: number[] = []
  for (let i = 0; i < text.length; i++) {
    const digit = digitAt(text, i)
    bytes.push(digit < 83 ? digit : 83 + 86 * (digit - 83) + digitAt(text, ++i))
  }
  return Uint8Array.from(bytes)
}
