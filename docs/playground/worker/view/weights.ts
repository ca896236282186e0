// The parameters of a network as pictures: the weights of each unit of an image as an image, other matrices whole.
import { type Tensor, tree } from 'pullback'
import type { Tiles } from '../../message.ts'
import { numbersOf, tilesOf } from './tiles.ts'

const picture = (title: string, tensor: Tensor, image: readonly number[]): Tiles | undefined => {
  const { shape } = tensor
  const numbers = numbersOf(tensor)
  const number = (i: number): number => numbers[i] as number
  const [a = 1, b = 1, c = 1, d = 1] = shape
  const [height = 1, width = 1, channels] = image
  if (shape.length === 2 && channels === 1 && b === height * width)
    return tilesOf(title, shape, [a, height, width], (k, y, x) => number(k * b + y * width + x))
  // A tall matrix lies on its side, with the units of the layer from left to right.
  if (shape.length === 2 && a > b) return tilesOf(title, shape, [1, b, a], (_, y, x) => number(x * b + y))
  if (shape.length === 2) return tilesOf(title, shape, [1, a, b], (_, y, x) => number(y * b + x))
  if (shape.length === 1) return tilesOf(title, shape, [1, 1, a], (_, _y, x) => number(x))
  // Kernels are [channels out, height, width, channels in].
  if (shape.length === 4)
    return tilesOf(title, shape, [a * d, b, c], (k, y, x) =>
      number(((Math.floor(k / d) * b + y) * c + x) * d + (k % d)),
    )
  return undefined
}

/** `image` is the shape of an example. */
export const weights = (params: unknown, image: readonly number[]): readonly Tiles[] =>
  tree.entries(params as tree.Tree).flatMap(([path, tensor]) => picture(path.join('.'), tensor as Tensor, image) ?? [])
