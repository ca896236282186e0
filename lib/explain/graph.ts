import { toTypedArray } from '../tensor/to.ts'
import type { AnyTensor, Shape } from '../type/tensor.ts'

/** A summary of some numbers. */
export interface Statistics {
  readonly count: number
  /** The count of NaN and infinite numbers; the other statistics are of the rest. */
  readonly notFinite: number
  readonly mean: number
  readonly deviation: number
  readonly min: number
  readonly max: number
  /** The share of zeros: of inactive units, behind a relu. */
  readonly zeros: number
}

/** A node of a graph: an input, a layer, or an operation between layers. */
export interface GraphNode {
  readonly id: number
  /** The dotted name of a layer or of an input; empty for an operation, and for a layer without a name. */
  readonly path: string
  /** 'input', the kind of layer, or the operation. */
  readonly kind: string
  /** The nodes whose values it takes. */
  readonly inputs: readonly number[]
  /** The shapes of its outputs. */
  readonly shapes: readonly Shape[]
  /** The number of its parameters. */
  readonly parameters: number
  readonly activation: Statistics
  /** The norm of the gradient with respect to its outputs; undefined if the result does not depend on them. */
  readonly gradient: number | undefined
  /** The norm of the gradient with respect to its parameters. */
  readonly parameterGradient: number | undefined
}

/** A record of a network's run on one minibatch. `show` prints it as a table; `toDot` and `toMermaid` draw it. */
export interface Graph {
  readonly _tag: 'Graph'
  readonly nodes: readonly GraphNode[]
  /** The parameters that are not all finite, by dotted names. */
  readonly badParameters: readonly string[]
}

/** The statistics of some tensors' numbers. */
export const statistics = (tensors: readonly AnyTensor[]): Statistics => {
  const all = tensors.flatMap((t) => Array.from(toTypedArray(t)))
  const finite = all.filter(Number.isFinite)
  const n = Math.max(1, finite.length)
  const total = (f: (x: number) => number): number => finite.reduce((s, x) => s + f(x), 0)
  const mean = total((x) => x) / n
  return {
    count: all.length,
    notFinite: all.length - finite.length,
    mean,
    deviation: Math.sqrt(total((x) => (x - mean) ** 2) / n),
    min: finite.reduce((a, b) => Math.min(a, b), finite[0] ?? 0),
    max: finite.reduce((a, b) => Math.max(a, b), finite[0] ?? 0),
    zeros: total((x) => (x === 0 ? 1 : 0)) / n,
  }
}

/** The norm of some tensors as one vector. */
export const norm = (tensors: readonly AnyTensor[]): number =>
  Math.sqrt(tensors.reduce((s, t) => s + Float64Array.from(toTypedArray(t)).reduce((r, x) => r + x * x, 0), 0))

/** A node as text: its name, or its kind. */
export const label = ({ path, kind }: GraphNode): string => (path === '' ? kind : `${path} (${kind})`)

/**
 * The first node whose output has NaN or infinity, preferably one whose inputs have none: where the trouble began on
 * the way forward.
 *
 * @example
 * import { compose, elementwise, explain, firstNotFinite, fromNested, identity, init, key, op } from 'pullback'
 * const net = compose(identity, elementwise(op.log), elementwise(op.exp))
 * firstNotFinite(explain(net, init(net, key(0)), fromNested([[-1]])))?.kind // => 'log'
 */
export const firstNotFinite = ({ nodes }: Graph): GraphNode | undefined => {
  const bad = nodes.filter((node) => node.activation.notFinite > 0)
  const made = bad.find((node) => node.inputs.every((i) => nodes[i]?.activation.notFinite === 0))
  return made ?? bad[0]
}

/**
 * The first node on the way back whose gradient has NaN or infinity although the gradients it got have none.
 *
 * @example
 * import { compose, elementwise, explain, firstBadGradient, fromNested, identity, init, key, op } from 'pullback'
 * const net = compose(identity, elementwise(op.sqrt), elementwise(op.exp))
 * firstBadGradient(explain(net, init(net, key(0)), fromNested([[0]])))?.kind // => 'sqrt'
 */
export const firstBadGradient = ({ nodes }: Graph): GraphNode | undefined => {
  const bad = (gradient: number | undefined): boolean => gradient !== undefined && !Number.isFinite(gradient)
  return nodes.findLast(
    (node) =>
      node.gradient !== undefined &&
      Number.isFinite(node.gradient) &&
      (bad(node.parameterGradient) || node.inputs.some((i) => bad(nodes[i]?.gradient))),
  )
}
