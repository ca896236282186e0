// Digits before and after a known move: each is placed twice at random, and the move is what takes the first picture to
// the second.
import { type Batch, fromArray, type Key, random, type Shape, toNested, toTypedArray } from 'pullback'
import { after, type Homography, inverse, shift, tilt, turn } from './homography.ts'
import { type Form, poses } from './pose.ts'
import { warp } from './warp.ts'

type Images = Batch<readonly [number]>
/** A minibatch for the model: pictures, their moves, and the moved pictures. */
export type Pairs = {
  readonly input: { readonly image: Images; readonly move: Batch<Shape> }
  readonly target: Images
}

type Draw = (u: readonly number[]) => Homography
const translation: Draw = ([x = 0, y = 0]) => shift(Math.round(3.5 * x), Math.round(3.5 * y))
const matrix: Draw = ([angle = 0, x = 0, y = 0]) => turn(0.4 * angle, Math.exp(0.2 * x), Math.exp(0.2 * y))
const affine: Draw = ([x = 0, y = 0, ...u]) => after(shift(3 * x, 3 * y), matrix(u))
const projective: Draw = ([x = 0, y = 0, ...u]) => after(affine(u), tilt(x / 100, y / 100))
/**
 * A place from numbers in [−1, 1): up to 3 pixels from the center, 23 degrees, a fifth in size, and some perspective.
 */
const draws: Readonly<Record<Form, Draw>> = { translation, matrix, affine, projective }

/** The input of a capsule that describes a move. */
const told: Readonly<Record<Form, (map: Homography) => readonly number[]>> = {
  translation: ([, , x, , , y]) => [x, y],
  matrix: ([a, b, , d, e]) => [a, b, d, e],
  affine: (map) => map.slice(0, 6),
  projective: (map) => map,
}

/** Pairs of pictures of square pictures, with the moves between them. The same key gives the same pairs. */
export const pairs = (form: Form, key: Key, digits: Images): Pairs => {
  const [count, pixels] = digits.shape
  const flat = toTypedArray(digits) as Float32Array
  const numbers = toNested(random.uniform(key, [2, count, 7], { min: -1 }))
  const [first, second] = numbers.map((all) => all.map(draws[form])) as [Homography[], Homography[]]
  const placed = (maps: readonly Homography[]): Images => {
    const all = new Float32Array(count * pixels)
    for (const [i, map] of maps.entries()) all.set(warp(flat.subarray(i * pixels, (i + 1) * pixels), map), i * pixels)
    return fromArray(all, [count, pixels])
  }
  const moves = first.flatMap((map, i) => told[form](after(second[i] as Homography, inverse(map))))
  return {
    input: { image: placed(first), move: fromArray(moves, [count, ...poses[form].shape]) },
    target: placed(second),
  }
}
