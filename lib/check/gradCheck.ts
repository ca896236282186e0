import type { Diff } from '../diff/diff.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { checkContext } from '../layer/apply.ts'
import { isLayer } from '../layer/checkLayer.ts'
import { checkVariables } from '../layer/checkVariables.ts'
import type { AnyLayer, Context, Layer } from '../layer/layer.ts'
import { checkPort } from '../layer/port.ts'
import { init } from '../layer/variables.ts'
import type { Loss } from '../loss/loss.ts'
import type { RegressionLoss } from '../loss/regression.ts'
import { castFloats } from '../op/elementwise/cast.ts'
import { key } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import { vjp } from '../transform/vjp.ts'
import { isBranch, type Tree } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'
import { type CheckOptions, checkDiff, type GradReport } from './checkDiff.ts'

type TreeFunction = (a: Tree) => Tree
type TreeDiff = Diff<Tree, Tree>

const inFloat64 = (tree: Tree): Tree => castFloats(tree, 'float64')

const optionNames = ['tolerance', 'order', 'entries', 'directions', 'key'] as const

/** Checks the place where a layer's derivatives are checked. */
const checkPlace = (at: unknown): void => {
  const names: readonly string[] = isBranch(at) ? Object.keys(at) : []
  const known = names.every((name) => ['params', 'input', 'state'].includes(name))
  if (known && names.includes('params') && names.includes('input')) return
  const expected = 'a place { params, input }, and the state if the layer has any'
  throw new StructureError({ op: 'gradCheck', expected, actual: describe(at), code: 'missing-name' })
}

export interface LayerCheckOptions extends CheckOptions {
  /** The context, by default training with a fixed key: dropout then drops the same entries each time. */
  readonly context?: Context | undefined
}

/** A layer as a function of its parameters and its input, with the layer's own pullback. */
const layerDiff = (layer: AnyLayer, state: Tree, context: Context): TreeDiff => {
  const diff: Diff<{ params: Tree; input: Tree }, Tree> = ({ params, input }) => {
    const step = layer.apply(params, state, context, input as never)
    return [
      step.value,
      (dy) => {
        const cotangents = step.pullback(dy as never)
        return { params: cotangents.params(), input: cotangents.input() }
      },
    ]
  }
  return diff as unknown as TreeDiff
}

/** The loss for a target, if the arguments are a loss and { output, target }; undefined otherwise. */
const lossDiff = (subject: object, at: object): TreeDiff | undefined => {
  if (Object.keys(at).length !== 2 || !Object.hasOwn(at, 'output') || !Object.hasOwn(at, 'target')) return undefined
  try {
    const diff: unknown = (subject as (target: Tree) => unknown)(inFloat64((at as { readonly target: Tree }).target))
    return typeof diff === 'function' ? (diff as TreeDiff) : undefined
  } catch {
    return undefined // a plain function of a record with these names
  }
}

/** True if a function returns its value with its own pullback. */
const isDiff = (f: TreeFunction | TreeDiff, a: Tree): f is TreeDiff => {
  const result = f(inFloat64(a)) as unknown
  return Array.isArray(result) && typeof result[1] === 'function'
}

/**
 * Checks derivatives against finite differences: a layer's own pullback, a loss's, a `Diff`'s, or the inferred
 * derivative of a plain function of a tree. It computes in float64, whatever the precision of the arguments; tensors
 * that a plain function closes over must be float64 already.
 *
 * Each entry is compared with central differences, large tensors along random directions; order 2 checks the derivative
 * of the pullback in the same way. An entry passes if both agree to `tolerance`, relative to the larger of the two, or
 * to the bound of the rounding error: a right gradient passes however small its entries, a wrong one fails. The steps
 * suit the function: long ones, extrapolated, for smooth functions, and ones short enough to leave out a kink (such as
 * relu's at 0) or a pole beside the point. At a kink itself nearby points decide; the report counts the comparisons
 * with a kink within a usual step.
 *
 * The cotangents are random, even for a value of one number, and the pullback must be linear in them. A function that
 * gives different values for the same argument fails.
 *
 * The report has the largest error of each tensor, and its index; `show(report)` prints it as a table.
 *
 * @example
 * import { compose, fromNested, gradCheck, init, key, linear, named, tanh } from 'pullback'
 * const net = compose(named('L1', linear(2, 3)), tanh, named('L2', linear(3, 1)))
 * const { params } = init(net, key(0))
 * gradCheck(net, { params, input: fromNested([[1, 2], [3, 4]]) }).pass // => true
 */
export function gradCheck<I, O, P, S>(
  layer: Layer<I, O, P, S>,
  at: { readonly params: P; readonly input: Batch<I>; readonly state?: S | undefined },
  options?: LayerCheckOptions,
): GradReport
export function gradCheck<Y, T>(
  loss: Loss<NoInfer<Y>, NoInfer<T>> | RegressionLoss,
  at: { readonly output: Y; readonly target: T },
  options?: CheckOptions,
): GradReport
export function gradCheck<A extends Tree, B extends Tree>(
  f: Diff<A, B> | ((a: A) => B),
  at: A,
  options?: CheckOptions,
): GradReport
export function gradCheck(subject: object, at: object, options: LayerCheckOptions = {}): GradReport {
  const isOfLayer = isLayer(subject)
  checkOptions('gradCheck', options, isOfLayer ? [...optionNames, 'context'] : optionNames)
  if (!isOfLayer && typeof subject !== 'function')
    throw new StructureError({
      op: 'gradCheck',
      expected: 'a layer, a loss, or a function of a tree',
      actual: describe(subject),
    })
  if (isOfLayer) {
    checkPlace(at)
    const layer: AnyLayer = subject
    const {
      params,
      input,
      state = init(layer, key(0)).state,
    } = at as { params: Tree; input: Tree; state?: Tree | undefined }
    checkVariables(layer, { params, state })
    checkPort(layer.kind, layer.input, input)
    const { context = { mode: 'train', key: key(0) } as const } = options
    checkContext('gradCheck', context)
    return checkDiff(layerDiff(layer, inFloat64(state), context), { params, input }, options)
  }
  const loss = lossDiff(subject, at)
  if (loss !== undefined) return checkDiff(loss, (at as { readonly output: Tree }).output, options)
  const f = subject as TreeFunction | TreeDiff
  return isDiff(f, at as Tree) ? checkDiff(f, at as Tree, options) : checkDiff(vjp(f), at as Tree, options, f)
}
