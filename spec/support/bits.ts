import { isTensor, toArray } from 'pullback'

/** A value with each tensor in it as its number format, its shape and its numbers. */
export const bits = (value: unknown): unknown => {
  if (isTensor(value)) return { dtype: value.dtype, shape: [...value.shape], numbers: toArray(value) }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(bits)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, bits(part)]))
}
