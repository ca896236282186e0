// What the layers of a network give, as pictures: over the plane, a picture for each unit; for one example, its numbers.
import type { Tiles } from '../../message.ts'
import type { Output } from '../watch.ts'
import { numbersOf, tilesOf } from './tiles.ts'

const titleOf = ({ name, kind }: Output): string => (name === '' ? kind : `${name} · ${kind}`)

/** The outputs at the cells of a grid: each unit is a picture of the plane. */
export const overPlane = (outputs: readonly Output[], size: number): readonly Tiles[] =>
  outputs.flatMap((output) => {
    const { shape } = output.value
    const [, units = 0] = shape
    if (shape.length !== 2) return []
    const numbers = numbersOf(output.value)
    return [
      tilesOf(titleOf(output), shape.slice(1), [units, size, size], (k, y, x) =>
        Number(numbers[(y * size + x) * units + k]),
      ),
    ]
  })

/** The outputs for one example: the channels of an image are pictures, a vector is a row. */
export const ofExample = (outputs: readonly Output[]): readonly Tiles[] =>
  outputs.flatMap((output) => {
    const [, ...shape] = output.value.shape
    const numbers = numbersOf(output.value)
    const [height = 1, width = 1, channels = 1] = shape
    if (shape.length === 3)
      return [
        tilesOf(titleOf(output), shape, [channels, height, width], (k, y, x) =>
          Number(numbers[(y * width + x) * channels + k]),
        ),
      ]
    return shape.length === 1 ? [tilesOf(titleOf(output), shape, [1, 1, height], (_, _y, x) => Number(numbers[x]))] : []
  })
