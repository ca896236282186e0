import { checkOptions } from '../error/options.ts'
import { StructureError } from '../error/tensorError.ts'
import { checkLayer } from '../layer/checkLayer.ts'
import { checkVariables } from '../layer/checkVariables.ts'
import type { AnyLayer, Layer } from '../layer/layer.ts'
import { checkPort, emptyBatch, hasColumns } from '../layer/port.ts'
import type { Variables } from '../layer/variables.ts'
import { slice } from '../op/shape/slice.ts'
import { describe } from '../tensor/data.ts'
import { raw } from '../tensor/view.ts'
import { eachOnce } from '../tree/name.ts'
import { entries, leaves, mapTree, type Tree } from '../tree/tree.ts'
import type { Port } from '../type/port.ts'
import type { AnyTensor, DType, Float } from '../type/tensor.ts'
import { codes } from './dataType.ts'
import type { ImageLayout } from './graph/port.ts'
import type { Message } from './proto/fields.ts'
import { writeMessage } from './proto/write.ts'
import { type Builder, builder } from './write/builder.ts'
import { permuted } from './write/layout.ts'
import { type OpenProgram, type OpenView, recordLayer } from './write/record.ts'
import { isBatch, type Size } from './write/size.ts'
import { writers } from './write/table.ts'
import { inRows, NoLayout, type Tensors, tensors } from './write/tensors.ts'

/** Options of models that are written. */
export interface ToOnnxOptions {
  /** The version of the operators, from 13 to 23; 17 by default. */
  readonly opset?: number | undefined
  /** How the file takes and gives images, tensors of four axes: as ONNX has them, by default, or as the layer does. */
  readonly images?: ImageLayout | undefined
  /** A minibatch whose sizes and number formats the file takes, where the layer leaves them open. */
  readonly input?: Tree | undefined
  /** Texts by name that the file carries, such as the labels of its classes. */
  readonly metadata?: { readonly [name: string]: string } | undefined
}

const producer = 'pullback'
/** The version of the format that goes with a version of the operators. */
const irOf = (opset: number): number => (opset < 19 ? 8 : opset < 21 ? 9 : opset < 23 ? 10 : 11)

/** The names of the tensors of a tree, joined by dots; that of a single tensor is the given one. */
const namesOf = (tree: Tree, single: string): readonly string[] =>
  entries(tree).map(([path]) => (path.length === 0 ? single : path.join('.')))

/** The number format of the parameters, or of the state. */
const floatOf = (variables: Variables<unknown, unknown>): Float =>
  ([variables.params, variables.state].flatMap((part) => leaves(part as Tree)).find(({ dtype }) => dtype !== 'int32')
    ?.dtype as Float | undefined) ?? 'float32'

const declaration = (name: string, dtype: DType, dims: readonly Size[]): Message<'ValueInfo'> => ({
  name,
  type: {
    tensorType: {
      elemType: codes[dtype],
      shape: {
        dim: dims.map((n) =>
          isBatch(n) ? { dimParam: n.perBatch === 1 ? 'batch' : `${n.perBatch} * batch` } : { dimValue: n },
        ),
      },
    },
  },
})

/** An empty minibatch with the sizes and the number formats of the input. */
const inputOf = (layer: AnyLayer, variables: Variables<unknown, unknown>, given: Tree | undefined): Tree => {
  if (given !== undefined) {
    checkPort('toOnnx', layer.input, given)
    if (!hasColumns(layer.input)) return mapTree(given, (t) => slice(t, [[0, 0]] as never) as AnyTensor)
  }
  const found = emptyBatch(layer.input as Port, floatOf(variables))
  if (found !== undefined) return found
  throw new StructureError({
    op: 'toOnnx',
    expected: 'a layer whose input has known sizes',
    actual: 'one of any size',
    remedy: 'give a minibatch as { input }',
  })
}

const textIn = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value
  const remedy = 'convert other values with JSON.stringify'
  throw new StructureError({
    op: 'toOnnx',
    expected: 'strings as metadata',
    actual: describe(value),
    path: [name],
    remedy,
  })
}

const turn = (view: OpenView, images: ImageLayout): OpenView =>
  view.shape.length === 4 && images === 'NCHW' ? permuted(view, [0, 3, 1, 2]) : view

/** Writes the calls of a program; an error names all that ONNX cannot say. */
const writeCalls = (g: Builder, program: OpenProgram, places: Tensors): void => {
  const problems: string[] = []
  for (const call of program.calls) {
    const name = ['map', 'zip', 'rows'].includes(call.kernel) ? `${call.args[0]}` : call.kernel
    const place = call.path.length === 0 ? name : `${name} at ${call.path.join('.')}`
    const write = Object.hasOwn(writers, call.kernel) ? writers[call.kernel] : undefined
    try {
      if (write === undefined) throw new NoLayout('a kernel that ONNX does not have')
      write({ g, tensors: places, args: call.args }).forEach((held, i) => {
        if (held !== undefined) places.hold((call.results[i] as OpenView).place, held)
      })
    } catch (e) {
      if (!(e instanceof NoLayout)) throw e
      problems.push(`${place} (${e.message})`)
      for (const { place: lost, length } of call.results) places.hold(lost, inRows('', [length]))
    }
  }
  if (problems.length > 0)
    throw new StructureError({ op: 'toOnnx', expected: 'operations that ONNX has', actual: problems.join(', ') })
}

