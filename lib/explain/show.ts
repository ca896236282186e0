import type { Show } from '#fp/Show'
import type { CheckedTensor, GradReport } from '../check/checkDiff.ts'
import type { Program } from '../kernel/program.ts'
import { type Compiled, isCompiled } from '../program/compile.ts'
import type { Profile } from '../program/profile.ts'
import { showCompiled, showProfile, showProgram } from '../program/show.ts'
import { showShape } from '../tensor/shape.ts'
import { showTensor } from '../tensor/show.ts'
import { isTensor } from '../tensor/view.ts'
import { table } from '../text/table.ts'
import type { Tree } from '../tree/tree.ts'
import type { InferredSchema } from '../type/table.ts'
import type { Graph } from './graph.ts'
import { showInferred } from './inferred.ts'
import { showGraph } from './text.ts'

const number = (x: number): string => (x === 0 ? '0' : x.toExponential(3))

/** The number of comparisons, and the unusual ones among them. */
const comparisons = ({ compared, by, kinks, hidden, linear }: CheckedTensor): string => {
  const one = by === 'entries' ? 'entry' : 'direction'
  const unusual = [
    kinks > 0 ? `a kink within the step of ${kinks}` : '',
    hidden > 0 ? `rounding hides ${hidden}` : '',
    linear ? '' : 'the pullback is not linear in its cotangent',
  ]
  return [`${compared} ${compared === 1 ? one : by}`, ...unusual.filter((text) => text !== '')].join(', ')
}

const row = (checked: CheckedTensor): readonly string[] => {
  const { path, order, shape, compared, by, worst, at, analytic, numeric, pass } = checked
  return [
    path === '' ? 'argument' : path,
    `${order}`,
    showShape(shape),
    pass ? 'pass' : 'FAIL',
    number(worst),
    compared === 0 ? '' : by === 'entries' ? showShape(at) : `direction ${at[0]}`,
    number(analytic),
    number(numeric),
    comparisons(checked),
  ]
}

const showReport = ({ pass, tolerance, checked, notes }: GradReport): string =>
  [
    table(
      ['tensor', 'order', 'shape', 'result', 'worst error', 'where', 'pullback', 'differences', 'compared'],
      checked.map(row),
      [4, 6, 7],
    ),
    ...notes,
    `gradient check: ${pass ? 'pass' : 'FAIL'} (tolerance ${tolerance})`,
  ].join('\n')

/** Any value that a record may hold, line by line under its dotted name. */
const lines = (x: unknown, path: readonly string[], around: readonly object[] = []): readonly string[] => {
  const at = path.length === 0 ? '' : `${path.join('.')}: `
  if (isTensor(x)) return [`${at}${showTensor.show(x)}`]
  if (typeof x !== 'object' || x === null) return [`${at}${typeof x === 'function' ? 'a function' : String(x)}`]
  if (Array.isArray(x) && x.every((v) => typeof v === 'number')) return [`${at}[${x.join(', ')}]`]
  if (around.includes(x)) return [`${at}a record around it`]
  return Object.entries(x).flatMap(([name, value]) => lines(value, [...path, name], [...around, x]))
}

/**
 * Formats a value of the library as text: a tensor with its numbers (a large one with its middle left out), a record of
 * tensors or a training run name by name, and as a table the report of a gradient check, the graph of `explain`, the
 * schema of `inferSchema`, a program, all programs of a compiled function, or the profile of one. `console.log` shows
 * single tensors this way by itself. A compiled function without a program is a `StructureError` that says why.
 *
 * @example
 * import { fromNested, show } from 'pullback'
 * show(fromNested([[1, 2], [3, 4]])) // => 'float32 [2, 2]\n[[1, 2],\n [3, 4]]'
 */
export const show = (x: Tree | GradReport | Graph | InferredSchema | Program | Profile | Compiled | object): string => {
  if (isCompiled(x)) return showCompiled(x)
  const tag = (x as { readonly _tag?: unknown })._tag
  if (tag === 'GradReport') return showReport(x as GradReport)
  if (tag === 'InferredSchema') return showInferred(x as InferredSchema)
  if (tag === 'Program') return showProgram(x as Program)
  if (tag === 'Profile') return showProfile(x as Profile)
  return tag === 'Graph' ? showGraph(x as Graph) : lines(x, []).join('\n')
}

/**
 * Converts a tree to text, an fp-ts `Show`: `show` of its tensors, name by name.
 *
 * @example
 * import { fromNested, showTree } from 'pullback'
 * showTree.show({ L1: { b: fromNested([1, 2]) } }) // => 'L1.b: float32 [2]\n[1, 2]'
 */
export const showTree: Show<Tree> = { show }
