import { type AnyTensor, toTypedArray } from '../index.ts'
import { loadBytes } from '../node/index.ts'
import { table, thousands } from '../text/table.ts'
import { command } from './command.ts'
import { found } from './failure.ts'
import { inspectedOnnx, shownOnnx } from './inspectOnnx.ts'
import { flag } from './options.ts'
import { brief, say, sayJson } from './output.ts'
import { type TensorFile, tensorFile } from './tensorFile.ts'

/** A tensor in some numbers; those that are not finite are counted and left out of the others. */
const statistics = (tensor: AnyTensor) => {
  const all = Float64Array.from(toTypedArray(tensor))
  const finite = all.filter(Number.isFinite)
  const n = finite.length
  const mean = finite.reduce((sum, x) => sum + x / n, 0)
  const deviation = Math.sqrt(finite.reduce((sum, x) => sum + (x - mean) ** 2 / n, 0))
  const [least, largest] = finite.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [Infinity, -Infinity])
  return n === 0 ? { notFinite: all.length } : { least, mean, largest, deviation, notFinite: all.length - n }
}

const inspected = (file: string, { format, bytes, tensors, metadata, told }: TensorFile) => ({
  file,
  format,
  bytes,
  parameters: Object.values(tensors).reduce((sum, { size }) => sum + size, 0),
  tensors: Object.entries(tensors).map(([name, tensor]) => ({
    name,
    dtype: tensor.dtype as string,
    shape: tensor.shape as readonly number[],
    ...statistics(tensor),
  })),
  metadata,
  told,
})

type Inspected = ReturnType<typeof inspected>

/** A value that JSON holds, line by line under dotted names. */
const lines = (value: unknown, path: string): readonly string[] => {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isRecord) return Object.entries(value).flatMap(([name, v]) => lines(v, path === '' ? name : `${path}.${name}`))
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return [`  ${path}: ${text.length > 200 ? `${text.slice(0, 199)}…` : text}`]
}

const shown = ({ file, format, bytes, parameters, tensors, metadata, told }: Inspected): string => {
  const rows = tensors.map(({ name, dtype, shape, notFinite, ...found }) => {
    const { least, mean, largest, deviation } = {
      least: undefined,
      mean: undefined,
      largest: undefined,
      deviation: undefined,
      ...found,
    }
    const numbers = [least, mean, largest, deviation].map((x) => (x === undefined ? '' : brief(x)))
    return [name, dtype, `[${shape.join(', ')}]`, ...numbers, notFinite === 0 ? '' : thousands(notFinite)]
  })
  const heading = ['name', 'dtype', 'shape', 'least', 'mean', 'largest', 'deviation', 'not finite']
  return [
    `${file}: ${format}, ${thousands(bytes)} bytes, ${thousands(tensors.length)} tensors, ${thousands(parameters)} numbers`,
    table(heading, rows, [3, 4, 5, 6, 7]),
    ...(Object.keys(metadata).length === 0 ? [] : ['', 'texts of the file', ...lines(metadata, '')]),
    ...(told === undefined ? [] : ['', 'metadata', ...lines(told, '')]),
  ].join('\n')
}

/** Shows what a file of tensors holds. */
export const inspect = command({
  name: 'inspect',
  about: 'shows the tensors and the metadata of a file, and what else is in a model of ONNX',
  positionals: ['FILE'],
  options: { json: flag('prints one JSON document and nothing else') },
  more: `Reads safetensors, npz and npy, model.json of TensorFlow.js, and ONNX.

  pullback inspect flowers/model.safetensors`,
  work: async ({ json }, [file = '']) => {
    if (file.toLowerCase().endsWith('.onnx')) {
      const seen = inspectedOnnx(file, found(await loadBytes(file)()))
      if (json) sayJson(seen)
      else say(shownOnnx(seen))
      return undefined
    }
    const seen = inspected(file, await tensorFile(file))
    if (json) sayJson(seen)
    else say(shown(seen))
    return undefined
  },
})