/** The message of a model. */
const modelOf = (
  program: OpenProgram,
  input: Tree,
  variables: Variables<unknown, unknown>,
  opset: number,
  images: ImageLayout,
) => {
  const inputNames = namesOf(input, 'input')
  const outputNames = namesOf(program.value, 'output')
  const outputNamed = outputNames.map((name) => (inputNames.includes(name) ? `output.${name}` : name))
  eachOnce(
    'toOnnx',
    [...inputNames, ...outputNamed].map((name) => [name, name]),
    'give that input or output another name',
  )
  const sources = new Map<unknown, string>(
    [variables.params, variables.state].flatMap((part) =>
      entries(part as Tree).map(([path, t]) => [raw(t).buffer as unknown, path.join('.')] as const),
    ),
  )
  const declared = program.inputs.map((view, i) => {
    const turned = turn(view, images)
    return { view, turned, name: inputNames[i] as string, isTurned: turned !== view }
  })
  const first = declared.findIndex(({ turned }) => turned.shape.some(isBatch))
  const batch = declared[first]
  const g = builder(
    opset,
    [...inputNames, ...outputNamed],
    [batch?.name ?? '', batch?.turned.shape.findIndex(isBatch) ?? 0],
  )
  const places = tensors(g, program.constants, (source) => sources.get(source))
  for (const { view, turned, name, isTurned } of declared)
    places.hold(view.place, isTurned ? { name, dims: turned.shape, order: [0, 2, 3, 1] } : inRows(name, turned.shape))
  writeCalls(g, program, places)
  const outputs = program.outputs.map((view, i) => {
    const turned = turn(view, images)
    return { from: places.of(turned, true), turned, name: outputNamed[i] as string }
  })
  const { node = [], initializer = [] } = g.finish(outputs.map(({ from }) => from))
  return {
    irVersion: irOf(opset),
    producerName: producer,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: producer,
      node: [
        ...node,
        ...outputs.map(({ from, name }) => ({ opType: 'Identity', name, input: [from], output: [name] })),
      ],
      initializer,
      input: declared.map(({ name, turned }) => declaration(name, turned.dtype, turned.shape)),
      output: outputs.map(({ name, turned }) => declaration(name, turned.dtype, turned.shape)),
    },
  } satisfies Message<'Model'>
}

/**
 * The bytes of a layer with its variables as a model of ONNX, as it is evaluated. The layer is recorded while it runs,
 * and each operation becomes nodes, so a layer of your own is written like those of the library, as long as it is made
 * of operations. Parameters keep their names: `L1.W`. The size of the batch is left open. What ONNX cannot say is a
 * `StructureError` that names all of it: functions of plain numbers, random draws, what depends on the size of the batch
 * or mixes its examples.
 *
 * The input is called `input` and the output `output`, or by their names where they are records. Images, tensors of four
 * axes, are [batch, channels, height, width] in the file and are turned between; with `images: 'NHWC'` they stay as the
 * layer has them. Kernels are turned to those of ONNX, [out, in, height, width]. Other tensors keep their axes.
 *
 * @example
 * import { compose, init, key, linear, named, predict, relu, zeros } from 'pullback'
 * import { fromOnnx, toOnnx } from 'pullback/onnx'
 * const net = compose(named('L1', linear(3, 4)), relu, named('L2', linear(4, 2)))
 * const found = fromOnnx(toOnnx(net, init(net, key(0))))
 * found._tag === 'Right' && predict(found.right.layer, found.right.variables, zeros([5, 3])).shape // => [5, 2]
 */
export const toOnnx = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
  variables: Variables<P, S>,
  options: ToOnnxOptions = {},
): Uint8Array => {
  checkLayer('toOnnx', layer)
  checkOptions('toOnnx', options, ['opset', 'images', 'input', 'metadata'])
  const { opset = 17, images = 'NCHW', metadata = {} } = options
  if (!Number.isInteger(opset) || opset < 13 || opset > 23)
    throw new StructureError({ op: 'toOnnx', expected: 'an opset from 13 to 23', actual: describe(opset) })
  if (images !== 'NHWC' && images !== 'NCHW')
    throw new StructureError({ op: 'toOnnx', expected: "images 'NCHW' or 'NHWC'", actual: describe(images) })
  checkVariables(layer, variables)
  const input = inputOf(layer, variables, options.input)
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value: textIn(key, value) }))
  const model = modelOf(recordLayer(layer, variables, input), input, variables, opset, images)
  return writeMessage('Model', { ...model, metadataProps })
}
