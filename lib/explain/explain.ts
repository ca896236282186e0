import { lift } from '../diff/lift.ts'
import { type Call, Traced } from '../diff/trace.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { checkContext } from '../layer/apply.ts'
import { checkLayer } from '../layer/checkLayer.ts'
import { checkVariables } from '../layer/checkVariables.ts'
import { type AnyLayer, type Context, type Layer, none } from '../layer/layer.ts'
import { node } from '../layer/node.ts'
import { checkPort } from '../layer/port.ts'
import { type LooseApply, own } from '../layer/records.ts'
import { mapParts } from '../layer/structure.ts'
import { count, type Variables } from '../layer/variables.ts'
import { checkValue, ofTarget } from '../loss/checkValue.ts'
import { checkLoss, type Loss } from '../loss/loss.ts'
import { ones } from '../tensor/create.ts'
import { toTypedArray } from '../tensor/to.ts'
import { backward, history, record } from '../transform/record.ts'
import { entries, leaves, type Tree } from '../tree/tree.ts'
import type { Batch } from '../type/port.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { type Graph, type GraphNode, norm, statistics } from './graph.ts'

/**
 * How to run the network, and the function whose gradients to compute: the loss, or by default the sum of all outputs.
 */
export interface ExplainOptions<Y, T> {
  readonly context?: Context | undefined
  readonly loss?: Loss<Y, T> | undefined
  readonly target?: T | undefined
}

interface Label {
  readonly path: string
  readonly kind: string
  readonly parameters: number
}

/** A layer whose innermost parts are recorded as one call each. Backward follows the record, not their pullbacks. */
const watched = (layer: AnyLayer, labels: Map<Call, Label>): LooseApply =>
  mapParts(layer, (part, names) => {
    const path = names.join('.')
    const label: Label = { path, kind: part.kind, parameters: count(part) }
    const apply: LooseApply = (params, state, context, x) => {
      const step = node(part, path === '' ? part.kind : path, own(part.params, params), state, context, x)
      for (const y of leaves(step.value) as readonly unknown[]) if (y instanceof Traced) labels.set(y.call, label)
      return { ...step, pullback: () => ({ params: () => none, input: () => none }) }
    }
    return { ...part, apply }
  }).apply

const allFinite = (t: AnyTensor): boolean => toTypedArray(t).every((x) => Number.isFinite(x))

/**
 * Runs a layer on a minibatch and returns its structure and what happened in it as data: each input, each layer and
 * each operation between layers, with names, shapes, parameter counts, statistics of the outputs, and the norms of the
 * gradients. `show` prints it, `firstNotFinite` finds where a NaN began, `toDot` and `toMermaid` draw it.
 *
 * @example
 * import { compose, explain, init, key, linear, named, ones, relu } from 'pullback'
 * const net = compose(named('L1', linear(4, 3)), relu, named('L2', linear(3, 2)))
 * const { nodes } = explain(net, init(net, key(0)), ones([5, 4]))
 * nodes.map(({ kind }) => kind) // => ['input', 'linear', 'relu', 'linear']
 */
export const explain = <I, O, P, S, T>(
  layer: Layer<I, O, P, S>,
  variables: Variables<P, S>,
  x: Batch<I>,
  options: ExplainOptions<NoInfer<Batch<O>>, T> = {},
): Graph => {
  checkLayer('explain', layer)
  checkOptions('explain', options, ['context', 'loss', 'target'])
  const { context = { mode: 'eval' }, loss, target } = options
  checkContext('explain', context)
  if ((loss === undefined) !== (target === undefined))
    throw new StructureError({
      op: 'explain',
      expected: 'a loss and its target, or neither',
      actual: loss === undefined ? 'a target alone' : 'a loss alone',
      code: 'missing-name',
    })
  if (loss !== undefined) checkLoss('explain', loss)
  checkVariables(layer, variables)
  checkPort(layer.kind, layer.input, x)
  const labels = new Map<Call, Label>()
  const apply = watched(layer, labels)
  type Given = { readonly params: Tree; readonly x: Tree }
  const given: Given = { params: variables.params as Tree, x: x as Tree }
  const run = (a: Given): Tree => {
    const { value } = apply(a.params, variables.state, context, a.x)
    if (loss === undefined) return value
    const ofOutput = ofTarget('explain', loss, target as T)
    return lift<Tree, Tree>((output) => checkValue('explain', ofOutput(output as never)) as never, 'loss')(value)
  }
  const { value, roots, results } = record<Given, Tree>('explain', run, given)
  const gradients = backward(
    results,
    leaves(value).map((y) => ones(y.shape, y.dtype)),
  )()
  const named = entries(given).map(([path, tensor], i) => ({ path, tensor, call: roots[i]?.call }))
  const parameters = new Set(named.flatMap(({ path, call }) => (path[0] === 'params' && call ? [call] : [])))
  const ids = new Map<Call, number>()
  const nodes: GraphNode[] = []
  const gradientOf = (calls: readonly Call[]): number | undefined => {
    const found = calls.flatMap((call) => gradients(call).filter((d) => d !== undefined))
    return found.length === 0 ? undefined : norm(found)
  }
  const add = (call: Call | undefined, outputs: readonly AnyTensor[], made: Label): void => {
    const parents = [...new Set((call?.parents ?? []).flatMap((parent) => (parent === null ? [] : [parent.call])))]
    if (call !== undefined) ids.set(call, nodes.length)
    nodes.push({
      id: nodes.length,
      ...made,
      inputs: parents.flatMap((parent) => ids.get(parent) ?? []),
      shapes: outputs.map((y) => y.shape),
      activation: statistics(outputs),
      gradient: call && gradientOf([call]),
      parameterGradient: gradientOf(parents.filter((parent) => parameters.has(parent))),
    })
  }
  for (const { path, tensor, call } of named)
    if (path[0] === 'x') add(call, [tensor], { path: path.slice(1).join('.'), kind: 'input', parameters: 0 })
  const inputs = new Set(named.map(({ call }) => call))
  for (const call of history(results).toReversed())
    if (!inputs.has(call)) add(call, call.outputs, labels.get(call) ?? { path: '', kind: call.name, parameters: 0 })
  const badParameters = entries(given.params).flatMap(([path, t]) => (allFinite(t) ? [] : [path.join('.')]))
  return { _tag: 'Graph', nodes, badParameters }
}
