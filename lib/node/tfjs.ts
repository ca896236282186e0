/// <reference types="node" />
import type { TaskEither } from '#fp/TaskEither'
import { type FileError, FormatError } from '../error/fileError.ts'
import { documentIn } from '../interop/tfjs/document.ts'
import { fromTfjs, type TfjsModel } from '../interop/tfjs/fromTfjs.ts'
import { groupsIn } from '../interop/tfjs/weights.ts'
import { wrong } from '../interop/tfjs/wrong.ts'
import { readBytes, task } from './durable.ts'
import { isPlain, shardPath } from './shards.ts'

/**
 * Loads a layers model of TensorFlow.js from its `model.json` and the files that it names, which are in its folder; see
 * `fromTfjs` of `pullback/interop` for what is read. A name with a path is an error, and so is a link that leads out of
 * the folder.
 *
 * @example
 * import { loadTfjs } from 'pullback/node'
 * const found = await loadTfjs('no/such/model.json')()
 * found._tag === 'Left' && found.left._tag // => 'FileError'
 */
export const loadTfjs = (path: string): TaskEither<FileError | FormatError, TfjsModel> =>
  task(async () => {
    const model = await readBytes(path)
    try {
      const names = groupsIn(documentIn(model).manifest).flatMap(({ paths }) => paths)
      const stranger = names.find((name) => !isPlain(name))
      if (stranger !== undefined)
        throw wrong('BadEntry', 'the name of a file in the folder of model.json', `'${stranger}'`, { entry: stranger })
      const files: (readonly [string, Uint8Array])[] = []
      for (const name of names) files.push([name, await readBytes(await shardPath(path, name, false))])
      const found = fromTfjs(model, Object.fromEntries(files))
      if (found._tag === 'Left') throw found.left
      return found.right
    } catch (e) {
      throw e instanceof FormatError && e.file === undefined ? new FormatError({ ...e, file: path }) : e
    }
  })
