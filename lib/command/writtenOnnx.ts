import { type AnyLayer, compose, elementwise, FormatError, op, softmax, type Tensor, type Variables } from '../index.ts'
import { loadTfjs } from '../node/index.ts'
import { toOnnx } from '../onnx/index.ts'
import { Failure, found } from './failure.ts'
import { recognized } from './file/recognized.ts'
import { type Description, isFolder, loadTableModel } from './model.ts'

interface Model {
  readonly layer: AnyLayer
  readonly variables: Variables<unknown, unknown>
  readonly metadata: { readonly [name: string]: string }
}

/** The outputs of a network as they are told: the probability of each class, or the number in its own units. */
const told = (target: Description['target']): typeof softmax => {
  if (target.kind === 'classes') return softmax
  const { mean, deviation } = target.units
  return elementwise((z: Tensor) => op.shift(op.scale(z, deviation), mean))
}

const trained = async (path: string): Promise<Model> => {
  const { network, variables, description } = await loadTableModel(path)
  const { by, columns, target } = description
  return {
    layer: compose(network, told(target)),
    variables,
    metadata: { by, columns: JSON.stringify(columns), target: JSON.stringify(target) },
  }
}

/** The model of a file that tells its layers: one that `train` saved, or one of TensorFlow.js. */
const modelIn = async (path: string): Promise<Model> => {
  if (await isFolder(path)) return trained(path)
  const { format } = await recognized(path)
  if (format === 'onnx')
    throw new Failure(`${path}: expected a model in another format, got one of ONNX already: copy it`, 'wrong-argument')
  if (format === 'tfjs') return { ...found(await loadTfjs(path)()), metadata: {} }
  try {
    return await trained(path)
  } catch (e) {
    if (!(e instanceof FormatError) || e.remedy !== undefined) throw e
    const remedy = 'where a file has no layers, build them in a program and write them by toOnnx of pullback/onnx'
    throw new FormatError({ ...e, remedy })
  }
}

/** The bytes of a model in the format of ONNX. */
export const writtenOnnx = async (path: string): Promise<Uint8Array> => {
  const { layer, variables, metadata } = await modelIn(path)
  return toOnnx(layer, variables, { metadata })
}
