// A drawn digit as the network knows digits: in the middle of 28 × 28 numbers, its ink 20 high or wide.

export const side = 28
const ink = 20

/** A picture of numbers from 0 to 1, rows from the top. */
export interface Gray {
  readonly width: number
  readonly height: number
  readonly values: ArrayLike<number>
}

const at = ({ width, height, values }: Gray, x: number, y: number): number =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : (values[y * width + x] as number)

/** The smallest box around the ink, and the middle of its weight; undefined for an empty picture. */
export const inked = (picture: Gray) => {
  let [left, top, right, bottom] = [picture.width, picture.height, -1, -1]
  let [sum, sumX, sumY] = [0, 0, 0]
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      const value = at(picture, x, y)
      if (value < 0.05) continue
      ;[left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)]
      sum += value
      sumX += value * (x + 0.5)
      sumY += value * (y + 0.5)
    }
  if (sum === 0) return undefined
  return { size: Math.max(right - left, bottom - top) + 1, x: sumX / sum, y: sumY / sum }
}

/** The mean of the picture over a square with its middle at x, y. */
const meanAround = (picture: Gray, x: number, y: number, size: number): number => {
  const points = Math.max(1, Math.ceil(size))
  let sum = 0
  for (let j = 0; j < points; j++)
    for (let i = 0; i < points; i++) {
      const dx = ((i + 0.5) / points - 0.5) * size
      const dy = ((j + 0.5) / points - 0.5) * size
      sum += at(picture, Math.floor(x + dx), Math.floor(y + dy))
    }
  return sum / points ** 2
}

/** As the digits of MNIST were prepared: scaled to its box, the middle of its weight in the middle of the picture. */
export const prepared = (picture: Gray): Float32Array | undefined => {
  const found = inked(picture)
  if (found === undefined) return undefined
  const scale = found.size / ink
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [column, row] = [i % side, Math.floor(i / side)]
    const x = found.x + (column + 0.5 - side / 2) * scale
    const y = found.y + (row + 0.5 - side / 2) * scale
    return Math.min(1, meanAround(picture, x, y, scale))
  })
}
