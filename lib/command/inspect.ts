import { loadBytes } from '../node/index.ts'
import { table, thousands } from '../text/table.ts'
import { command } from './command.ts'
import { Failure, found } from './failure.ts'
import { inspectedOnnx, shownOnnx } from './file/inspectOnnx.ts'
import { listed } from './file/listed.ts'
import type { ListedTensor, Listing, Unread } from './file/listing.ts'
import { type Recognized, recognized } from './file/recognized.ts'
import { type Statistics, statisticsOf } from './file/statistics.ts'
import { flag } from './options.ts'
import { brief, counted, say, sayJson } from './output.ts'

type Shown = Omit<ListedTensor, 'place'> & Partial<Statistics>

interface Inspected extends Omit<Listing, 'tensors'> {
  readonly file: string
  readonly format: string
  readonly bytes: number
  readonly parameters: number
  readonly tensors: readonly Shown[]
}

/** The tensors with their statistics, one after the other, and those that have none, since a number does not fit. */
const measured = async (tensors: Listing['tensors']): Promise<Pick<Listing, 'unread'> & Pick<Inspected, 'tensors'>> => {
  const shown: Shown[] = []
  const unread: Unread[] = []
  for (const { place, ...declared } of tensors) {
    const some = place === undefined ? {} : await statisticsOf(place)
    if (typeof some === 'string') unread.push({ name: declared.name, reason: some })
    shown.push(typeof some === 'string' ? declared : { ...declared, ...some })
  }
  return { tensors: shown, unread }
}

const inspected = async (
  file: string,
  { format, bytes }: Recognized,
  { tensors, unread, metadata, told }: Listing,
  withStatistics: boolean,
): Promise<Inspected> => {
  const more = withStatistics
    ? await measured(tensors)
    : { tensors: tensors.map(({ place: _, ...declared }) => declared), unread: [] }
  return {
    file,
    format: format === 'index' ? 'safetensors' : format,
    bytes,
    parameters: tensors.reduce((sum, { shape }) => sum + shape.reduce((n, size) => n * size, 1), 0),
    tensors: more.tensors,
    unread: [...unread, ...more.unread],
    metadata,
    told,
  }
}

/** A value that JSON holds, line by line under dotted names. */
const lines = (value: unknown, path: string): readonly string[] => {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isRecord) return Object.entries(value).flatMap(([name, v]) => lines(v, path === '' ? name : `${path}.${name}`))
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return [`  ${path}: ${text.length > 200 ? `${text.slice(0, 199)}…` : text}`]
}

const statisticsHeading = ['least', 'mean', 'largest', 'deviation', 'not finite']

const statisticsRow = ({ least, mean, largest, deviation, notFinite = 0 }: Partial<Statistics>): readonly string[] => [
  ...[least, mean, largest, deviation].map((x) => (x === undefined ? '' : brief(x))),
  notFinite === 0 ? '' : thousands(notFinite),
]

const shown = (
  { file, format, bytes, parameters, tensors, unread, metadata, told }: Inspected,
  withStatistics: boolean,
): string => {
  const rows = tensors.map(({ name, dtype, shape, ...some }) => [
    name,
    dtype,
    `[${shape.join(', ')}]`,
    ...(withStatistics ? statisticsRow(some) : []),
  ])
  const heading = ['name', 'dtype', 'shape', ...(withStatistics ? statisticsHeading : [])]
  return [
    `${file}: ${format}, ${counted(bytes, 'byte')}, ${counted(tensors.length, 'tensor')}, ${counted(parameters, 'number')}`,
    table(heading, rows, [3, 4, 5, 6, 7]),
    ...(unread.length === 0
      ? []
      : ['', 'what cannot be read', ...unread.map(({ name, reason }) => `  ${name}: ${reason}`)]),
    ...(Object.keys(metadata).length === 0 ? [] : ['', 'texts of the file', ...lines(metadata, '')]),
    ...(told === undefined ? [] : ['', 'metadata', ...lines(told, '')]),
  ].join('\n')
}

const inspectOnnx = async (file: string, json: boolean): Promise<void> => {
  const seen = inspectedOnnx(file, found(await loadBytes(file)()))
  if (json) sayJson(seen)
  else say(shownOnnx(seen))
}

/** Shows what a file of tensors holds. */
export const inspect = command({
  name: 'inspect',
  about: 'lists the tensors and the texts of a file, and what else is in a model of ONNX',
  positionals: ['FILE'],
  options: {
    statistics: flag('reads the numbers too: their range, mean and deviation, and how many are not finite'),
    links: flag('follows links out of the folder of an index, as in the cache of Hugging Face'),
    json: flag('prints one JSON document and nothing else'),
  },
  more: `Reads safetensors, also the index of several files, npz, npy, ONNX, IDX, and model.json of TensorFlow.js.

  pullback inspect flowers/model.safetensors --statistics`,
  work: async ({ json, links, statistics }, [file = '']) => {
    const { format, ...kind } = await recognized(file)
    if (statistics && (format === 'onnx' || format === 'tfjs'))
      throw new Failure(
        `${file}: expected a file of tensors for --statistics, got a model: convert it to .safetensors first`,
        'wrong-argument',
      )
    if (format === 'onnx') return void (await inspectOnnx(file, json))
    const seen = await inspected(file, { format, ...kind }, await listed(file, { format, ...kind }, links), statistics)
    if (json) sayJson(seen)
    else say(shown(seen, statistics))
    return undefined
  },
})
