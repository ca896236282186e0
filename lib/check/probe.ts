import type { Diff } from '../diff/diff.ts'
import { ValueError } from '../error/tensorError.ts'
import { fromArray } from '../tensor/from.ts'
import { toTypedArray } from '../tensor/to.ts'
import { checkCotangent } from '../tree/checkCotangent.ts'
import { leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor, Shape, Tensor } from '../type/tensor.ts'
import type { Move } from './move.ts'
import { type Comparison, compareSlope } from './slope.ts'

/**
 * A derivative to check: a function with its pullback, the structure of its argument, and a cotangent of its value. The
 * differences are of `value`, the function alone: many are needed, and nothing of them is traced.
 */
export interface Subject {
  readonly diff: Diff<Tree, Tree>
  readonly value: (a: Tree) => Tree
  readonly argument: Tree
  readonly cotangent: Tree
}

/** A point at which a derivative is checked: the argument's tensors, and the gradient there for each tensor. */
export interface Point {
  readonly tensors: readonly AnyTensor[]
  readonly gradients: readonly Float64Array[]
  /** The value there, which every comparison needs; computed once. */
  readonly values: () => readonly AnyTensor[]
}

/** The result for one move of one tensor. */
export interface Result extends Comparison {
  readonly move: Move
  readonly analytic: number
}

export const numbersOf = (x: AnyTensor): Float64Array => Float64Array.from(toTypedArray(x as Tensor))

/** The bound for the rounding error of a number of size 1. */
const rounded = 8 * 2 ** -52

/** Numbers smaller than this have no effect on numbers of size 1. */
const vanishing = 2 ** -64

/** The largest number of parts into which a value is divided; a larger value is divided into that many sums. */
const most = 512

/** The gradient at a point. */
export const pointAt = ({ diff, value, argument, cotangent }: Subject, tensors: readonly AnyTensor[]): Point => {
  const at = rebuild(argument, tensors)
  const gradient = diff(at)[1](cotangent)
  checkCotangent('gradCheck', at, gradient)
  let values: readonly AnyTensor[] | undefined
  return {
    tensors,
    gradients: leaves(gradient).map(numbersOf),
    values: () => {
      values ??= leaves(value(at))
      return values
    },
  }
}

/** Compares the slope along a move of one tensor with the slope according to the gradient. */
export const probe = (
  { value, argument, cotangent }: Subject,
  { tensors, gradients, values }: Point,
  leaf: number,
  move: Move,
  tolerance: number,
): Result => {
  const moving = tensors[leaf] as AnyTensor
  const x = numbersOf(moving)
  const gradient = gradients[leaf] as Float64Array
  const weights = leaves(cotangent).map((w) => (w.dtype === 'int32' ? undefined : toTypedArray(w as Tensor)))
  const numbers = weights.reduce((n, w) => n + (w?.length ?? 0), 0)
  const count = Math.max(1, Math.min(numbers, most))
  const valueAt = (t: number): readonly AnyTensor[] => {
    const moved = fromArray(move.moved(x, t), moving.shape as Shape)
    return leaves(
      value(
        rebuild(
          argument,
          tensors.map((y, i) => (i === leaf ? moved : y)),
        ),
      ),
    )
  }
  let [inputs, size] = [0, 0]
  gradient.forEach((g, i) => {
    size = Math.max(size, Math.abs(g))
    inputs += (move.along(i) * g * (x[i] as number)) ** 2
  })
  // A step is rounded when it is added to the argument.
  const stepping = Number.isFinite(inputs) ? (rounded / 8) * Math.sqrt(inputs) : 0
  const units = new Float64Array(count)
  let at = 0
  for (const w of weights)
    w?.forEach((x) => {
      const k = at++ % count
      units[k] = (units[k] as number) + rounded * Math.abs(x)
    })
  const outside = [[Number.NaN], [0]] as const
  const along = (t: number): readonly [ArrayLike<number>, ArrayLike<number>] => {
    const parts = new Float64Array(count)
    const rounding = new Float64Array(count).fill(stepping / count)
    let next = 0
    try {
      ;(t === 0 ? values() : valueAt(t)).forEach((y, i) => {
        const w = weights[i]
        if (w === undefined) return
        toTypedArray(y as Tensor).forEach((v, j) => {
          const k = next++ % count
          parts[k] = (parts[k] as number) + v * (w[j] as number)
          rounding[k] = (rounding[k] as number) + rounded * Math.abs(w[j] as number) * (Math.abs(v) + vanishing)
        })
      })
    } catch (e) {
      if (e instanceof ValueError) return outside // the function is not defined there
      throw e
    }
    return [parts, rounding]
  }
  const analytic = move.slope(gradient)
  return { move, analytic, ...compareSlope({ along, units }, analytic, move, tolerance, size) }
}
