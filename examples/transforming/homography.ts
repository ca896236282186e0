// Maps of the plane, as 3×3 matrices row by row, up to a factor.

export type Homography = readonly [number, number, number, number, number, number, number, number, number]

export const shift = (x: number, y: number): Homography => [1, 0, x, 0, 1, y, 0, 0, 1]

/** Stretched along both axes, then turned. */
export const turn = (angle: number, x: number, y: number): Homography => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  return [c * x, -s * y, 0, s * x, c * y, 0, 0, 0, 1]
}

export const tilt = (x: number, y: number): Homography => [1, 0, 0, 0, 1, 0, x, y, 1]

/** First b, then a; the last entry is 1. */
export const after = (a: Homography, b: Homography): Homography => {
  const entry = (i: number, j: number): number =>
    [0, 1, 2].reduce((sum, k) => sum + (a[3 * i + k] as number) * (b[3 * k + j] as number), 0)
  const last = entry(2, 2)
  return [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => entry(i, j) / last)) as unknown as Homography
}

/** The inverse, as the adjugate. */
export const inverse = ([a, b, c, d, e, f, g, h, i]: Homography): Homography => [
  e * i - f * h,
  c * h - b * i,
  b * f - c * e,
  f * g - d * i,
  a * i - c * g,
  c * d - a * f,
  d * h - e * g,
  b * g - a * h,
  a * e - b * d,
]
