/// <reference types="node" />
import zlib from 'node:zlib'
import * as E from '#fp/Either'
import type { TaskEither } from '#fp/TaskEither'
import type { FileError, FormatError } from '../error/fileError.ts'
import { type Inflate, inflate } from '../numpy/deflate/inflate.ts'
import { longestStart, readArrayHeader } from '../numpy/header.ts'
import { npyPieces, tensorOf } from '../numpy/npy.ts'
import {
  type Machinery,
  type NpzOptions,
  type NpzWriteOptions,
  npzReader,
  type Tensors,
  writeNpz,
} from '../numpy/npz.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { checksum } from './checksum.ts'
import { readBytes, savePieces, task } from './durable.ts'
import { exactly, inFile, withFile } from './ranged.ts'

/** Inflates by zlib; where that fails or leaves bytes, the library's own way tells what is wrong. */
const byZlib: Inflate = (bytes, size) => {
  try {
    const options = { maxOutputLength: size + 1, info: true }
    const { buffer, engine } = zlib.inflateRawSync(bytes, options) as unknown as {
      readonly buffer: Uint8Array
      readonly engine: { readonly bytesWritten: number }
    }
    if (buffer.length === size && engine.bytesWritten === bytes.length) return buffer
  } catch {} // it is told below
  return inflate(bytes, size)
}
const machinery: Machinery = { inflate: byZlib, deflate: (bytes) => zlib.deflateRawSync(bytes), checksum }

/**
 * Loads an array of NumPy from a file; see `decodeNpy` of `pullback/numpy` for what is read.
 *
 * @example
 * import { loadNpy } from 'pullback/node'
 * const found = await loadNpy('no/such/file.npy')()
 * found._tag === 'Left' && found.left._tag // => 'FileError'
 */
export const loadNpy = (file: string): TaskEither<FileError | FormatError, AnyTensor> =>
  task(() =>
    inFile(file, () =>
      withFile(file, async (opened) => {
        const { size } = opened
        const [first] = await exactly('npy', opened, 0, [Math.min(longestStart, size)])
        const header = readArrayHeader(first, undefined, size)
        const [numbers] = await exactly('npy', opened, header.start, [size - header.start])
        return tensorOf(header, numbers)
      }),
    ),
  )

/**
 * Saves a tensor to a file that `numpy.load` reads, durably.
 *
 * @example
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { fromNested, toNested } from 'pullback'
 * import { loadNpy, saveNpy } from 'pullback/node'
 * const file = join(mkdtempSync(join(tmpdir(), 'pullback-')), 'x.npy')
 * await saveNpy(file, fromNested([[1, 2], [3, 4]]))()
 * const found = await loadNpy(file)()
 * found._tag === 'Right' && toNested(found.right) // => [[1, 2], [3, 4]]
 */
export const saveNpy = (file: string, tensor: AnyTensor): TaskEither<FileError, void> =>
  task(async () => savePieces(file, npyPieces(tensor))) as TaskEither<FileError, void>

/**
 * Loads an archive of NumPy from a file; see `decodeNpz` of `pullback/numpy` for what is read and for the options.
 *
 * @example
 * import { mkdtempSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { eye, zeros } from 'pullback'
 * import { loadNpz, saveNpz } from 'pullback/node'
 * const file = join(mkdtempSync(join(tmpdir(), 'pullback-')), 'model.npz')
 * await saveNpz(file, { W: eye(2), b: zeros([2]) }, { compress: true })()
 * const found = await loadNpz(file, { names: ['b'] })()
 * found._tag === 'Right' && Object.keys(found.right) // => ['b']
 */
export const loadNpz = (file: string, options: NpzOptions = {}): TaskEither<FileError | FormatError, Tensors> => {
  const decode = npzReader('loadNpz', options, machinery)
  return task(() =>
    inFile(file, async () => {
      const found = decode(await readBytes(file))
      if (E.isLeft(found)) throw found.left
      return found.right
    }),
  )
}

/**
 * Saves a record of tensors to an archive that `numpy.load` reads, durably; with `compress` deflated.
 *
 * @example
 * import { zeros } from 'pullback'
 * import { saveNpz } from 'pullback/node'
 * const saved = await saveNpz('/dev/null/model.npz', { W: zeros([2]) })()
 * saved._tag === 'Left' && saved.left._tag // => 'FileError'
 */
export const saveNpz = (file: string, tensors: Tensors, options: NpzWriteOptions = {}): TaskEither<FileError, void> =>
  task(async () => savePieces(file, [writeNpz('saveNpz', tensors, options, machinery)])) as TaskEither<FileError, void>
