// Tensors passed through structuredClone, postMessage and IndexedDB, which keep an object's fields but not its class.
import { StructureError, within } from '../error/tensorError.ts'
import { type Data, describe, dtypeOf } from '../tensor/data.ts'
import { copied } from '../tensor/pack.ts'
import { residentOf } from '../tensor/resident.ts'
import { isWithin, sizeOf } from '../tensor/shape.ts'
import { read } from '../tensor/to.ts'
import { fresh, isTensor, type Raw } from '../tensor/view.ts'
import { type Around, inside } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'

/** The fields that remain of a tensor. */
type Remains = Pick<Raw, 'buffer' | 'shape' | 'stride' | 'offset'>

const fields = ['buffer', 'shape', 'stride', 'offset']
const isRemains = (u: object): u is Remains =>
  Object.keys(u).length === fields.length &&
  fields.every((name) => Object.hasOwn(u, name)) &&
  isNumbers((u as Remains).buffer)
const isNumbers = (u: unknown): boolean => ArrayBuffer.isView(u) && dtypeOf(u as Data) !== undefined

/** True if all entries lie within the remaining numbers. */
const isWhole = ({ buffer, shape, stride, offset }: Remains): boolean => {
  const areWhole = (u: unknown): boolean => Array.isArray(u) && u.every(Number.isSafeInteger)
  return (
    areWhole(shape) &&
    areWhole(stride) &&
    areWhole([offset]) &&
    shape.length === stride.length &&
    shape.every((n) => n >= 0) &&
    isWithin({ shape, stride, offset }, buffer.length)
  )
}

/** A tensor over a buffer that holds only its entries: the tensor itself if it is one. */
const compacted = (t: AnyTensor): AnyTensor => {
  const x = read('compact', t)
  const isArray = residentOf(x.buffer) === undefined
  const isAlone = isArray && x.buffer.byteLength === x.buffer.buffer.byteLength && x.buffer.length === x.size
  const isPlain = x.offset === 0 && x.stride.every((s, i) => s === sizeOf(x.shape.slice(i + 1)))
  return isAlone && isPlain ? t : (fresh(x.shape, copied(x)) as AnyTensor)
}

/** Replaces each tensor, and other objects on request, in a value; an object that occurs twice is replaced once. */
const replaced = (op: string, u: unknown, replace: (u: object) => AnyTensor | undefined): unknown => {
  const seen = new Map<object, unknown>()
  const go = (v: unknown, around?: Around): unknown => {
    if (typeof v !== 'object' || v === null) return v
    if (seen.has(v)) return seen.get(v)
    const found = replace(v) ?? parts(v, inside(op, v, around))
    seen.set(v, found)
    return found
  }
  const parts = (v: object, here: Around): unknown => {
    const at = (name: string, w: unknown): unknown => within(name, () => go(w, here))
    if (Array.isArray(v)) return v.map((w, i) => at(`${i}`, w))
    const proto = Object.getPrototypeOf(v)
    const isRecord = proto === null || Object.getPrototypeOf(proto) === null
    return isRecord ? Object.fromEntries(Object.entries(v).map(([name, w]) => [name, at(name, w)])) : v
  }
  return go(u)
}

/**
 * A value with a separate buffer for each tensor in it, to be passed to `structuredClone`, `postMessage` or IndexedDB:
 * they copy the whole buffer of a view, even for a slice of three entries. Tensors that have their own buffer are kept.
 *
 * @example
 * import { compact, eqTree, op, range, revive } from 'pullback'
 * const params = { part: op.slice(range(0, 1000000), [[0, 3]]) }
 * const sent = structuredClone(compact(params)) // 12 bytes of numbers, and not 4,000,000
 * eqTree.equals(revive(sent), params) // => true
 */
export const compact = <T>(state: T): T =>
  replaced('compact', state, (u) => (isTensor(u) ? compacted(u) : undefined)) as T

/**
 * Restores the tensors in a value that went through `structuredClone`, `postMessage`, `worker_threads` or IndexedDB,
 * where they became plain objects. Views are restored too, without the rest of their buffers. A tensor with missing
 * parts is a `StructureError`.
 *
 * @example
 * import { eqTree, eye, op, revive } from 'pullback'
 * const params = { W: op.transpose(eye(3)), count: 4 }
 * const { W } = revive(structuredClone(params))
 * eqTree.equals({ W }, { W: params.W }) // => true
 */
export const revive = <T>(state: T): T =>
  replaced('revive', state, (u) => {
    if (isTensor(u)) return u
    if (!isRemains(u)) return undefined
    if (!isWhole(u))
      throw new StructureError({
        op: 'revive',
        expected: 'a tensor whose entries lie within its numbers',
        actual: `shape ${describe(u.shape)}, strides and an offset beyond ${u.buffer.length} numbers`,
        code: 'not-a-tensor',
      })
    const dtype = dtypeOf(u.buffer) as Raw['dtype']
    return fresh(u.shape, copied({ ...u, size: sizeOf(u.shape), dtype })) as AnyTensor
  }) as T
