// Points in the plane by class, and the lines that a classifier draws between the classes.
import { fromNested, type Tensor, toArray, toNested } from 'pullback'
import type { Point, Series } from 'pullback/chart'
import { contours, joined, type Surface, straightened } from '../../examples/support/contours.ts'

export type Matrix = Tensor<readonly [number, 2]>

const gap: Point = [Number.NaN, Number.NaN]

/** The points of each class as dots: a point between gaps is one. */
export const classes = (
  input: Matrix,
  labels: Tensor<readonly [number], 'int32'>,
  names: readonly string[],
): readonly Series[] => {
  const of = toArray(labels)
  const points = toNested(input) as unknown as readonly Point[]
  return names.map((name, i) => ({ name, points: points.filter((_, n) => of[n] === i).flatMap((p) => [p, gap]) }))
}

/** The scores of one point. */
export type Scores = (at: Point) => readonly number[]

export const scoresOf =
  (predict: (x: Matrix) => Tensor, dtype: 'float32' | 'float64' = 'float32'): Scores =>
  (at) =>
    toArray(predict(fromNested([[...at]], dtype) as Matrix))

/** Where the score of some class goes past those of all others. */
export const boundary = (scores: Scores, plane: Omit<Surface, 'f'>, count: number): Series => {
  const lines = Array.from({ length: count === 2 ? 1 : count }, (_, y) => {
    const lead = (at: Point): number => {
      const z = scores(at)
      return (z[y] as number) - Math.max(...z.filter((_, i) => i !== y))
    }
    return joined(contours({ ...plane, f: lead }, [0], 60).flat())
  })
  return { name: 'boundary', points: lines.flat().flatMap((line) => [...straightened(line, 0.001), gap]) }
}
