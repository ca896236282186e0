import type * as E from '#fp/Either'
import { formatted } from '../codec/formatted.ts'
import type { FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import type { Variables } from '../layer/variables.ts'
import { describe } from '../tensor/data.ts'
import type { ExternalFiles } from './external.ts'
import { compileGraph } from './graph/compile.ts'
import { type GraphLayer, layerOf, type Named } from './graph/layer.ts'
import { type ImageLayout, type OnnxPort, portOf } from './graph/port.ts'
import { headerOf, modelIn } from './model.ts'
import { type GivenLimits, limitsIn } from './proto/limits.ts'
import { wrong } from './wrong.ts'

/** Options of models that are read. */
export interface FromOnnxOptions {
  /** How the layer takes and gives images, tensors of four axes: as our layers, by default, or as in the file. */
  readonly images?: ImageLayout | undefined
  /** Names of values in the graph that are taken as its outputs; what does not lead to them is left out. */
  readonly outputs?: readonly string[] | undefined
  /**
   * The bytes of another file by its name, for tensors whose numbers are not within the model; undefined for a file that
   * is not at hand. `listOnnx` tells the names.
   */
  readonly external?: ExternalFiles | undefined
  readonly limits?: GivenLimits | undefined
}

/** A model of a file as a layer. */
export interface OnnxModel {
  readonly layer: GraphLayer
  readonly variables: Variables<Named, Named>
  readonly inputs: readonly OnnxPort[]
  readonly outputs: readonly OnnxPort[]
  /** The version of the operators. */
  readonly opset: number
  /** What wrote the file, and the texts that it holds. */
  readonly producer: string
  readonly metadata: { readonly [name: string]: string }
}

const [oldest, newest] = [7, 24]

/** The version of the operators; those of other domains have none that matters. */
const opsetOf = ({ 'ai.onnx': version }: { readonly [domain: string]: number }): number => {
  const entry = 'opsetImport'
  if (version === undefined) throw wrong('BadHeader', 'a version of the operators', 'none', { entry })
  if (version < oldest || version > newest)
    throw wrong('OtherVersion', `operators of version ${oldest} to ${newest}`, `${version}`, { entry })
  return version
}

/**
 * Reads a model of ONNX as a layer like any other, with its variables, from the bytes of its file. Operators of versions
 * 7 to 24 are read as far as they map to operations of this library; all nodes that do not are named in one
 * `FormatError` with the reason `Unsupported`. What depends on sizes only, such as the shape of a Reshape, is computed
 * apart from the network.
 *
 * Initializers with axes are the parameters, under their names in the file: `layer1.0.weight` is `weight` in the record
 * `0` in the record `layer1`, so that `freeze(layer, 'layer1')` freezes a part. Numbers without axes, and those of nodes
 * `Constant`, stay as they are. The running moments of batch normalization are the state; they are not changed, since
 * normalization goes by them in training too, and nothing is dropped. `init` gives the numbers of the file, whatever the
 * key, so the layer can be a part of another one. An input is a tensor with the batch in front, or a
 * record of such by name where the graph has several; so is the output.
 *
 * Images are [batch, channels, height, width] in ONNX and [batch, height, width, channels] here. Tensors of four axes
 * are turned where they enter and leave the graph, unless `images` is 'NCHW'; kernels of convolutions are parameters
 * [out, height, width, in], as those of `conv2d`. Within the graph every node sees the axes that it expects, so what is
 * flattened keeps its order. Other tensors have the axes of the file.
 *
 * float16 and bfloat16 are read as float32, whole numbers as int32. A file is checked before memory is taken, within
 * `limits`. Numbers in other files, as PyTorch exports them, are those that `external` gives; `loadOnnx` of `pullback/node`
 * reads such files. With `outputs` a graph ends earlier, at values of these names.
 *
 * @see https://onnx.ai/onnx/operators/
 * @example
 * import { fromOnnx } from 'pullback/onnx'
 * const found = fromOnnx(Uint8Array.of(8, 8))
 * found._tag === 'Left' && found.left.message // => 'onnx: expected a model with a graph, got another file [unsupported-format]'
 */
export const fromOnnx = (bytes: Uint8Array, options: FromOnnxOptions = {}): E.Either<FormatError, OnnxModel> => {
  checkOptions('fromOnnx', options, ['images', 'outputs', 'external', 'limits'])
  const { images = 'NHWC', outputs, external } = options
  if (outputs !== undefined && !(Array.isArray(outputs) && outputs.every((name) => typeof name === 'string')))
    throw new StructureError({ op: 'fromOnnx', expected: 'outputs, an array of names', actual: describe(outputs) })
  if (images !== 'NHWC' && images !== 'NCHW')
    throw new StructureError({
      op: 'fromOnnx',
      expected: "images 'NHWC' or 'NCHW'",
      actual: describe(images),
      code: 'unknown-choice',
    })
  if (external !== undefined && typeof external !== 'function')
    throw new StructureError({
      op: 'fromOnnx',
      expected: 'external, a function from the name of a file to its bytes',
      actual: describe(external),
    })
  const limits = limitsIn('fromOnnx', options.limits)
  return formatted(() => {
    const model = modelIn(bytes, limits)
    const { opsets, producer, metadata } = headerOf(model)
    const opset = opsetOf(opsets)
    const graph = compileGraph(model.graph ?? {}, opset, limits, outputs, external)
    const inputs = graph.inputs.map(({ port }) => port)
    if (inputs.length === 0) throw wrong('Unsupported', 'a graph with an input', 'none', { entry: 'graph.input' })
    return {
      ...layerOf(graph, inputs, images),
      inputs: inputs.map(({ name, shape, type }) => ({ name, shape, type })),
      outputs: graph.outputs.map(({ message }) => portOf(message)),
      opset,
      producer,
      metadata,
    }
  })
}
