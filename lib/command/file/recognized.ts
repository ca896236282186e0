import { readdir, stat } from 'node:fs/promises'
import { longestHeader } from '../../codec/safetensors/format.ts'
import { isObject } from '../../codec/safetensors/header.ts'
import { loadBytes } from '../../node/index.ts'
import { exactly, withFile } from '../../node/ranged.ts'
import { Failure, found } from '../failure.ts'
import { enough, type Format, kindOf } from './kind.ts'
import type { Other } from './others.ts'

/** A file that is read. Of JSON there are the index of safetensors in several files, and a model of TensorFlow.js. */
export interface Recognized {
  readonly format: Exclude<Format, 'json'> | 'index' | 'tfjs'
  readonly bytes: number
  /** The document, if the file is one of JSON. */
  readonly json?: { readonly [name: string]: unknown } | undefined
}

const wanted = 'safetensors, npz, npy, ONNX, IDX or a model.json of TensorFlow.js'
const kinds = 'of JSON the index of safetensors in several files (weight_map) and model.json of TensorFlow.js are read'

/** The error for a file that is not read. */
export const refused = (file: string, { actual, remedy }: Other): Failure =>
  new Failure(`${file}: expected ${wanted}, got ${actual}; ${remedy}`, 'unsupported-format')

const damaged = (file: string, actual: string): Failure =>
  new Failure(`${file}: expected ${wanted}, got ${actual}; copy or download it again`, 'damaged-file')

const documentIn = async (file: string): Promise<unknown> => {
  const text = new TextDecoder().decode(found(await loadBytes(file)()))
  try {
    return JSON.parse(text)
  } catch {
    throw damaged(file, 'a text that begins like JSON and is none')
  }
}

const described = async (file: string, bytes: number): Promise<Recognized> => {
  if (bytes > longestHeader) throw refused(file, { actual: `JSON of ${bytes} bytes`, remedy: kinds })
  const json = await documentIn(file)
  if (!isObject(json)) throw refused(file, { actual: 'JSON that is a list', remedy: kinds })
  if (isObject(json.weight_map)) {
    if (file.endsWith('.json')) return { format: 'index', bytes, json }
    throw refused(file, { actual: 'the index of a model', remedy: 'give it a name that ends in .json' })
  }
  if (isObject(json.modelTopology) || Array.isArray(json.weightsManifest)) return { format: 'tfjs', bytes, json }
  const names = Object.keys(json).slice(0, 4).join(', ')
  throw refused(file, { actual: names === '' ? 'JSON without names' : `JSON with the names ${names}`, remedy: kinds })
}

/** Refuses a folder, with the name of a file in it that is read. */
const inFolder = async (folder: string): Promise<Failure> => {
  const names = (await readdir(folder)).sort()
  const one = names.find((name) => /\.(safetensors|index\.json|npz|npy|onnx)$|^model\.json$/i.test(name))
  return refused(folder, {
    actual: 'a folder',
    remedy: `name a file in it${one === undefined ? '' : `, such as ${one}`}`,
  })
}

/** Says in which format a file is; one that is not read is a `Failure` that says what it is, and what to do. */
export const recognized = async (file: string): Promise<Recognized> => {
  const kind = await stat(file).catch(() => undefined)
  if (kind?.isDirectory()) throw await inFolder(file)
  if (kind !== undefined && !kind.isFile())
    throw refused(file, { actual: 'no file but a device or a pipe', remedy: 'write it to a file first' })
  const [first, bytes] = await withFile(file, async (opened) => {
    const [start] = await exactly('file', opened, 0, [Math.min(enough, opened.size)])
    return [start, opened.size] as const
  })
  if (bytes === 0) throw damaged(file, 'an empty file')
  const format = kindOf(first, file)
  if (typeof format !== 'string') throw refused(file, format)
  return format === 'json' ? described(file, bytes) : { format, bytes }
}
