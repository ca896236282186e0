// Numbers that are in another file than the model, and where they are there.
import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { Message } from './proto/fields.ts'
import { type Place, wrong } from './wrong.ts'

/** The bytes of another file by its name, or undefined. */
export type ExternalFiles = (name: string) => Uint8Array | undefined

/** Where a tensor's numbers are in another file, and how many bytes they are there, if it says so. */
export interface External {
  readonly file: string
  readonly offset: number
  readonly length: number | undefined
}

const numberIn = (name: string, text: string | undefined, at: Place): number | undefined => {
  if (text === undefined) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw wrong('BadOffsets', `${name}, a whole number of bytes`, `'${text}'`, at)
}

/** Where the numbers of a tensor are, if they are in another file. */
export const externalOf = (
  { dataLocation = 0, externalData = [] }: Message<'Tensor'>,
  at: Place,
): External | undefined => {
  if (dataLocation === 0 && externalData.length === 0) return undefined
  if (dataLocation !== 1)
    throw wrong('BadData', 'numbers in the model or in another file', `a tensor with location ${dataLocation}`, at)
  const said = new Map(externalData.map(({ key = '', value = '' }) => [key, value]))
  if (said.size < externalData.length) throw wrong('DuplicateName', 'each key of externalData once', 'one twice', at)
  const file = said.get('location')
  if (file === undefined || file === '') throw wrong('MissingName', 'the name of a file of numbers', 'none', at)
  const [offset = 0, length] = ['offset', 'length'].map((name) => numberIn(name, said.get(name), at))
  return { file, offset, length }
}

/** The bytes of a tensor, so many, in another file. */
export const bytesOf = ({ file, offset }: External, bytes: Uint8Array, size: number, at: Place): Uint8Array => {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw new StructureError({
      op: 'fromOnnx',
      expected: `external to give the bytes of '${file}', a Uint8Array`,
      actual: describe(bytes),
    })
  if (offset + size > bytes.length)
    throw wrong('BadOffsets', `bytes ${offset} to ${offset + size} of '${file}'`, `a file of ${bytes.length}`, at)
  return bytes.subarray(offset, offset + size)
}
