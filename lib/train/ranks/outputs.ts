import { bytesOf } from '../../comm/bytes.ts'
import type { Group } from '../../comm/group.ts'
import { allocate, type Data } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import { fresh, raw } from '../../tensor/view.ts'
import { leaves, rebuild, type Tree } from '../../tree/tree.ts'
import type { AnyTensor } from '../../type/tensor.ts'

/** True if a rank runs a minibatch. All run the first one, from which they know what the others look like. */
export const runsHere = ({ rank, size }: Group, i: number): boolean => i === 0 || i % size === rank

/** A function that reads trees like a given one, but with so many rows, one after the other. */
const reader = (bytes: Uint8Array, like: Tree) => {
  let at = 0
  return (rows: number): Tree =>
    rebuild(
      like,
      leaves(like).map(({ shape, dtype }) => {
        const own = [rows, ...shape.slice(1)]
        const data: Data = allocate(
          dtype,
          own.reduce((a, b) => a * b, 1),
        )
        new Uint8Array(data.buffer).set(bytes.subarray(at, at + data.byteLength))
        at += data.byteLength
        return fresh(own, data as Float32Array) as AnyTensor
      }),
    )
}

/**
 * The outputs for all minibatches, of which each rank has run its own: in `own` they stand at their places. `rows` has
 * the number of examples of each.
 */
export const outputsOfAll = (comm: Group, own: ReadonlyMap<number, Tree>, rows: readonly number[]): readonly Tree[] => {
  if (comm.size === 1 || rows.length <= 1) return [...own.values()]
  const first = own.get(0) as Tree
  const mine = [...own].flatMap(([i, tree]) => (i > 0 ? [tree] : []))
  const readers = comm
    .allGather(bytesOf(mine.flatMap((tree) => leaves(tree)).map((t) => packed(raw(t)))))
    .map((bytes) => reader(bytes, first))
  return rows.map((n, i) => (i === 0 ? first : (readers[i % comm.size] as (rows: number) => Tree)(n)))
}
