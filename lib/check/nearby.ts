import { ValueError } from '../error/tensorError.ts'
import { normal } from '../random/draw.ts'
import { foldIn, type Key } from '../random/key.ts'
import { fromArray } from '../tensor/from.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { numbersOf, type Point, pointAt, probe, type Result, type Subject } from './probe.ts'

/**
 * Distances of the points, which come in pairs on opposite sides: differences are computed at the first few, only the
 * gradient at the others.
 */
const distances = [-2, -4, -3, -2.5, -3.5, -2, -3, -4].flatMap((e, i) => [
  { draw: i, distance: 10 ** e },
  { draw: i, distance: -(10 ** e) },
])
const compared = 2

/** Moves all numbers at random, by a distance relative to their sizes. */
const displaced = (tensors: readonly AnyTensor[], distance: number, key: Key): readonly AnyTensor[] =>
  tensors.map((t, i) => {
    if (t.dtype === 'int32') return t
    const by = numbersOf(normal(foldIn(key, i), t.shape, 'float64'))
    return fromArray(
      numbersOf(t).map((x, j) => x + distance * Math.max(1, Math.abs(x)) * (by[j] as number)),
      t.shape,
    )
  })

/**
 * Points around another, on opposite sides of it, with the gradients there: they tell whether the derivative is right
 * at a kink. Points at which the function is not defined are left out.
 */
export const pointsNear = (subject: Subject, { tensors }: Point, key: Key): readonly Point[] =>
  distances.flatMap(({ draw, distance }) => {
    try {
      return [pointAt(subject, displaced(tensors, distance, foldIn(key, draw)))]
    } catch (e) {
      if (e instanceof ValueError) return []
      throw e
    }
  })

/**
 * True if a slope at a kink may be right, given the slopes around it. At a single kink it lies between the two; with
 * several kinks, of which only some combinations are seen, it may be any sum of theirs, and so lie beyond those seen.
 */
const mayBe = (claimed: number, slopes: readonly number[]): boolean => {
  const [low, high] = [Math.min(...slopes), Math.max(...slopes)]
  const range = high - low
  const apart = [...slopes]
    .sort((a, b) => a - b)
    .filter((s, i, all) => i > 0 && s - (all[i - 1] as number) > 0.05 * range)
  const beyond = 0.05 * Math.max(Math.abs(low), Math.abs(high)) + (apart.length < 2 ? 0 : 4 * range)
  return claimed >= low - beyond && claimed <= high + beyond
}

/**
 * Decides an unclear comparison by the points nearby: the derivative must be right at each of them that is clear, and
 * at the point itself it must be a possible value at a kink.
 */
export const decide = (
  subject: Subject,
  points: readonly Point[],
  leaf: number,
  unclear: Result,
  tolerance: number,
): Result => {
  const telling: Result[] = []
  for (const point of points.slice(0, compared)) {
    const result = probe(subject, point, leaf, unclear.move, tolerance)
    if (result.unclear || !Number.isFinite(result.numeric)) continue
    if (!result.pass) return { ...result, kink: true }
    telling.push(result)
  }
  const slopes = points
    .map(({ gradients }) => unclear.move.slope(gradients[leaf] as Float64Array))
    .filter(Number.isFinite)
  const possible = unclear.pass || (slopes.length > 1 && mayBe(unclear.analytic, slopes))
  if (telling.length === 0) return { ...unclear, hidden: true }
  if (possible) return { ...(telling[0] as Result), kink: true }
  return { ...unclear, kink: true, error: Number.POSITIVE_INFINITY, pass: false }
}
