/// <reference types="node" />
import * as E from '#fp/Either'
import type { TaskEither } from '#fp/TaskEither'
import { decodeModel, type Metadata, type Model, modelPieces } from '../codec/model.ts'
import { type FileError, FormatError } from '../error/fileError.ts'
import type { Layer } from '../layer/layer.ts'
import type { Variables } from '../layer/variables.ts'
import { checksum } from './checksum.ts'
import { readBytes, savePieces, task } from './durable.ts'

/**
 * Saves a trained model to a file, durably: the parameters and state of its layer, including those of its
 * preprocessing, and metadata such as the labels of its classes. It accepts a training run as well as variables; data
 * that only training needs are left out. The file is in the safetensors format, which other programs can read.
 *
 * @example
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { init, key, linear } from 'pullback'
 * import { loadModel, saveModel } from 'pullback/node'
 * const file = join(mkdtempSync(join(tmpdir(), 'pullback-')), 'model.safetensors')
 * await saveModel(file, init(linear(3, 2), key(0)), { labels: ['no', 'yes'] })()
 * const found = await loadModel(file, linear(3, 2))()
 * found._tag === 'Right' && found.right.metadata // => { labels: ['no', 'yes'] }
 */
export const saveModel = (
  file: string,
  variables: Variables<unknown, unknown>,
  metadata: Metadata = {},
): TaskEither<FileError, void> =>
  task(() => savePieces(file, modelPieces('saveModel', variables, metadata, checksum))) as TaskEither<FileError, void>

/**
 * Loads a model saved by `saveModel` from a file, for the layer that it was trained with. A file of another layer is a
 * `FormatError` whose `differences` list the tensors that are missing, extra or of another shape; a missing file is a
 * `FileError`.
 *
 * @example
 * import { linear } from 'pullback'
 * import { loadModel } from 'pullback/node'
 * const found = await loadModel('no/such/file', linear(3, 2))()
 * found._tag === 'Left' && found.left._tag // => 'FileError'
 */
export const loadModel = <I, O, P, S>(
  file: string,
  layer: Layer<I, O, P, S>,
): TaskEither<FileError | FormatError, Model<P, S>> =>
  task(async () => {
    const found = decodeModel(layer, checksum)(await readBytes(file))
    if (E.isLeft(found)) throw new FormatError({ ...found.left, file })
    return found.right
  })
