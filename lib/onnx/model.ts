// The bytes of a file as a model, and what it says of itself.
import { formatted } from '../codec/formatted.ts'
import { describe } from '../tensor/data.ts'
import { fieldsOf, type Message, wireTypes } from './proto/fields.ts'
import type { Limits } from './proto/limits.ts'
import { byteOf } from './proto/place.ts'
import { readMessage } from './proto/read.ts'
import { wrong } from './wrong.ts'

/** Other formats, by what is at some byte of their files. */
const others: readonly (readonly [byte: number, text: string, what: string])[] = [
  [0, 'version https://git-lfs', 'a pointer of Git LFS, which stands for the file'],
  [0, '\x93NUMPY', 'an array of NumPy'],
  [0, 'PK', 'a zip archive, as npz and PyTorch have it'],
  [0, '\x89HDF', 'HDF5, as Keras has it'],
  [0, '\x80', 'a pickle of Python'],
  [0, '<', 'a page of HTML or XML'],
  [0, '{', 'JSON'],
  [4, 'TFL3', 'a model of TensorFlow Lite'],
  [8, '{', 'safetensors'],
]

/** What the bytes are that are no model. */
const otherIn = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return 'no bytes'
  const found = others.find(([at, text]) => [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0)))
  return found?.[2] ?? 'another file'
}

/** True if the bytes begin with a field that a model has. */
const beginsAsModel = ([tag = 0]: Uint8Array): boolean => {
  const field = fieldsOf.get('Model')?.get(tag >> 3)
  return field !== undefined && tag % 8 === (wireTypes.get(field.kind) ?? 2)
}

/** Checks that bytes are a model, and reads it. */
export const modelIn = (bytes: Uint8Array, limits: Limits): Message<'Model'> => {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw wrong('OtherFormat', 'the bytes of a file, a Uint8Array', describe(bytes))
  const found = formatted(() => readMessage('Model', bytes, limits))
  const isModel = beginsAsModel(bytes)
  if (found._tag === 'Left' && (isModel || found.left.reason === 'TooLarge')) throw found.left
  if (found._tag === 'Left' || found.right.graph === undefined || (found.right.irVersion ?? 0) < 1)
    throw wrong('OtherFormat', isModel ? 'a model with a graph' : 'a model of ONNX', otherIn(bytes))
  return found.right
}

/** Values by names that may be there once. */
const byName = <A>(field: string, pairs: readonly (readonly [name: string, value: A, message: object])[]) => {
  const names = pairs.map(([name]) => name)
  const at = names.findIndex((name, i) => names.indexOf(name) < i)
  const [again, , message] = pairs[at] ?? []
  if (message !== undefined)
    throw wrong('DuplicateName', 'each name once', `'${again}' twice`, {
      byte: byteOf(message),
      entry: `${field}[${at}]`,
    })
  return Object.fromEntries(pairs) as { readonly [name: string]: A }
}

/** The versions of the operators by their domains, who wrote the model, and its texts. */
export const headerOf = ({ opsetImport = [], metadataProps = [], ...model }: Message<'Model'>) => ({
  opsets: byName(
    'opsetImport',
    opsetImport.map((message) => [message.domain || 'ai.onnx', message.version ?? 0, message] as const),
  ),
  producer: [model.producerName, model.producerVersion].filter((part) => part).join(' '),
  metadata: byName(
    'metadataProps',
    metadataProps.map((message) => [message.key ?? '', message.value ?? '', message] as const),
  ),
})
