import type * as E from '#fp/Either'
import { formatted } from '../../codec/formatted.ts'
import { FormatError } from '../../error/fileError.ts'
import type { Difference } from '../../error/issue.ts'
import { ShapeError, TensorError } from '../../error/tensorError.ts'
import { type Layer, none } from '../../layer/layer.ts'
import type { Variables } from '../../layer/variables.ts'
import { ownOf } from '../../tree/name.ts'
import type { Shape } from '../../type/tensor.ts'
import { type KerasLayer, weightsOf } from './config.ts'
import { documentIn, type Json } from './document.ts'
import { type Limits, limitsOf, type TfjsOptions } from './limits.ts'
import { makePiece } from './makers.ts'
import { type Group, groupsIn } from './manifest.ts'
import { type Made, networkOf } from './network.ts'
import type { Piece, Tensors } from './piece.ts'
import { inputShape, type Node, nodesIn } from './topology.ts'
import { type WeightBytes, weightsIn } from './weights.ts'
import { wrong } from './wrong.ts'

type Records = { readonly [layer: string]: Tensors }

/** A model of TensorFlow.js as a layer, with its variables under the names of the layers of Keras. */
export interface TfjsModel {
  readonly layer: Layer<Shape, Shape, Records, Records>
  readonly variables: Variables<Records, Records>
}

/** The message of an error, without its code. */
const told = ({ expected, actual }: { readonly expected: string; readonly actual: string }): string =>
  `expected ${expected}, got ${actual}`

/** An error as an entry of a list: the name of the layer, what is wrong with it, and its place in the JSON. */
const differenceOf = ({ name, path: place }: Node, e: unknown): Difference => {
  if (!(e instanceof FormatError || e instanceof TensorError)) throw e
  const _tag = e instanceof FormatError ? e.reason : e instanceof ShapeError ? 'BadShape' : 'BadEntry'
  return { _tag, code: e.code, path: name, message: `${told(e)} (${place})` }
}

const make = (layer: KerasLayer, count: number): Piece => {
  const piece = makePiece(layer)
  if (piece.join === undefined ? count > 1 : count < 2)
    throw wrong('BadEntry', `a layer of ${piece.join === undefined ? 'one input' : 'several inputs'}`, `${count}`)
  return piece
}

/** The error for layers that cannot be made, which are told all at once. */
const refused = (differences: readonly [Difference, ...Difference[]], count: number): FormatError => {
  const lines = differences.slice(0, 10).map(({ path, message }) => `${path}: ${message}`)
  const more = differences.length > 10 ? `, and ${differences.length - 10} more` : ''
  const { _tag } = differences[0]
  return new FormatError({
    format: 'tfjs',
    reason: differences.every((other) => other._tag === _tag) ? (_tag as FormatError['reason']) : 'BadEntry',
    expected: 'layers that can be made here',
    actual: `${differences.length} of ${count} that cannot: ${lines.join(', ')}${more}`,
    differences,
  })
}

/** The layers that are made of those of the file. */
const madeOf = (
  nodes: readonly Node[],
  about: Pick<KerasLayer, 'weights' | 'isKeras3' | 'limits'>,
): readonly Made[] => {
  const differences: Difference[] = []
  const shapes: (Shape | undefined)[] = []
  const made = nodes.flatMap((node) => {
    try {
      const given = node.sources.length === 0 ? [inputShape(node)] : node.sources.map((source) => shapes[source])
      const piece = make({ ...node, ...about, shape: given[0] }, given.length)
      const [first, ...others] = given as readonly Shape[]
      shapes.push(first === undefined || given.includes(undefined) ? undefined : piece.gives(first, ...others))
      return [{ node, piece }]
    } catch (e) {
      shapes.push(undefined)
      differences.push(differenceOf(node, e))
      return []
    }
  })
  const [first, ...others] = differences
  if (first === undefined) return made
  throw refused([first, ...others], nodes.length)
}

const recordsOf = (made: readonly Made[], of: 'params' | 'state'): Records => {
  const full = made.filter(({ piece }) => Object.keys(piece[of]).length > 0)
  return full.length === 0
    ? (none as Records)
    : Object.fromEntries(full.map(({ node, piece }) => [node.name, piece[of]] as const))
}

/** The value, or an error about the file where a layer refuses its configuration. */
const checked = <A>(f: () => A): A => {
  try {
    return f()
  } catch (e) {
    if (!(e instanceof TensorError)) throw e
    throw wrong('BadEntry', 'layers that fit each other', `${e.op}, which ${told(e)}`, { entry: 'modelTopology' })
  }
}

const isThree = (topology: Json): boolean => /^3\./.test(String(ownOf(topology, 'keras_version')))

/** The model of a topology and its weights. */
export const modelOf = (topology: Json, groups: readonly Group[], bytes: WeightBytes, limits: Limits): TfjsModel => {
  const weights = weightsOf(weightsIn(groups, bytes))
  const made = madeOf(nodesIn(topology, limits), { weights, isKeras3: isThree(topology), limits })
  const [left] = weights.left()
  if (left !== undefined)
    throw wrong('BadEntry', 'weights of the layers', `'${left}', which no layer has`, { entry: left })
  const layer = checked(() => networkOf(made)) as TfjsModel['layer']
  return { layer, variables: { params: recordsOf(made, 'params'), state: recordsOf(made, 'state') } }
}

/**
 * Reads a layers model of TensorFlow.js, `model.json` and the bytes of its weights, as Keras' converter or `model.save`
 * write it: a Sequential model, or a functional one with one output, of Keras 2 and 3. The layers become those of the
 * catalogue, each under its name if it has weights; the table `layouts` tells which, and kernels are turned by it. Several
 * inputs are a record by the names of their layers, and that of an `Embedding` is whole numbers. Weights may be quantized
 * as uint8, uint16 or float16. Losses and optimizers are read over.
 *
 * The weights are the bytes of the files by their paths in the manifest, or all of them one behind the other. A file that
 * is no such model is a `FormatError`; layers and options that have no counterpart here are `Unsupported`, all of them at
 * once, in `differences`. What is larger than `limits` allows is `TooLarge`.
 *
 * @see https://www.tensorflow.org/js/guide/save_load
 * @example
 * import { fromNested, predict, toNested } from 'pullback'
 * import { fromTfjs } from 'pullback/interop'
 * const dense = { class_name: 'Dense', config: { name: 'd', units: 1, batch_input_shape: [null, 2] } }
 * const shapes = { 'd/kernel': [2, 1], 'd/bias': [1] }
 * const weights = Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'float32' }))
 * const modelTopology = { class_name: 'Sequential', config: { layers: [dense] } }
 * const model = JSON.stringify({ modelTopology, weightsManifest: [{ paths: ['w.bin'], weights }] })
 * const found = fromTfjs(model, { 'w.bin': new Uint8Array(Float32Array.of(1, 2, 3).buffer) })
 * if (found._tag === 'Left') throw found.left
 * toNested(predict(found.right.layer, found.right.variables, fromNested([[10, 100]]))) // => [[213]]
 */
export const fromTfjs = (
  model: string | Uint8Array,
  weights: WeightBytes,
  options: TfjsOptions = {},
): E.Either<FormatError, TfjsModel> => {
  const limits = limitsOf('fromTfjs', options)
  return formatted(() => {
    const { topology, manifest } = documentIn(model, limits)
    return modelOf(topology, groupsIn(manifest, limits), weights, limits)
  })
}
