// Changes to models of ONNX that know the format: fields are taken away, doubled, swapped or given other values.
import { type AnyTensor, fromArray } from 'pullback'
import { fieldsOf, type Message, type MessageName } from '../../../lib/onnx/proto/fields.ts'
import { limitsIn } from '../../../lib/onnx/proto/limits.ts'
import { readMessage } from '../../../lib/onnx/proto/read.ts'
import { writeMessage } from '../../../lib/onnx/proto/write.ts'
import { pick, type Source, whole } from '../../arbitrary/numbers.ts'
import { modelMessage, node, numbers, port } from '../onnx.ts'
import { bytesChanged } from './mutate.ts'

const ints = (...list: number[]): AnyTensor => fromArray(list, [list.length], 'int32')
/** Sound models: a network of images, and what is computed of sizes. */
export const modelSeeds: readonly Uint8Array[] = [
  modelMessage({
    nodes: [
      node('Conv', 'x W b', 'c', { pads: [1, 1, 1, 1], strides: [1, 1], kernel_shape: [3, 3] }),
      node('BatchNormalization', 'c s h m v', 'n', { epsilon: { float: 1e-5 } }),
      node('Relu', 'n', 'r'),
      node('MaxPool', 'r', 'p', { kernel_shape: [2, 2], strides: [2, 2] }),
      node('Flatten', 'p', 'f'),
      node('Gemm', 'f V u', 'y', { transB: 1 }),
    ],
    inputs: [port('x', ['batch', 1, 4, 4])],
    outputs: [port('y', ['batch', 3])],
    tensors: {
      W: numbers([2, 1, 3, 3]),
      b: numbers([2]),
      s: numbers([2]),
      h: numbers([2]),
      m: numbers([2]),
      v: numbers([2]),
      V: numbers([3, 8]),
      u: numbers([3]),
    },
  }),
  modelMessage({
    nodes: [
      node('Shape', 'x', 's'),
      node('Gather', 's i', 'n', { axis: 0 }),
      node('Unsqueeze', 'n a', 'n1'),
      node('Concat', 'n1 r', 'to', { axis: 0 }),
      node('Reshape', 'x to', 'z'),
      node('Add', 'a k', 'a1'),
      node('Tile', 'r a1', 'r1'),
      node('ConstantOfShape', 'k', 'c'),
      node('Pad', 'z p', 'q'),
      node('Slice', 'q b e k', 'y'),
      node('Softmax', 'y', 'w', { axis: -1 }),
      node('Expand', 'c k', 'o'),
      node('Range', 'zero four one', 'g'),
    ],
    inputs: [port('x', ['batch', 2, 3])],
    outputs: [port('w', undefined), port('y', undefined)],
    tensors: {
      i: fromArray([0], [], 'int32'),
      a: ints(0),
      r: ints(-1),
      k: ints(1),
      p: ints(0, 1, 0, 1),
      b: ints(1),
      e: ints(4),
      zero: fromArray([0], [], 'int32'),
      four: fromArray([4], [], 'int32'),
      one: fromArray([1], [], 'int32'),
    },
  }),
].map((model) => Uint8Array.from(writeMessage('Model', model)))

const extremes = [0, 1, -1, 2, 7, 127, 128, 255, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 62]
const floats = [0, -0, Number.NaN, Infinity, 1e-45, 3e38]
const names = ['', 'x', 'y', 'W', '__proto__', 'constructor', 'then', 'a.b', '0', 'Conv', 'Reshape', 'If', 'ai.onnx']

type Fields = { readonly [field: string]: unknown }

/** A value for a field of a kind, which may be made of the one that is there. */
const fieldChanged = (next: Source, kind: string, old: unknown): unknown => {
  if (fieldsOf.has(kind)) return messageChanged(next, kind, (old ?? {}) as Fields)
  if (kind === 'string') return pick(next, names)
  if (kind === 'bytes') return bytesChanged(next, (old ?? new Uint8Array()) as Uint8Array)
  return pick(next, kind === 'float' || kind === 'double' ? floats : extremes)
}

/** A list with an entry taken away, doubled, added or changed, or in another order. */
const listChanged = (next: Source, kind: string, list: readonly unknown[]): readonly unknown[] => {
  const i = whole(next, 0, Math.max(0, list.length - 1))
  const [before, entry, after] = [list.slice(0, i), list.slice(i, i + 1), list.slice(i + 1)]
  const changed = () => [...before, ...entry.map((x) => fieldChanged(next, kind, x)), ...after]
  if (next() < 0.5) return changed()
  return pick(next, [
    () => [...before, ...after],
    () => [...before, ...entry, ...entry, ...after],
    () => [...list, fieldChanged(next, kind, undefined)],
    () => [...list].reverse(),
  ])()
}

/** A message with one thing in it changed, at a depth that chance decides. */
const messageChanged = (next: Source, name: string, message: Fields): Fields => {
  const fields = [...(fieldsOf.get(name)?.values() ?? [])].filter((f) => !f.isRefused)
  const present = fields.filter((f) => message[f.name] !== undefined)
  if (fields.length === 0) return message
  const field = pick(next, present.length === 0 || next() < 0.1 ? fields : present)
  const old = message[field.name]
  if (field.isRepeated)
    return { ...message, [field.name]: listChanged(next, field.kind, (old ?? []) as readonly unknown[]) }
  return { ...message, [field.name]: next() < 0.1 ? undefined : fieldChanged(next, field.kind, old) }
}

const limits = limitsIn('fuzz')

/** A model changed in one of its fields, or in its bytes if it is none, or by chance. */
export const modelChanged = (next: Source, bytes: Uint8Array): Uint8Array => {
  if (next() < 0.15) return bytesChanged(next, bytes)
  try {
    const model = readMessage('Model', bytes, limits) as Message<'Model'>
    return writeMessage('Model' as MessageName, messageChanged(next, 'Model', model as Fields))
  } catch {
    return bytesChanged(next, bytes)
  }
}
