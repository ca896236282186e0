// Sizes of a graph: whole numbers, and multiples of the batch, whose size is open.

export type Size = number | { readonly perBatch: number }

const isOpen = (n: Size): n is { readonly perBatch: number } => typeof n !== 'number'
export const open = (perBatch: number): Size => ({ perBatch })

export const same = (a: Size, b: Size): boolean => (isOpen(a) ? isOpen(b) && a.perBatch === b.perBatch : a === b)
export const sameSizes = (a: readonly Size[], b: readonly Size[]): boolean =>
  a.length === b.length && a.every((n, i) => same(n, b[i] as Size))

/** a / b, if it is a whole number or a multiple of the batch. */
export const quotient = (a: Size, b: Size): Size | undefined => {
  const n = isOpen(a) ? a.perBatch : a
  const m = isOpen(b) ? b.perBatch : b
  if ((isOpen(b) && !isOpen(a)) || m === 0 || n % m !== 0) return undefined
  return isOpen(a) && !isOpen(b) ? open(n / m) : n / m
}

/** a · b, unless both are multiples of the batch. */
export const product = (a: Size, b: Size): Size | undefined => {
  if (isOpen(a)) return isOpen(b) ? undefined : open(a.perBatch * b)
  return isOpen(b) ? open(a * b.perBatch) : a * b
}

/** The product of sizes, of which at most one is a multiple of the batch. */
export const total = (sizes: readonly Size[]): Size | undefined =>
  sizes.reduce<Size | undefined>((n, m) => (n === undefined ? undefined : product(n, m)), 1)

/** The size for a batch of n. */
export const at = (size: Size, n: number): number => (isOpen(size) ? size.perBatch * n : size)

export const isBatch = isOpen
