/// <reference types="node" />
// The index of a model in several files: {"metadata": …, "weight_map": {"name": "file"}}.
import { realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { type Limits, toRaise } from '../codec/limits.ts'
import { cut, wrong } from '../codec/safetensors/format.ts'
import { checkUnread, few, membersIn, stringIn } from '../codec/safetensors/members.ts'
import { attempt } from './disk.ts'
import { exactly, withFile } from './ranged.ts'

/** The tensors of a model by the file that has them, in the order of the index. */
export type Shards = ReadonlyMap<string, readonly string[]>

/** True for the path of an index. */
export const isIndex = (path: string): boolean => path.endsWith('.json')

const textIn = async (path: string, { header }: Limits): Promise<string> => {
  const [bytes] = await withFile(path, async (file) => {
    const { size } = file
    if (size > header)
      throw wrong('HeaderTooLong', `an index of at most ${header} bytes`, `one of ${size}`, {
        byte: 0,
        remedy: toRaise('header'),
      })
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

/** The text of the record of files by the names of tensors. */
const mapIn = (text: string, depth: number): string => {
  let map = 'nothing'
  for (const [name, value] of membersIn(text, 0, { depth, entries: few }))
    if (name === 'weight_map') map = value
    else checkUnread(value, 0, depth)
  if (map[0] === '{') return map
  throw wrong('BadEntry', "a record 'weight_map' of files by the names of tensors", cut(map), { byte: 0 })
}

/** The files that an index names, and the tensors that each of them has. */
export const shardsIn = async (path: string, limits: Limits): Promise<Shards> => {
  const shards = new Map<string, string[]>()
  for (const [name, text] of membersIn(mapIn(await textIn(path, limits), limits.depth), 0, limits)) {
    const file = stringIn(text, 0)
    if (!isPlain(file))
      throw wrong('BadEntry', 'the name of a file in the folder of the index', cut(text), { byte: 0, entry: name })
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
