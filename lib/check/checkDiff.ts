import type { Diff } from '../diff/diff.ts'
import { DerivativeError, TracedError, ValueError } from '../error/tensorError.ts'
import { castFloats } from '../op/elementwise/cast.ts'
import { normal } from '../random/draw.ts'
import { checkKey, foldIn, type Key, key as keyOf } from '../random/key.ts'
import { vjp } from '../transform/vjp.ts'
import { entries as entriesOf, leaves, mapTree, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Shape, Tensor } from '../type/tensor.ts'
import { linearAt } from './linearity.ts'
import { directionMoves, entryMoves } from './move.ts'
import { decide, pointsNear } from './nearby.ts'
import { numbersOf, type Point, pointAt, probe, type Result, type Subject } from './probe.ts'

export interface CheckOptions {
  /** The largest allowed difference between a derivative and its finite differences, relative to the larger of both. */
  readonly tolerance?: number | undefined
  /** With 2, the derivative of the pullback is checked too. */
  readonly order?: 1 | 2 | undefined
  /**
   * The largest number of entries of a tensor to compare one by one; larger tensors are compared along random
   * directions.
   */
  readonly entries?: number | undefined
  /** The number of random directions. */
  readonly directions?: number | undefined
  /** The key for the directions, and for the cotangent if the value is not one number. */
  readonly key?: Key | undefined
}

/** The results of the check for one tensor of the argument. */
export interface CheckedTensor {
  /** Its dotted name; empty if the argument is the tensor itself. */
  readonly path: string
  readonly shape: Shape
  readonly order: 1 | 2
  readonly compared: number
  readonly by: 'entries' | 'directions'
  /** The largest relative error; `at` is the index of its entry, or the number of the direction. */
  readonly worst: number
  readonly at: readonly number[]
  readonly analytic: number
  readonly numeric: number
  /** The number of comparisons with a kink within the step. */
  readonly kinks: number
  /** The number of comparisons in which rounding left little to compare. */
  readonly hidden: number
  /** True if the tensor's cotangent is linear in that of the value. */
  readonly linear: boolean
  readonly pass: boolean
}

/** The report of a gradient check. `show` prints it as a table. */
export interface GradReport {
  readonly _tag: 'GradReport'
  readonly pass: boolean
  readonly tolerance: number
  readonly checked: readonly CheckedTensor[]
  readonly notes: readonly string[]
}

const checkOptions = (tolerance: number, order: number, entries: number, directions: number): void => {
  const fault = (expected: string, actual: number) => new ValueError({ op: 'gradCheck', expected, actual: `${actual}` })
  if (!(tolerance > 0)) throw fault('a tolerance above 0', tolerance)
  if (order !== 1 && order !== 2) throw fault('an order of 1 or 2', order)
  if (!Number.isInteger(entries) || entries < 0) throw fault('a whole number of entries', entries)
  if (!Number.isInteger(directions) || directions < 1) throw fault('at least one direction', directions)
}

type TreeDiff = Diff<Tree, Tree>

/** A tree of random numbers in the structure of another. */
const randomLike = (tree: Tree, key: Key): Tree => {
  let i = 0
  return mapTree(tree, (t) => (t.dtype === 'int32' ? t : normal(foldIn(key, i++), t.shape, 'float64')))
}

/** The most significant result: a failure if there is one, and of those the largest error. */
const worstOf = (results: readonly Result[]): Result | undefined =>
  [...results].sort((a, b) => Number(a.pass) - Number(b.pass) || (b.error || 0) - (a.error || 0))[0]

/**
 * Compares the pullback of a `Diff` with finite differences of its value, in float64, for each tensor of its argument;
 * for order 2, then checks the pullback as a function of the argument in the same way. `plain` gives the value alone.
 */
export const checkDiff = (
  diff: TreeDiff,
  given: Tree,
  options: CheckOptions = {},
  plain: (a: Tree) => Tree = (a) => diff(a)[0],
): GradReport => {
  const { tolerance = 1e-6, order = 2, entries = 256, directions = 16, key = keyOf(0) } = options
  checkOptions(tolerance, order, entries, directions)
  checkKey('gradCheck', key)
  const a = castFloats(given, 'float64')
  const named = entriesOf(a, 'gradCheck')
  const xs = named.map(([, t]) => t)

  const checkTensor = (subject: Subject, point: Point, near: () => readonly Point[], leaf: number) => {
    const { shape } = xs[leaf] as AnyTensor
    const x = numbersOf(xs[leaf] as Tensor)
    const by = x.length <= entries ? ('entries' as const) : ('directions' as const)
    const moves = by === 'entries' ? entryMoves(x, shape) : directionMoves(x, directions, foldIn(key, leaf))
    const results = moves.map((move): Result => {
      const found = probe(subject, point, leaf, move, tolerance)
      return found.unclear ? decide(subject, near(), leaf, found, tolerance) : found
    })
    const worst = worstOf(results)
    return {
      path: (named[leaf] as (typeof named)[number])[0].join('.'),
      shape,
      compared: results.length,
      by,
      worst: worst?.error ?? 0,
      at: worst?.move.at ?? [],
      analytic: worst?.analytic ?? 0,
      numeric: worst?.numeric ?? 0,
      kinks: results.filter(({ kink }) => kink).length,
      hidden: results.filter(({ hidden }) => hidden).length,
      pass: results.every(({ pass }) => pass),
    }
  }
  const check = (subject: Subject, other: Tree, of: 1 | 2): readonly CheckedTensor[] => {
    const point = pointAt(subject, xs)
    const linear = linearAt(subject, point, other, tolerance)
    let around: readonly Point[] | undefined
    const near = (): readonly Point[] => {
      around ??= pointsNear(subject, point, foldIn(key, 'near'))
      return around
    }
    return xs.flatMap((x, leaf) => {
      if (x.dtype === 'int32') return []
      const found = checkTensor(subject, point, near, leaf)
      return [{ ...found, order: of, linear: linear[leaf] === true, pass: found.pass && linear[leaf] === true }]
    })
  }

  const [value] = diff(a)
  const again = leaves(diff(a)[0]).map(numbersOf)
  const repeated = leaves(value).every((t, i) => numbersOf(t).every((x, j) => Object.is(x, again[i]?.[j])))
  const cotangent = randomLike(value, foldIn(key, 'cotangent'))
  const first = check({ diff, value: plain, argument: a, cotangent }, randomLike(value, foldIn(key, 'other')), 1)
  const second = (): readonly [readonly CheckedTensor[], readonly string[]] => {
    if (order === 1) return [[], []]
    try {
      const pulled = (x: Tree): Tree => diff(x)[1](cotangent)
      const u = randomLike(a, foldIn(key, 'second'))
      const subject = { diff: vjp(pulled), value: pulled, argument: a, cotangent: u }
      return [check(subject, randomLike(a, foldIn(key, 'other')), 2), []]
    } catch (e) {
      if (e instanceof TracedError || e instanceof DerivativeError)
        return [[], [`no derivative of order 2: ${e.message}`]]
      throw e
    }
  }
  const [more, missing] = second()
  const checked = [...first, ...more]
  const notes = repeated ? missing : ['the function gives another value at the same argument', ...missing]
  return { _tag: 'GradReport', pass: repeated && checked.every(({ pass }) => pass), tolerance, checked, notes }
}
