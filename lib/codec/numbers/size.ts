/** The number of bytes of a shape; undefined if it is too large for an exact number. */
export const bytesFor = (shape: readonly number[], width: number): number | undefined => {
  if (shape.includes(0)) return 0
  let n = width
  for (const size of shape) {
    n *= size
    if (n > Number.MAX_SAFE_INTEGER) return undefined
  }
  return n
}
