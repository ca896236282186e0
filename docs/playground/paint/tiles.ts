// Rows of small pictures: blue below 0, orange above, and the ground at 0.
import type { Tiles } from '../message.ts'
import { bitmap, colorOf, mixed, sheetOf } from './canvas.ts'

const gap = 2
/** The sides that a picture may have on the page. */
const [leastCell, mostCell, mostHeight] = [3, 12, 60] as const

export interface Arrangement {
  readonly columns: number
  readonly tileWidth: number
  readonly tileHeight: number
  readonly height: number
}

/** How tiles fill a width. */
export const arranged = ({ width, height, count }: Tiles, available: number): Arrangement => {
  const isPicture = height > 1 && count > 1
  const wanted = isPicture ? Math.max(18, Math.min(40, available / count - gap)) : available
  const cell = Math.min(
    isPicture ? (width <= 8 ? 4 : 2) : mostCell,
    wanted / width,
    isPicture ? mostHeight / height : mostCell,
  )
  const size = isPicture ? cell : Math.max(Math.min(leastCell, available / width), Math.min(cell, 84 / height))
  const [tileWidth, tileHeight] = [size * width, height === 1 ? Math.max(10, size) : size * height]
  const columns = Math.max(1, Math.floor((available + gap) / (tileWidth + gap)))
  return { columns, tileWidth, tileHeight, height: Math.ceil(count / columns) * (tileHeight + gap) - gap }
}

/** The size of number that gets the full color: all but the largest fiftieth are smaller, so a few do not pale the rest. */
const strong = (values: Float32Array): number => {
  const every = Math.ceil(values.length / 2000)
  const sizes = values
    .filter((_, i) => i % every === 0)
    .map(Math.abs)
    .sort()
  return Math.max(1e-12, sizes[Math.floor(0.98 * sizes.length)] ?? 0)
}

export const drawTiles = (canvas: HTMLCanvasElement, tiles: Tiles): void => {
  const sheet = sheetOf(canvas)
  if (sheet === undefined) return
  const { width, height, count, values } = tiles
  const { columns, tileWidth, tileHeight } = arranged(tiles, sheet.width)
  const [ground, below, above] = [
    colorOf(canvas, '--play-ground'),
    colorOf(canvas, '--play-below'),
    colorOf(canvas, '--play-above'),
  ]
  const most = strong(values)
  const area = width * height
  sheet.context.imageSmoothingEnabled = false
  for (let k = 0; k < count; k++) {
    const image = bitmap(width, height, (i) => {
      const value = (values[k * area + i] as number) / most
      return mixed(ground, value < 0 ? below : above, Math.min(1, Math.abs(value)))
    })
    const [column, row] = [k % columns, Math.floor(k / columns)]
    sheet.context.drawImage(image, column * (tileWidth + gap), row * (tileHeight + gap), tileWidth, tileHeight)
  }
}
