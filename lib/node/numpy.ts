/// <reference types="node" />
import zlib from 'node:zlib'
import type { TaskEither } from '#fp/TaskEither'
import { type LimitOptions, limitsIn } from '../codec/limits.ts'
import type { SelectOptions } from '../codec/select.ts'
import type { FileError, FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { type Inflate, inflate } from '../numpy/deflate/inflate.ts'
import { longestStart, readArrayHeader, usual } from '../numpy/header.ts'
import { npyPieces, tensorOf } from '../numpy/npy.ts'
import { type Machinery, type NpzWriteOptions, readNpz, type Tensors, wantedIn, writeNpz } from '../numpy/npz.ts'
import { checkTotal, wrongArchive, wrongArray } from '../numpy/wrong.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { checksum } from './checksum.ts'
import { savePieces, task } from './durable.ts'
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
 * Loads an array of NumPy from a file; see `decodeNpy` of `pullback/numpy` for what is read and for
 * `limits`.
 *
 * @example
 * import { loadNpy } from 'pullback/node'
 * const found = await loadNpy('no/such/file.npy')()
 * found._tag === 'Left' && found.left._tag // => 'FileError'
 */
export const loadNpy = (file: string, options: LimitOptions = {}): TaskEither<FileError | FormatError, AnyTensor> => {
  checkOptions('loadNpy', options, ['limits'])
  const limits = limitsIn('loadNpy', options, usual)
  return task(() =>
    inFile(file, () =>
      withFile(file, async (opened) => {
        const { size } = opened
        checkTotal(wrongArray(undefined), size, limits)
        const [first] = await exactly('npy', opened, 0, [Math.min(longestStart(limits), size)])
        const header = readArrayHeader(first, limits, undefined, size)
        const [numbers] = await exactly('npy', opened, header.start, [size - header.start])
        return tensorOf(header, numbers)
      }),
    ),
  )
}

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
export const loadNpz = (file: string, options: SelectOptions = {}): TaskEither<FileError | FormatError, Tensors> => {
  const wanted = wantedIn('loadNpz', options)
  return task(() =>
    inFile(file, () =>
      withFile(file, async (opened) => {
        checkTotal(wrongArchive, opened.size, wanted.limits)
        const [bytes] = await exactly('npz', opened, 0, [opened.size])
        return readNpz(bytes, wanted, machinery)
      }),
    ),
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
