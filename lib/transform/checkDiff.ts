import type { Diff } from '../diff/diff.ts'
import { DerivativeError, TracedError, ValueError } from '../error/tensorError.ts'
import { castFloats } from '../op/cast.ts'
import { normal } from '../random/draw.ts'
import { checkKey, foldIn, type Key, key as keyOf } from '../random/key.ts'
import { ones } from '../tensor/create.ts'
import { fromArray } from '../tensor/from.ts'
import { toTypedArray } from '../tensor/to.ts'
import { isTensor } from '../tensor/view.ts'
import { checkCotangent, entries as entriesOf, leaves, mapTree, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Shape, Tensor } from '../type/tensor.ts'
import { directionMoves, entryMoves, type Move } from './move.ts'
import { type Comparison, compareSlope } from './slope.ts'
import { vjp } from './vjp.ts'

export interface CheckOptions {
  /** How far a derivative may be from its differences, relative to the larger of both. */
  readonly tolerance?: number | undefined
  /** 2 also checks the derivative of the pullback. */
  readonly order?: 1 | 2 | undefined
  /** Up to this many entries of a tensor are compared one by one; larger tensors along random directions. */
  readonly entries?: number | undefined
  /** How many random directions. */
  readonly directions?: number | undefined
  /** Draws the directions, and the cotangent where the value is not one number. */
  readonly key?: Key | undefined
}

/** What the check found for one tensor of the argument. */
export interface CheckedTensor {
  /** Its dotted name; empty if the argument is the tensor itself. */
  readonly path: string
  readonly shape: Shape
  readonly order: 1 | 2
  readonly compared: number
  readonly by: 'entries' | 'directions'
  /** The worst relative error, and where: the entry's index, or the number of the direction. */
  readonly worst: number
  readonly at: readonly number[]
  readonly analytic: number
  readonly numeric: number
  /** For how many comparisons a kink lay within the step. */
  readonly kinks: number
  /** For how many rounding hid so much that little was compared. */
  readonly hidden: number
  readonly pass: boolean
}

/** What a gradient check found. `show` prints it as a table. */
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

/** The sum of products with a cotangent, which makes one number of a value, and how large its terms are. */
const weigh = (value: Tree, cotangent: Tree): readonly [number, number] => {
  const weights = leaves(cotangent)
  let [sum, size] = [0, 0]
  leaves(value).forEach((t, i) => {
    const w = toTypedArray(weights[i] as AnyTensor)
    toTypedArray(t).forEach((x, j) => {
      sum += x * (w[j] as number)
      size += Math.abs(x * (w[j] as number))
    })
  })
  return [sum, size]
}

interface Result extends Comparison {
  readonly move: Move
  readonly analytic: number
}

/** The result that says most: a failure if there is one, and of those the largest error. */
const worstOf = (results: readonly Result[]): Result | undefined =>
  [...results].sort((a, b) => Number(a.pass) - Number(b.pass) || (b.error || 0) - (a.error || 0))[0]

/**
 * Compares the pullback of a `Diff` with differences of its value, in float64, tensor by tensor of its argument; for order 2
 * then does the same with the pullback as a function of the argument.
 */
export const checkDiff = (diff: TreeDiff, given: Tree, options: CheckOptions = {}): GradReport => {
  const { tolerance = 1e-6, order = 2, entries = 256, directions = 16, key = keyOf(0) } = options
  checkOptions(tolerance, order, entries, directions)
  checkKey('gradCheck', key)
  const a = castFloats(given, 'float64')
  const named = entriesOf(a, 'gradCheck')
  const xs = named.map(([, t]) => t)

  const checkTensor = (
    d: TreeDiff,
    cotangent: Tree,
    leaf: number,
    gradient: Float64Array,
    of: 1 | 2,
  ): CheckedTensor => {
    const { shape } = xs[leaf] as AnyTensor
    const x = toTypedArray(xs[leaf] as Tensor) as Float64Array
    const by = x.length <= entries ? 'entries' : 'directions'
    const moves = by === 'entries' ? entryMoves(x, shape) : directionMoves(x, directions, foldIn(key, leaf))
    const size = gradient.reduce((m, g) => Math.max(m, Math.abs(g)), 0)
    const results = moves.map((move): Result => {
      const analytic = move.slope(gradient)
      const along = (t: number) => {
        const moved = fromArray(move.moved(x, t), shape)
        return weigh(
          d(
            rebuild(
              a,
              xs.map((y, i) => (i === leaf ? moved : y)),
            ),
          )[0],
          cotangent,
        )
      }
      return { move, analytic, ...compareSlope(along, analytic, move.scale, tolerance, size) }
    })
    const worst = worstOf(results)
    return {
      path: (named[leaf] as (typeof named)[number])[0].join('.'),
      shape,
      order: of,
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
  const check = (d: TreeDiff, cotangent: Tree, of: 1 | 2): readonly CheckedTensor[] => {
    const gradient = d(a)[1](cotangent)
    checkCotangent('gradCheck', a, gradient)
    const gradients = leaves(gradient)
    return xs.flatMap((x, leaf) =>
      x.dtype === 'int32'
        ? []
        : [checkTensor(d, cotangent, leaf, toTypedArray(gradients[leaf] as Tensor) as Float64Array, of)],
    )
  }

  const [value] = diff(a)
  const single = isTensor(value) && value.size === 1
  const cotangent = single ? ones(value.shape, 'float64') : randomLike(value, foldIn(key, 'cotangent'))
  const first = check(diff, cotangent, 1)
  const second = (): readonly [readonly CheckedTensor[], readonly string[]] => {
    if (order === 1) return [[], []]
    try {
      return [
        check(
          vjp((x: Tree) => diff(x)[1](cotangent)),
          randomLike(a, foldIn(key, 'second')),
          2,
        ),
        [],
      ]
    } catch (e) {
      if (e instanceof TracedError || e instanceof DerivativeError)
        return [[], [`no derivative of order 2: ${e.message}`]]
      throw e
    }
  }
  const [more, notes] = second()
  const checked = [...first, ...more]
  return { _tag: 'GradReport', pass: checked.every(({ pass }) => pass), tolerance, checked, notes }
}
