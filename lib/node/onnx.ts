/// <reference types="node" />
import { dirname, join } from 'node:path'
import type { TaskEither } from '#fp/TaskEither'
import type { FileError, FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { type FromOnnxOptions, fromOnnx, type OnnxModel } from '../onnx/fromOnnx.ts'
import { listOnnx } from '../onnx/listOnnx.ts'
import { wrong } from '../onnx/wrong.ts'
import { readBytes, task } from './durable.ts'
import { inFile } from './ranged.ts'
import { isPlain, outside } from './shards.ts'

/** Options of models that are loaded. */
export interface LoadOnnxOptions extends Omit<FromOnnxOptions, 'external'> {
  /** True if a file of numbers may be a link that leads out of the folder, as in the cache of Hugging Face. */
  readonly links?: boolean | undefined
}

/** The path of a file of numbers, which must be in the folder of the model. */
const numbersOf = async (model: string, entry: string, links: boolean): Promise<string> => {
  if (!isPlain(entry)) throw wrong('BadEntry', 'the name of a file in the folder of the model', `'${entry}'`, { entry })
  const real = links ? undefined : await outside(model, entry)
  if (real === undefined) return join(dirname(model), entry)
  const remedy = 'give { links: true } where links are trusted, as in the cache of Hugging Face'
  throw wrong('BadEntry', 'a file in the folder of the model', `a link to ${real}`, { entry, remedy })
}

/**
 * Loads a model of ONNX with the files that hold its numbers, if it has such, as PyTorch exports them; see `fromOnnx` of
 * `pullback/onnx` for what is read. These files are in the folder of the model: a name with a path is an error, and so is
 * a link that leads out of the folder unless `links` is true.
 *
 * @example
 * import { loadOnnx } from 'pullback/node'
 * const found = await loadOnnx('no/such/model.onnx')()
 * found._tag === 'Left' && found.left._tag // => 'FileError'
 */
export const loadOnnx = (
  path: string,
  options: LoadOnnxOptions = {},
): TaskEither<FileError | FormatError, OnnxModel> => {
  checkOptions('loadOnnx', options, ['images', 'outputs', 'limits', 'links'])
  const { links = false, ...rest } = options
  return task(async () => {
    const bytes = await readBytes(path)
    return inFile(path, async () => {
      const list = listOnnx(bytes, { limits: options.limits })
      if (list._tag === 'Left') throw list.left
      const files = new Map<string, Uint8Array>()
      for (const name of list.right.external) files.set(name, await readBytes(await numbersOf(path, name, links)))
      const found = fromOnnx(bytes, { ...rest, external: (name) => files.get(name) })
      if (found._tag === 'Left') throw found.left
      return found.right
    })
  })
}
