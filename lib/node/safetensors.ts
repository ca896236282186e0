/// <reference types="node" />
import type { TaskEither } from '#fp/TaskEither'
import { type Limits, limitsIn } from '../codec/limits.ts'
import { listOf, type TensorList } from '../codec/safetensors/decode.ts'
import { safetensorsPieces } from '../codec/safetensors/encode.ts'
import { type Contents, type Entry, type Safetensors, wrong } from '../codec/safetensors/format.ts'
import { contentsIn, headerEnd } from '../codec/safetensors/header.ts'
import { readable, runsOf, selected, tensorOf } from '../codec/safetensors/select.ts'
import { namesIn, type SelectOptions, someOf } from '../codec/select.ts'
import type { FileError, FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { savePieces, task } from './durable.ts'
import { exactly, inFile, type Ranged, withFile } from './ranged.ts'
import { isIndex, shardPath, shardsIn } from './shards.ts'

export interface LoadTensorsOptions extends SelectOptions {
  /** True if an index may name links that lead out of its folder, as in the cache of Hugging Face. */
  readonly links?: boolean | undefined
}

const format = 'safetensors'
const contentsOf = async (file: Ranged, limits: Limits): Promise<Contents> => {
  const [first] = await exactly(format, file, 0, [Math.min(8, file.size)])
  const [header] = await exactly(format, file, 8, [headerEnd(first, file.size, limits) - 8])
  return contentsIn(header, file.size, limits)
}

/** A file, and the names of the tensors that are read from it; all where none are given. */
export interface Portion {
  readonly file: string
  readonly names: readonly string[] | undefined
  readonly limits: Limits
}

/** The files that a path stands for: itself, or those that an index names, as far as they are concerned. */
export const portionsOf = async (
  path: string,
  names: SelectOptions['names'],
  links: boolean,
  limits: Limits,
): Promise<readonly Portion[]> => {
  if (!isIndex(path)) return [{ file: path, names, limits }]
  return inFile(path, async () => {
    const shards = [...(await shardsIn(path, limits))]
    const known = new Set(shards.flatMap(([, found]) => found))
    const missing = names?.find((name) => !known.has(name))
    if (missing !== undefined)
      throw wrong('MissingName', `a tensor '${missing}'`, someOf([...known]), { entry: missing })
    const wanted = new Set(names ?? known)
    const portions: Portion[] = []
    for (const [shard, found] of shards) {
      const some = found.filter((name) => wanted.has(name))
      if (some.length > 0) portions.push({ file: await shardPath(path, shard, links), names: some, limits })
    }
    return portions
  })
}

/** Opens a file for a function that is given its checked header, and the entries that are wanted. */
export const withPortion = <A>(
  { file, names, limits }: Portion,
  f: (opened: Ranged, contents: Contents) => Promise<A>,
): Promise<A> =>
  inFile(file, () =>
    withFile(file, async (opened) => {
      const contents = await contentsOf(opened, limits)
      return f(opened, { ...contents, entries: selected(contents.entries, names) })
    }),
  )

/** The metadata of several files; where they differ, that of the first. */
const together = (all: readonly Safetensors['metadata'][]): Safetensors['metadata'] =>
  Object.fromEntries([...all].reverse().flatMap((metadata) => Object.entries(metadata)))

/**
 * Loads tensors from a safetensors file, or from the files of a model that is divided, given the path of its index,
 * `model.safetensors.index.json`. With `names` only the headers and the numbers of these tensors are read, and only the
 * files that have them are opened. Number formats and errors are those of `decodeSafetensors`. An index names files in
 * its own folder; a link that leads out of it is an error unless `links` is true. The `limits` are those of each file,
 * and of the index.
 *
 * @example
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { eye, zeros } from 'pullback'
 * import { loadSafetensors, saveSafetensors } from 'pullback/node'
 * const file = join(mkdtempSync(join(tmpdir(), 'pullback-')), 'some.safetensors')
 * await saveSafetensors(file, { W: eye(2), b: zeros([2]) })()
 * const found = await loadSafetensors(file, { names: ['b'] })()
 * found._tag === 'Right' && Object.keys(found.right.tensors) // => ['b']
 */
export const loadSafetensors = (
  path: string,
  options: LoadTensorsOptions = {},
): TaskEither<FileError | FormatError, Safetensors> => {
  checkOptions('loadSafetensors', options, ['names', 'links', 'limits'])
  const [names, limits] = [namesIn('loadSafetensors', options), limitsIn('loadSafetensors', options)]
  return task(async () => {
    const tensors = new Map<string, AnyTensor>()
    const known: string[] = []
    const texts: Safetensors['metadata'][] = []
    for (const portion of await portionsOf(path, names, options.links ?? false, limits))
      await withPortion(portion, async (file, { entries, metadata, start }) => {
        texts.push(metadata)
        for (const { name } of entries) known.push(name)
        for (const run of runsOf(readable(entries))) {
          const sizes = run.map(({ begin, end }) => end - begin)
          const found = await exactly(format, file, start + (run[0] as Entry).begin, sizes)
          for (const [i, entry] of run.entries())
            tensors.set(entry.name, tensorOf(entry, start, found[i] as Uint8Array))
        }
      })
    return {
      tensors: Object.fromEntries((names ?? known).map((name) => [name, tensors.get(name) as AnyTensor])),
      metadata: together(texts),
    }
  })
}

/**
 * Lists the tensors of a safetensors file, or of a model that is divided, given the path of its index: names, number
 * formats and shapes, in the order of the files, and metadata. Only headers are read, and formats whose numbers cannot be read are listed
 * too.
 *
 * @example
 * import { listTensors } from 'pullback/node'
 * const found = await listTensors('no/such/file.safetensors')()
 * found._tag === 'Left' && found.left._tag // => 'FileError'
 */
export const listTensors = (
  path: string,
  options: Pick<LoadTensorsOptions, 'links' | 'limits'> = {},
): TaskEither<FileError | FormatError, TensorList> => {
  checkOptions('listTensors', options, ['links', 'limits'])
  const limits = limitsIn('listTensors', options)
  return task(async () => {
    const lists: TensorList[] = []
    for (const portion of await portionsOf(path, undefined, options.links ?? false, limits))
      lists.push(await withPortion(portion, async (_, contents) => listOf(contents)))
    return { tensors: lists.flatMap(({ tensors }) => tensors), metadata: together(lists.map((l) => l.metadata)) }
  })
}

/**
 * Saves tensors and texts to a safetensors file, durably: afterwards the bytes of `encodeSafetensors` survive a power
 * failure, and until then an older file is intact.
 *
 * @example
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { eye } from 'pullback'
 * import { listTensors, saveSafetensors } from 'pullback/node'
 * const file = join(mkdtempSync(join(tmpdir(), 'pullback-')), 'some.safetensors')
 * await saveSafetensors(file, { W: eye(2) }, { author: 'me' })()
 * const found = await listTensors(file)()
 * found._tag === 'Right' && found.right.metadata // => { author: 'me' }
 */
export const saveSafetensors = (
  file: string,
  tensors: Safetensors['tensors'],
  metadata: Safetensors['metadata'] = {},
): TaskEither<FileError, void> =>
  task(() => savePieces(file, safetensorsPieces(tensors, metadata))) as TaskEither<FileError, void>
