/// <reference types="node" />
import { dirname, join } from 'node:path'
import type { TaskEither } from '#fp/TaskEither'
import type { FileError, FormatError } from '../error/fileError.ts'
import { documentIn } from '../interop/tfjs/document.ts'
import { modelOf, type TfjsModel } from '../interop/tfjs/fromTfjs.ts'
import { limitsOf, type TfjsOptions } from '../interop/tfjs/limits.ts'
import { groupsIn } from '../interop/tfjs/manifest.ts'
import { checkFiles } from '../interop/tfjs/weights.ts'
import { wrong } from '../interop/tfjs/wrong.ts'
import { task } from './durable.ts'
import { exactly, inFile, withFile } from './ranged.ts'
import { isPlain, outside } from './shards.ts'

/** The bytes of a file, of which there may be so many. */
const described = (path: string, most: number): Promise<Uint8Array> =>
  withFile(path, async (file) => {
    if (file.size > most) throw wrong('TooLarge', `a model.json of at most ${most} bytes`, `one of ${file.size}`)
    return (await exactly('tfjs', file, 0, [file.size]))[0]
  })

/** Refuses the name of a file that is not in the folder of model.json. */
const checkHome = async (model: string, entry: string): Promise<void> => {
  if (!isPlain(entry))
    throw wrong('BadEntry', 'the name of a file in the folder of model.json', `'${entry}'`, { entry })
  const real = await outside(model, entry)
  if (real === undefined) return
  const remedy = 'put the file itself there, or read it and call fromTfjs'
  throw wrong('BadEntry', 'a file in the folder of model.json', `a link to ${real}`, { entry, remedy })
}

/**
 * Loads a layers model of TensorFlow.js from its `model.json` and the files that it names, which are in its folder; see
 * `fromTfjs` of `pullback/interop` for what is read, and for `limits`. A name with a path is an error, and so is a link
 * that leads out of the folder. Files are read once they are known to be as long as the tensors in them.
 *
 * @example
 * import { loadTfjs } from 'pullback/node'
 * const found = await loadTfjs('no/such/model.json')()
 * found._tag === 'Left' && found.left._tag // => 'FileError'
 */
export const loadTfjs = (path: string, options: TfjsOptions = {}): TaskEither<FileError | FormatError, TfjsModel> => {
  const limits = limitsOf('loadTfjs', options)
  const pathOf = (name: string): string => join(dirname(path), name)
  const sizeOf = (name: string): Promise<number> => withFile(pathOf(name), async ({ size }) => size)
  return task(() =>
    inFile(path, async () => {
      const document = documentIn(await described(path, limits.json), limits)
      const groups = groupsIn(document.manifest, limits)
      const sizes = new Map<string, number>()
      for (const name of groups.flatMap(({ paths }) => paths)) {
        await checkHome(path, name)
        sizes.set(name, await sizeOf(name))
      }
      checkFiles(
        groups,
        groups.map(({ paths }) => paths.map((name) => sizes.get(name) as number)),
      )
      const files: (readonly [string, Uint8Array])[] = []
      for (const [name, size] of sizes)
        files.push([name, (await withFile(pathOf(name), (file) => exactly('tfjs', file, 0, [size])))[0]])
      return modelOf(document.topology, groups, Object.fromEntries(files), limits)
    }),
  )
}
