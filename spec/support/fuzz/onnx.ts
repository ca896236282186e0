// Changes to models of ONNX that know the format: fields are taken away, doubled, swapped or given other values.
import { fieldsOf, type Message, type MessageName } from '../../../lib/onnx/proto/fields.ts'
import { limitsIn } from '../../../lib/onnx/proto/limits.ts'
import { readMessage } from '../../../lib/onnx/proto/read.ts'
import { writeMessage } from '../../../lib/onnx/proto/write.ts'
import { pick, type Source, whole } from '../../arbitrary/numbers.ts'
import { bytesChanged } from './mutate.ts'

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
