import { extname } from 'node:path'
import type { AnyTensor } from '../index.ts'
import { saveBytes, saveNpy, saveNpz, saveSafetensors } from '../node/index.ts'
import { command } from './command.ts'
import { Failure, found } from './failure.ts'
import { type TensorFile, tensorFile } from './file/tensorFile.ts'
import { flag, names, number, UsageError } from './options.ts'
import { counted, say } from './output.ts'
import { writtenOnnx } from './writtenOnnx.ts'

interface Writing {
  readonly compress: boolean
}
type Write = (file: string, of: TensorFile, how: Writing) => Promise<void>

const only = (tensors: TensorFile['tensors']): AnyTensor => {
  const [first, ...others] = Object.values(tensors)
  if (first !== undefined && others.length === 0) return first
  throw new Failure(`expected one tensor for a file of one array, got ${Object.keys(tensors).length}`, 'wrong-argument')
}

/** How files are written, by the endings of their names. */
const writers: { readonly [ending: string]: Write } = {
  '.safetensors': async (file, of) => found(await saveSafetensors(file, of.tensors, of.metadata)()),
  '.npz': async (file, { tensors }, how) => found(await saveNpz(file, tensors, how)()),
  '.npy': async (file, { tensors }) => found(await saveNpy(file, only(tensors))()),
}

const endingOf = (file: string): string => extname(file).toLowerCase()

const writerFor = (file: string): Write => {
  const ending = endingOf(file)
  if (Object.hasOwn(writers, ending)) return writers[ending] as Write
  throw new UsageError(`expected a file that ends in ${Object.keys(writers).join(', ')} or .onnx, got '${file}'`)
}

const writeModel = async (from: string, to: string): Promise<void> => {
  const bytes = await writtenOnnx(from)
  found(await saveBytes(to, bytes)())
  say(`${to}: ${counted(bytes.length, 'byte')}`)
}

/** Writes the tensors of a file in another format, or the network that it tells. */
export const convert = command({
  name: 'convert',
  about: 'writes the tensors of a file in another format, or a network as ONNX',
  positionals: ['IN', 'OUT'],
  options: {
    compress: flag('deflates what is written as npz'),
    names: names('the tensors that are read, if not all'),
    limit: number({ least: 0, most: 2 ** 32 }, 2 ** 31, 'bytes that a compressed npz may become'),
    links: flag('follows links out of the folder of an index, as in the cache of Hugging Face'),
  },
  more: `Reads what inspect reads, and writes what the ending of OUT says: .safetensors, .npz, or .npy for a file of one
tensor. Numbers become float64, float32 or int32, as everywhere. npz and npy have no texts.

A network is written as .onnx: one that train has left in IN, as a folder or its model.safetensors, or a model.json of
TensorFlow.js. Its output is the probability of each label, or the number in its own units.

  pullback convert model.npz model.safetensors
  pullback convert flowers flowers.onnx`,
  work: async ({ compress, ...how }, [from = '', to = '']) => {
    if (endingOf(to) === '.onnx') return void (await writeModel(from, to))
    const write = writerFor(to)
    const file = await tensorFile(from, how)
    await write(to, file, { compress })
    const lost = endingOf(to) === '.safetensors' ? 0 : Object.keys(file.metadata).length
    const without = lost === 0 ? '' : `, without its ${lost === 1 ? 'text' : `${lost} texts`}`
    say(`${to}: ${counted(Object.keys(file.tensors).length, 'tensor')}${without}`)
    return undefined
  },
})
