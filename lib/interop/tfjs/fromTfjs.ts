import type * as E from '#fp/Either'
import { formatted } from '../../codec/formatted.ts'
import { compose } from '../../combinator/compose.ts'
import { identity, input } from '../../combinator/identity.ts'
import { named } from '../../combinator/named.ts'
import { FormatError } from '../../error/fileError.ts'
import type { Difference } from '../../error/issue.ts'
import { ShapeError, TensorError } from '../../error/tensorError.ts'
import { type AnyLayer, type Layer, none } from '../../layer/layer.ts'
import type { Variables } from '../../layer/variables.ts'
import { ownOf } from '../../tree/name.ts'
import type { Shape } from '../../type/tensor.ts'
import { chainIn, inputShape, type Listed } from './chain.ts'
import { type KerasLayer, type Weights, weightsOf } from './config.ts'
import { documentIn, type Json } from './document.ts'
import { makers } from './makers.ts'
import type { Piece, Tensors } from './piece.ts'
import { type WeightBytes, weightsIn } from './weights.ts'
import { unsupported, wrong } from './wrong.ts'

type Records = { readonly [layer: string]: Tensors }

/** A model of TensorFlow.js as a layer, with its variables under the names of the layers of Keras. */
export interface TfjsModel {
  readonly layer: Layer<Shape, Shape, Records, Records>
  readonly variables: Variables<Records, Records>
}

/** What an error says, without its code. */
const told = ({ expected, actual }: { readonly expected: string; readonly actual: string }): string =>
  `expected ${expected}, got ${actual}`

/** An error as an entry of a list. */
const differenceOf = (name: string, e: unknown): Difference => {
  if (e instanceof FormatError) return { _tag: e.reason, code: e.code, path: name, message: told(e) }
  if (e instanceof TensorError)
    return { _tag: e instanceof ShapeError ? 'BadShape' : 'BadEntry', code: e.code, path: name, message: told(e) }
  throw e
}

const make = (layer: KerasLayer): Piece => {
  const maker = makers.get(layer.className)
  if (maker === undefined) throw unsupported('a layer of the catalogue', layer.className)
  return maker(layer)
}

/** The layers of a chain; those that cannot be made are told all at once. */
const piecesOf = (chain: readonly Listed[], weights: Weights, isKeras3: boolean): readonly Piece[] => {
  const differences: Difference[] = []
  let shape = inputShape(chain)
  const pieces = chain.flatMap((listed) => {
    try {
      const piece = make({ ...listed, rank: shape?.length, isKeras3, weights })
      shape = shape && piece.gives(shape)
      return [piece]
    } catch (e) {
      differences.push(differenceOf(listed.name, e))
      return []
    }
  })
  if (differences.length === 0) return pieces
  const lines = differences.slice(0, 10).map(({ path, message }) => `${path}: ${message}`)
  const more = differences.length > 10 ? `, and ${differences.length - 10} more` : ''
  const [first] = differences as [Difference]
  const reason = differences.every(({ _tag }) => _tag === first._tag)
    ? (first._tag as FormatError['reason'])
    : 'BadEntry'
  throw new FormatError({
    format: 'tfjs',
    reason,
    expected: 'layers that can be made here',
    actual: `${differences.length} of ${chain.length} that cannot: ${lines.join(', ')}${more}`,
    differences,
  })
}

/** The pieces as one layer: those with variables under their names. */
const composed = (chain: readonly Listed[], pieces: readonly Piece[]): AnyLayer => {
  const shape = inputShape(chain)
  const layers = pieces.flatMap(({ layer, params, state, after = identity }, i) => {
    const hasVariables = Object.keys(params).length + Object.keys(state).length > 0
    return [hasVariables ? named((chain[i] as Listed).name, layer) : layer, after]
  })
  const all = [...(shape === undefined ? [] : [input(shape as Shape)]), ...layers]
  return (compose as unknown as (...layers: readonly AnyLayer[]) => AnyLayer)(...all)
}

const recordsOf = (chain: readonly Listed[], pieces: readonly Piece[], of: 'params' | 'state'): Records => {
  const full = pieces.flatMap((piece, i) =>
    Object.keys(piece[of]).length === 0 ? [] : [[(chain[i] as Listed).name, piece[of]] as const],
  )
  return full.length === 0 ? (none as Records) : Object.fromEntries(full)
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

/**
 * Reads a layers model of TensorFlow.js, `model.json` and the bytes of its weights, as Keras' converter or `model.save`
 * write it: a Sequential model, or a functional one that is a chain, of Keras 2 and 3. The layers become those of the
 * catalogue, each under its name if it has weights; the table `layouts` tells which, and kernels are turned by it. Weights
 * may be quantized as uint8, uint16 or float16. Losses and optimizers are read over.
 *
 * The weights are the bytes of the files by their paths in the manifest, or all of them one behind the other. A file that
 * is no such model is a `FormatError`; layers and options that have no counterpart here are `Unsupported`, all of them at
 * once, in `differences`.
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
export const fromTfjs = (model: string | Uint8Array, weights: WeightBytes): E.Either<FormatError, TfjsModel> =>
  formatted(() => {
    const { topology, manifest } = documentIn(model)
    const own = weightsOf(weightsIn(manifest, weights))
    const chain = chainIn(topology)
    const pieces = piecesOf(chain, own, isThree(topology))
    const [left] = own.left()
    if (left !== undefined)
      throw wrong('BadEntry', 'weights of the layers', `'${left}', which no layer has`, { entry: left })
    const [params, state] = [recordsOf(chain, pieces, 'params'), recordsOf(chain, pieces, 'state')]
    const layer = checked(() => composed(chain, pieces))
    return { layer, variables: { params, state } }
  })
