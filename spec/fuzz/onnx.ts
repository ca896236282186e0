// Files of ONNX changed at random: each is read, or refused by a FormatError; nothing else is thrown. The changes know
// the format: fields are taken away, doubled, swapped or given other values, then bytes are changed, cut and moved.
// The seed is fixed; FUZZ=1000000 FUZZ_SEED=7 tries as many of another seed.
import { type AnyTensor, fromArray } from 'pullback'
import { fromOnnx } from 'pullback/onnx'
import t from 'tap'
import { fieldsOf, type Message, type MessageName } from '../../lib/onnx/proto/fields.ts'
import { writeMessage } from '../../lib/onnx/proto/write.ts'
import { modelMessage, node, numbers, port } from '../support/onnx.ts'

const runs = Number(process.env.FUZZ ?? 2000)
const seed = Number(process.env.FUZZ_SEED ?? 1)

/** Mulberry32: whole numbers below n. */
const randomFrom = (start: number) => {
  let state = start
  return (n: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) % n
  }
}
type Random = ReturnType<typeof randomFrom>

const ints = (...list: number[]): AnyTensor => fromArray(list, [list.length], 'int32')
const models: readonly Message<'Model'>[] = [
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
]

const extremes = [0, 1, -1, 2, 7, 127, 128, 255, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 62]
const names = ['', 'x', 'y', 'W', '__proto__', 'constructor', 'then', 'a.b', '0', 'Conv', 'Reshape', 'If', 'ai.onnx']

/** Another value of a field. */
const other = (kind: string, value: unknown, random: Random): unknown => {
  if (kind === 'string') return names[random(names.length)]
  if (kind === 'bytes') {
    const old = value as Uint8Array
    return random(2) === 0
      ? old.subarray(0, random(old.length + 1))
      : Uint8Array.from({ length: random(40) }, () => random(256))
  }
  if (kind === 'float' || kind === 'double') return [0, -0, Number.NaN, Infinity, 1e-45, 3e38][random(6)]
  return extremes[random(extremes.length)]
}

/** A message with one thing in it changed, at a depth that chance decides. */
const changed = (name: string, message: object, random: Random): object => {
  const fields = [...(fieldsOf.get(name)?.values() ?? [])].filter((f) => !f.isRefused)
  const record = message as { readonly [field: string]: unknown }
  const present = fields.filter((f) => record[f.name] !== undefined)
  const field =
    (random(8) === 0 ? fields : present)[random(Math.max(1, (random(8) === 0 ? fields : present).length))] ?? fields[0]
  if (field === undefined) return message
  const value = record[field.name]
  const isMessage = fieldsOf.has(field.kind)
  if (!field.isRepeated) {
    if (random(10) === 0) return { ...record, [field.name]: undefined }
    const next = isMessage
      ? changed(field.kind, (value ?? {}) as object, random)
      : other(field.kind, value ?? new Uint8Array(), random)
    return { ...record, [field.name]: next }
  }
  const list = [...((value ?? []) as readonly unknown[])]
  const i = random(list.length + 1)
  const action = random(isMessage ? 9 : 5)
  if (action === 0) list.splice(i, 1)
  else if (action === 1)
    list.splice(
      i,
      0,
      list[random(Math.max(1, list.length))] ?? (isMessage ? {} : other(field.kind, new Uint8Array(), random)),
    )
  else if (action === 2 && list.length > 1) list.reverse()
  else if (i < list.length)
    list[i] = isMessage
      ? changed(field.kind, list[i] as object, random)
      : other(field.kind, list[i] ?? new Uint8Array(), random)
  return { ...record, [field.name]: list.filter((x) => x !== undefined) }
}

/** Bytes with a few of them changed, cut, doubled or swapped. */
const bent = (bytes: Uint8Array, random: Random): Uint8Array => {
  const n = bytes.length
  const [a, b] = [random(n + 1), random(n + 1)].sort((p, q) => p - q) as [number, number]
  const pieces = [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)] as const
  const action = random(6)
  if (action === 0) return Buffer.concat([pieces[0], pieces[2]])
  if (action === 1) return Buffer.concat([pieces[0], pieces[1], pieces[1], pieces[2]])
  if (action === 2) return Buffer.concat([pieces[1], pieces[0], pieces[2]])
  const copy = Uint8Array.from(bytes)
  for (let i = random(4); i >= 0 && n > 0; i--)
    copy[random(n)] = action === 3 ? random(256) : (copy[random(n)] as number) ^ (1 << random(8))
  return copy
}

const fuzzed = (random: Random): Uint8Array => {
  let message: object = models[random(models.length)] as Message<'Model'>
  for (let i = random(4); i >= 0; i--) message = changed('Model', message, random)
  const bytes = writeMessage('Model' as MessageName, message)
  const times = random(3) === 0 ? 1 + random(3) : 0
  return Array.from({ length: times }).reduce<Uint8Array>((all) => bent(all, random), bytes)
}

t.setTimeout(0)
t.test(`${runs} changed files`, async (t) => {
  const random = randomFrom(seed)
  const reasons = new Map<string, number>()
  for (let i = 0; i < runs; i++) {
    const bytes = Uint8Array.from(fuzzed(random))
    let found: ReturnType<typeof fromOnnx>
    try {
      found = fromOnnx(bytes, { limits: { numbers: 100_000 } })
    } catch (e) {
      t.fail(`file ${i} of seed ${seed}: ${(e as Error).stack}`, { bytes: Buffer.from(bytes).toString('base64') })
      continue
    }
    const reason = found._tag === 'Left' ? found.left.reason : 'read'
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  t.comment(JSON.stringify(Object.fromEntries(reasons)))
  t.ok((reasons.get('read') ?? 0) > runs / 20, 'some are still read')
  for (const reason of ['Truncated', 'BadData', 'Unsupported', 'MissingName', 'DuplicateName', 'WrongSize', 'BadShape'])
    t.ok((reasons.get(reason) ?? 0) > 0, `some are refused as ${reason}`)
})
