/// <reference types="node" />
// The index of a model in several files: {"metadata": …, "weight_map": {"name": "file"}}.
import { realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { longestHeader, wrong } from '../codec/safetensors/format.ts'
import { brief, isObject, parseObject } from '../codec/safetensors/header.ts'
import { attempt } from './disk.ts'
import { exactly, withFile } from './ranged.ts'

/** The tensors of a model by the file that has them, in the order of the index. */
export type Shards = ReadonlyMap<string, readonly string[]>

/** True for the path of an index. */
export const isIndex = (path: string): boolean => path.endsWith('.json')

const textIn = async (path: string): Promise<string> => {
  const [bytes] = await withFile(path, async (file) => {
    const { size } = file
    if (size > longestHeader)
      throw wrong('HeaderTooLong', `an index of at most ${longestHeader} bytes`, `one of ${size}`, { byte: 0 })
    return exactly('safetensors', file, 0, [size])
  })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw wrong('NotUtf8', 'an index in UTF-8', 'other bytes', { byte: 0 })
  }
}

/** True for the name of a file in the same folder, on every system. */
export const isPlain = (name: unknown): name is string =>
  typeof name === 'string' && !/[/\\:\0]/.test(name) && /[^.]/.test(name)

/** The files that an index names, and the tensors that each of them has. */
export const shardsIn = async (path: string): Promise<Shards> => {
  const { weight_map: map } = parseObject(await textIn(path), 0)
  if (!isObject(map))
    throw wrong('BadEntry', "a record 'weight_map' of files by the names of tensors", brief(map), { byte: 0 })
  const shards = new Map<string, string[]>()
  for (const [name, file] of Object.entries(map)) {
    if (!isPlain(file))
      throw wrong('BadEntry', 'the name of a file in the folder of the index', brief(file), { byte: 0, entry: name })
    const among = shards.get(file)
    if (among === undefined) shards.set(file, [name])
    else among.push(name)
  }
  return shards
}

/** Where a file in the folder of another one is by its links, if that is outside of the folder. */
export const outside = async (index: string, name: string): Promise<string | undefined> => {
  const path = join(dirname(index), name)
  const [folder, real] = await attempt('read', path, () => Promise.all([realpath(dirname(index)), realpath(path)]))
  const way = relative(folder, real)
  return way === '..' || way.startsWith(`..${sep}`) ? real : undefined
}

/** The path of a file that an index names. A link that leads out of the folder is an error unless links are allowed. */
export const shardPath = async (index: string, name: string, links: boolean): Promise<string> => {
  const real = links ? undefined : await outside(index, name)
  if (real !== undefined)
    throw wrong('BadEntry', 'a file in the folder of the index', `a link to ${real}`, {
      entry: name,
      remedy: 'give { links: true } where links are trusted, as in the cache of Hugging Face',
    })
  return join(dirname(index), name)
}
