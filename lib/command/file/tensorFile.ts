import { type AnyTensor, fromNdarray, type IdxData, type Tree, tree } from '../../index.ts'
import { loadNpy, loadNpz, loadOnnx, loadSafetensors, loadTfjs, readIdx } from '../../node/index.ts'
import { Failure, found } from '../failure.ts'
import { listSafetensorsFile } from './listSafetensors.ts'
import { type Recognized, recognized } from './recognized.ts'

/** The contents of a file of tensors, whatever its format. */
export interface TensorFile {
  readonly tensors: { readonly [name: string]: AnyTensor }
  /** The texts of the file, without those by which this library knows its own. */
  readonly metadata: { readonly [name: string]: string }
}

/** Which tensors of a file are read, and how. */
export interface Reading {
  readonly names?: readonly string[] | undefined
  readonly limit?: number | undefined
  readonly links: boolean
}

type Read = (file: string, how: Reading) => Promise<TensorFile>

/** The parameters and the state of a model by dotted names. */
const variablesOf = ({ variables }: { readonly variables: { readonly params: Tree; readonly state: Tree } }) =>
  tree.flatten({ params: variables.params, state: variables.state }) as TensorFile['tensors']

/** The checksum of a file of this library is checked. */
const safetensors: Read = async (file, { names, links }) => {
  const { metadata } = await listSafetensorsFile(file, links)
  const { tensors } = found(await loadSafetensors(file, { names, links })())
  if (metadata.format !== 'pullback') return { tensors, metadata }
  const { format: _, version: __, crc32: ___, ...texts } = metadata
  return { tensors, metadata: texts }
}

const onnx: Read = async (file, { links }) => {
  const model = found(await loadOnnx(file, { links })())
  return { tensors: variablesOf(model), metadata: model.metadata }
}

/** An array of IDX; whole numbers become int32. */
const idx: Read = async (file) => {
  const read = await readIdx(file)()
  if (read._tag === 'Left') throw new Failure(`${file}: ${read.left[0].message}`, read.left[0].code)
  const array = read.right
  const dtype =
    array.data instanceof Float64Array ? 'float64' : array.data instanceof Float32Array ? 'float32' : 'int32'
  return { tensors: { array: fromNdarray<IdxData, typeof dtype>(array, dtype) }, metadata: {} }
}

const readers: { readonly [F in Recognized['format']]: Read } = {
  safetensors,
  index: safetensors,
  npz: async (file, { names, limit }) => ({
    tensors: found(await loadNpz(file, { names, limits: { inflated: limit } })()),
    metadata: {},
  }),
  npy: async (file) => ({ tensors: { array: found(await loadNpy(file)()) }, metadata: {} }),
  tfjs: async (file) => ({ tensors: variablesOf(found(await loadTfjs(file)())), metadata: {} }),
  onnx,
  idx,
}

/** The tensors of some names, which must be there. */
const chosen = (file: string, tensors: TensorFile['tensors'], names: readonly string[]): TensorFile['tensors'] =>
  Object.fromEntries(
    names.map((name) => {
      if (Object.hasOwn(tensors, name)) return [name, tensors[name] as AnyTensor]
      throw new Failure(`${file}: expected a tensor '${name}', got none of that name`, 'missing-name')
    }),
  )

/** Reads a file of tensors, in the format that it has. */
export const tensorFile = async (file: string, how: Reading): Promise<TensorFile> => {
  const { format } = await recognized(file)
  const { tensors, metadata } = await readers[format](file, how)
  return { metadata, tensors: how.names === undefined ? tensors : chosen(file, tensors, how.names) }
}
