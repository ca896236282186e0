import * as t from 'io-ts'
import type { Either } from '#fp/Either'
import { type AnyTensor, decodeSafetensors, FormatError, fromBytes, type Tree, tree } from '../index.ts'
import { loadBytes, loadOnnx, loadSafetensors, loadTfjs } from '../node/index.ts'
import { decodeNpy, decodeNpz } from '../numpy/index.ts'
import { found } from './failure.ts'

/** The contents of a file of tensors, whatever its format. */
export interface TensorFile {
  readonly format: 'safetensors' | 'npz' | 'npy' | 'tfjs' | 'onnx'
  readonly bytes: number
  readonly tensors: { readonly [name: string]: AnyTensor }
  /** The texts of the file. */
  readonly metadata: { readonly [name: string]: string }
  /** The description that a model of this library carries. */
  readonly told?: unknown
}

type Read = (file: string, bytes: Uint8Array) => Promise<Omit<TensorFile, 'format' | 'bytes'>>

/** The value, or a throw of an error that names the file. */
const within = <A>(file: string, result: Either<FormatError, A>): A => {
  if (result._tag === 'Left') throw new FormatError({ ...result.left, file })
  return result.right
}

/** The layout and the checksum of a file of this library are checked; nothing in it is run or believed. */
const safetensors: Read = async (file, bytes) => {
  const { tensors, metadata } = within(file, decodeSafetensors(bytes))
  if (metadata.format !== 'pullback') return { tensors, metadata }
  const state = within(file, fromBytes(t.UnknownRecord)(bytes))
  const { state: _, ...texts } = metadata
  return { tensors, metadata: texts, told: state.metadata }
}

/** The parameters and the state of a model by dotted names. */
const variablesOf = ({ variables }: { readonly variables: { readonly params: Tree; readonly state: Tree } }) =>
  tree.flatten({ params: variables.params, state: variables.state }) as TensorFile['tensors']

const readers: { readonly [F in TensorFile['format']]: Read } = {
  safetensors,
  npz: async (file, bytes) => ({ tensors: within(file, decodeNpz(bytes)), metadata: {} }),
  npy: async (file, bytes) => ({ tensors: { array: within(file, decodeNpy(bytes)) }, metadata: {} }),
  tfjs: async (file) => ({ tensors: variablesOf(found(await loadTfjs(file)())), metadata: {} }),
  onnx: async (file) => {
    const model = found(await loadOnnx(file)())
    return { tensors: variablesOf(model), metadata: model.metadata }
  },
}

const starts: readonly (readonly [start: string, format: TensorFile['format']])[] = [
  ['PK', 'npz'],
  ['\x93NUMPY', 'npy'],
]

/** The format of a file by its first bytes. */
const formatOf = (bytes: Uint8Array): TensorFile['format'] =>
  starts.find(([start]) => [...start].every((c, i) => bytes[i] === c.charCodeAt(0)))?.[1] ?? 'safetensors'

/** A file of JSON: the index of a model in several files, or the model.json of TensorFlow.js. */
const described = async (file: string, bytes: Uint8Array): Promise<TensorFile> => {
  const isIndex = new TextDecoder().decode(bytes).includes('"weight_map"')
  if (!isIndex) return { format: 'tfjs', bytes: bytes.length, ...(await readers.tfjs(file, bytes)) }
  return { format: 'safetensors', bytes: bytes.length, ...found(await loadSafetensors(file)()) }
}

/** Reads a file of tensors, in the format that its first bytes tell. */
export const tensorFile = async (file: string): Promise<TensorFile> => {
  const bytes = found(await loadBytes(file)())
  if (file.endsWith('.json')) return described(file, bytes)
  const format = file.toLowerCase().endsWith('.onnx') ? 'onnx' : formatOf(bytes)
  return { format, bytes: bytes.length, ...(await readers[format](file, bytes)) }
}
