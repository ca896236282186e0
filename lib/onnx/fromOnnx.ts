import type * as E from '#fp/Either'
import { formatted } from '../codec/formatted.ts'
import type { FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { inferred } from '../layer/inferred.ts'
import type { Layer, Leaf } from '../layer/layer.ts'
import { checkPort } from '../layer/port.ts'
import type { Variables } from '../layer/variables.ts'
import { cast } from '../op/elementwise/cast.ts'
import { slice } from '../op/shape/slice.ts'
import { describe } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'
import type { Tree } from '../tree/tree.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'
import { compileGraph, type Graph, type Stored } from './graph/compile.ts'
import { at, nestedAt, pathsOf, plainNames } from './graph/names.ts'
import { runSteps } from './graph/plan.ts'
import {
  entering,
  exampleOf,
  type ImageLayout,
  leaving,
  type OnnxPort,
  type PortIn,
  portIn,
  portOf,
} from './graph/port.ts'
import type { Message } from './proto/fields.ts'
import { type Limits, limitsIn } from './proto/limits.ts'
import { readMessage } from './proto/read.ts'
import { lastOf, ofLast, ofTensor, tensorOf, type Value } from './value.ts'
import { wrong } from './wrong.ts'

/** Options of models that are read. */
export interface FromOnnxOptions {
  /** How the layer takes and gives images, tensors of four axes: as our layers, by default, or as in the file. */
  readonly images?: ImageLayout | undefined
  /** Names of values in the graph that are taken as its outputs; what does not lead to them is left out. */
  readonly outputs?: readonly string[] | undefined
  readonly limits?: { readonly [N in keyof Limits]?: number | undefined } | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: the compiler does not know the names of a file
type Named = { readonly [name: string]: any }

/** A model of a file as a layer. */
export interface OnnxModel {
  // biome-ignore lint/suspicious/noExplicitAny: nor its sizes
  readonly layer: Layer<any, any, Named, Named>
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

/** The tensor of a parameter as we keep it. */
const keptOf = ({ value, isTurned }: Stored): AnyTensor => (isTurned ? lastOf(value) : tensorOf(value))
const usedOf = ({ isTurned }: Stored, t: AnyTensor): Value => (isTurned ? ofLast(t as Tensor) : ofTensor(t))

interface Placed {
  readonly stored: Stored
  readonly path: readonly string[]
}

const placed = (stored: readonly Stored[]): readonly Placed[] => {
  const paths = pathsOf(stored.map(({ name }) => name))
  return stored.map((s, i) => ({ stored: s, path: paths[i] as readonly string[] }))
}

/** Tensors, or a record of them by name where there are several. */
const asTree = (names: readonly string[], all: readonly unknown[]): unknown =>
  all.length === 1 ? all[0] : Object.fromEntries(names.map((name, i) => [name, all[i]]))

const layerOf = (
  graph: Graph,
  ports: readonly PortIn[],
  images: ImageLayout,
  params: readonly Placed[],
  state: readonly Placed[],
) => {
  const inputNames = plainNames(
    ports.map(({ name }) => name),
    'input',
  )
  const outputNames = plainNames(
    graph.outputs.map(({ message }) => message.name ?? ''),
    'output',
  )
  const input = asTree(
    inputNames,
    ports.map((port) => exampleOf(port, images)),
  )
  const kept = graph.outputs.map(({ place }) => place)
  const run = (p: unknown, s: unknown, x: Tree): Tree => {
    const values: (Value | undefined)[] = []
    for (const [place, value] of graph.constants) values[place] = value
    for (const { stored, path } of params) values[stored.place] = usedOf(stored, at(p, path) as AnyTensor)
    for (const { stored, path } of state) values[stored.place] = usedOf(stored, at(s, path) as AnyTensor)
    const given = inputNames.map(
      (name) => (isTensor(x) ? x : (x as { readonly [name: string]: AnyTensor })[name]) as AnyTensor,
    )
    graph.inputs.forEach(({ place }, i) => {
      values[place] = entering(ports[i] as PortIn, given[i] as AnyTensor, images)
    })
    runSteps(graph.steps, values, kept)
    const outputs = kept.map((place) => {
      const y = leaving(values[place] as Value, images)
      return given[0]?.shape[0] === 0 ? slice(y, [[0, 0]] as never) : y
    })
    return asTree(outputNames, outputs) as Tree
  }
  const leaf = ({ stored, path }: Placed): readonly [readonly string[], Leaf] => {
    const t = keptOf(stored)
    return [path, { shape: t.shape, draw: (_key, _shape, dtype) => cast(t, dtype) as never }]
  }
  const layer = {
    kind: 'onnx',
    input,
    params: nestedAt(params.map(leaf)),
    state: nestedAt(state.map(leaf)),
    apply: (p: Tree, s: unknown, _context: unknown, x: Tree) => {
      checkPort('onnx', input, x)
      const own = nestedAt(params.map(({ path }) => [path, at(p, path) as Tree] as const)) as Tree
      const [value, pullback] = inferred(
        'onnx',
        (given: { readonly params: Tree; readonly x: Tree }) => run(given.params, s, given.x),
        {
          params: own,
          x,
        },
      )
      return { value, state: s, pullback }
    },
  } as unknown as OnnxModel['layer']
  const tensors = (all: readonly Placed[]) =>
    nestedAt(all.map(({ stored, path }) => [path, keptOf(stored)] as const)) as Named
  return { layer, variables: { params: tensors(params), state: tensors(state) } }
}

/** Checks that bytes are a model, and reads it. */
export const modelIn = (bytes: Uint8Array, limits: Limits): Message<'Model'> => {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw wrong('OtherFormat', 'the bytes of a file, a Uint8Array', describe(bytes))
  const model = readMessage('Model', bytes, limits)
  if (model.graph === undefined || model.irVersion === undefined)
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
    const [params, state] = [false, true].map((is) => placed(graph.stored.filter(({ isState }) => isState === is)))
    return {
      ...layerOf(graph, inputs, images, params ?? [], state ?? []),
      inputs: graph.inputs.map(({ message }) => portOf(message)),
      outputs: graph.outputs.map(({ message }) => portOf(message)),
      opset,
      producer: [model.producerName, model.producerVersion].filter((part) => part).join(' '),
      metadata: Object.fromEntries((model.metadataProps ?? []).map(({ key = '', value = '' }) => [key, value])),
    }
  })
}
