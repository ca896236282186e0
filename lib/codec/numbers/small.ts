// Floats of 16, 8 and 4 bits. All of them are numbers that float32 holds exactly.

/** How the bits of a small float are divided, behind its sign. */
export interface SmallFloat {
  readonly exponent: number
  readonly mantissa: number
  readonly bias: number
  /**
   * The bit patterns that are no numbers: those of the largest exponent, which has infinities too, as in IEEE 754; the
   * largest of both signs; negative zero; or none.
   */
  readonly special: 'ieee' | 'largest' | 'negative zero' | 'none'
}

const nan = 0x7fc00000

/** The bits of a small float as those of float32. The payload of a NaN is kept where there is one. */
export const widened = ({ exponent, mantissa, bias, special }: SmallFloat, bits: number): number => {
  const [size, top] = [exponent + mantissa, (1 << exponent) - 1]
  const sign = (bits >>> size) << 31
  const [e, m] = [(bits >>> mantissa) & top, bits & ((1 << mantissa) - 1)]
  if (special === 'ieee' && e === top) return sign | 0x7f800000 | (m << (23 - mantissa))
  if (special === 'largest' && (bits & ((1 << size) - 1)) === (1 << size) - 1) return sign | nan
  if (special === 'negative zero' && bits === 1 << size) return nan
  if (e > 0) return sign | ((e - bias + 127) << 23) | (m << (23 - mantissa))
  if (m === 0) return sign
  const first = 31 - Math.clz32(m)
  return sign | ((first + 128 - bias - mantissa) << 23) | ((m << (23 - first)) & 0x7fffff)
}

export const float16: SmallFloat = { exponent: 5, mantissa: 10, bias: 15, special: 'ieee' }
export const e5m2: SmallFloat = { exponent: 5, mantissa: 2, bias: 15, special: 'ieee' }
export const e4m3: SmallFloat = { exponent: 4, mantissa: 3, bias: 7, special: 'largest' }
export const e5m2fnuz: SmallFloat = { exponent: 5, mantissa: 2, bias: 16, special: 'negative zero' }
export const e4m3fnuz: SmallFloat = { exponent: 4, mantissa: 3, bias: 8, special: 'negative zero' }
export const e2m1: SmallFloat = { exponent: 2, mantissa: 1, bias: 1, special: 'none' }

/** A power of two, from its exponent of eight bits; 255 is not a number. */
export const scaleBits = (e: number): number => (e === 255 ? nan : e === 0 ? 1 << 22 : e << 23)
