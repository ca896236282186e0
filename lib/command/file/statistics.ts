import { FormatError } from '../../error/fileError.ts'
import type { Data } from '../../tensor/data.ts'
import { eachOf, type Place } from './numbersAt.ts'

/** A tensor in some numbers; those that are not finite are counted and left out of the others. */
export interface Statistics {
  readonly least?: number
  readonly mean?: number
  readonly largest?: number
  readonly deviation?: number
  readonly notFinite: number
}

/** A summary of the numbers that have been seen. */
interface Summary {
  readonly count: number
  readonly mean: number
  /** The sum of the squared deviations from the mean. */
  readonly squares: number
  readonly least: number
  readonly largest: number
  readonly notFinite: number
}

const nothing: Summary = { count: 0, mean: 0, squares: 0, least: Infinity, largest: -Infinity, notFinite: 0 }

/** The summary of some numbers, in two passes. */
const summaryOf = (some: Data): Summary => {
  let [sum, count, least, largest] = [0, 0, Infinity, -Infinity]
  for (let i = 0; i < some.length; i++) {
    const x = some[i] as number
    if (x - x !== 0) continue // NaN and the infinities
    sum += x
    count++
    if (x < least) least = x
    if (x > largest) largest = x
  }
  const mean = count === 0 ? 0 : sum / count
  let squares = 0
  for (let i = 0; i < some.length; i++) {
    const x = some[i] as number
    if (x - x === 0) squares += (x - mean) * (x - mean)
  }
  return { count, mean, squares, least, largest, notFinite: some.length - count }
}

/** The summary of two parts together (Chan, Golub and LeVeque 1979). */
const together = (a: Summary, b: Summary): Summary => {
  const count = a.count + b.count
  const [of, by] = count === 0 ? [0, 0] : [a.count / count, b.count / count]
  return {
    count,
    mean: a.mean * of + b.mean * by,
    squares: a.squares + b.squares + (b.mean - a.mean) ** 2 * of * b.count,
    least: Math.min(a.least, b.least),
    largest: Math.max(a.largest, b.largest),
    notFinite: a.notFinite + b.notFinite,
  }
}

/** The statistics of a tensor in a file, or why its numbers cannot be read. */
export const statisticsOf = async (place: Place): Promise<Statistics | string> => {
  let seen = nothing
  try {
    await eachOf(place, (some) => {
      seen = together(seen, summaryOf(some))
    })
  } catch (e) {
    if (e instanceof FormatError && e.reason === 'OutOfRange') return `expected ${e.expected}, got ${e.actual}`
    throw e
  }
  const { count, mean, squares, least, largest, notFinite } = seen
  return count === 0 ? { notFinite } : { least, mean, largest, deviation: Math.sqrt(squares / count), notFinite }
}
