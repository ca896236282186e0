import type * as E from '#fp/Either'
import { formatted } from '../codec/formatted.ts'
import type { FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import type { Variables } from '../layer/variables.ts'
import { describe } from '../tensor/data.ts'
import { compileGraph } from './graph/compile.ts'
import { type GraphLayer, layerOf, type Named } from './graph/layer.ts'
import { type ImageLayout, type OnnxPort, portIn, portOf } from './graph/port.ts'
import type { Message } from './proto/fields.ts'
import { type Limits, limitsIn } from './proto/limits.ts'
import { readMessage } from './proto/read.ts'
import { wrong } from './wrong.ts'

/** Options of models that are read. */
export interface FromOnnxOptions {
  /** How the layer takes and gives images, tensors of four axes: as our layers, by default, or as in the file. */
  readonly images?: ImageLayout | undefined
  /** Names of values in the graph that are taken as its outputs; what does not lead to them is left out. */
  readonly outputs?: readonly string[] | undefined
  readonly limits?: { readonly [N in keyof Limits]?: number | undefined } | undefined
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

const [oldest, newest] = [7, 21]

/** The version of the operators; those of other domains have none that matters. */
const opsetOf = ({ opsetImport = [] }: Message<'Model'>): number => {
  const found = opsetImport.filter(({ domain = '' }) => domain === '' || domain === 'ai.onnx')
  const [{ version } = {}] = found
  if (found.length !== 1 || version === undefined)
    throw wrong('BadHeader', 'one version of the operators', `${found.length}`, { entry: 'opsetImport' })
  if (version < oldest || version > newest)
    throw wrong('OtherVersion', `operators of version ${oldest} to ${newest}`, `${version}`, { entry: 'opsetImport' })
  return version
}

/** Checks that bytes are a model, and reads it. */
export const modelIn = (bytes: Uint8Array, limits: Limits): Message<'Model'> => {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw wrong('OtherFormat', 'the bytes of a file, a Uint8Array', describe(bytes))
  const model = readMessage('Model', bytes, limits)
  if (model.graph === undefined || (model.irVersion ?? 0) < 1)
    throw wrong('OtherFormat', 'a model with a graph', bytes.length === 0 ? 'no bytes' : 'another file')
  return model
}

/**
 * Reads a model of ONNX as a layer like any other, with its variables, from the bytes of its file. Operators of versions
 * 7 to 21 are read as far as they map to operations of this library; all nodes that do not are named in one
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
 * `limits`; numbers in other files are refused. With `outputs` a graph ends earlier, at values of these names.
 *
 * @see https://onnx.ai/onnx/operators/
 * @example
 * import { fromOnnx } from 'pullback/onnx'
 * const found = fromOnnx(Uint8Array.of(8, 8))
 * found._tag === 'Left' && found.left.message // => 'onnx: expected a model with a graph, got another file [unsupported-format]'
 */
export const fromOnnx = (bytes: Uint8Array, options: FromOnnxOptions = {}): E.Either<FormatError, OnnxModel> => {
  checkOptions('fromOnnx', options, ['images', 'outputs', 'limits'])
  const { images = 'NHWC', outputs } = options
  if (outputs !== undefined && !(Array.isArray(outputs) && outputs.every((name) => typeof name === 'string')))
    throw new StructureError({ op: 'fromOnnx', expected: 'outputs, an array of names', actual: describe(outputs) })
  if (images !== 'NHWC' && images !== 'NCHW')
    throw new StructureError({
      op: 'fromOnnx',
      expected: "images 'NHWC' or 'NCHW'",
      actual: describe(images),
      code: 'unknown-choice',
    })
  const limits = limitsIn('fromOnnx', options.limits)
  return formatted(() => {
    const model = modelIn(bytes, limits)
    const opset = opsetOf(model)
    const graph = compileGraph(model.graph ?? {}, opset, limits, outputs)
    const inputs = graph.inputs.map(({ message }, i) => portIn(message, `graph.input[${i}]`))
    if (inputs.length === 0) throw wrong('Unsupported', 'a graph with an input', 'none', { entry: 'graph.input' })
    const scalar = inputs.find(({ shape }) => shape?.length === 0)
    if (scalar !== undefined) throw wrong('Unsupported', 'inputs with a batch', `'${scalar.name}' without axes`)
    return {
      ...layerOf(graph, inputs, images),
      inputs: graph.inputs.map(({ message }) => portOf(message)),
      outputs: graph.outputs.map(({ message }) => portOf(message)),
      opset,
      producer: [model.producerName, model.producerVersion].filter((part) => part).join(' '),
      metadata: Object.fromEntries((model.metadataProps ?? []).map(({ key = '', value = '' }) => [key, value])),
    }
  })
}
