import { checkBytes, checkRank, checkReduction, formatOf } from '../comm/check.ts'
import type { Group, Reducible, Reduction } from '../comm/group.ts'
import { ValueError } from '../error/tensorError.ts'
import type { Calls } from './calls.ts'
import { partsOf } from './parts.ts'
import type { Place } from './place.ts'

type Collectives = Pick<Group, 'allReduce' | 'begin' | 'allGather' | 'broadcast' | 'barrier'>

/** The most bytes that one call can gather: it counts with 32 bits. */
const mostBytes = 2 ** 31 - 1

/** The length of the bytes of each rank, and where they begin among those of all. */
const layoutOf = (calls: Calls, length: number, size: number) => {
  const { world, formats } = calls.handles
  const all = new Float64Array(size)
  calls.allGather(Float64Array.of(length), 1, formats.float64, all, 1, formats.float64, world)
  const total = all.reduce((sum, n) => sum + n, 0)
  if (total > mostBytes)
    throw new ValueError({
      op: 'allGather',
      expected: `at most ${mostBytes} bytes of all ranks together`,
      actual: `${total}`,
      code: 'too-large',
      remedy: 'gather them in parts',
    })
  const lengths = Int32Array.from(all)
  const offsets = new Int32Array(size)
  for (let r = 1; r < size; r++) offsets[r] = (offsets[r - 1] as number) + (lengths[r - 1] as number)
  return { lengths, offsets, total }
}

const nothing = (): void => {}

/**
 * The collective functions of a communicator, by those of MPI.
 *
 * What `begin` begins is done when it returns. MPI has reductions that go on in the background, but they go on only within
 * calls of it: four of a mebibyte that are under way together take four times as long as one after the other, over shared
 * memory and over TCP. And a gradient is reduced the faster the sooner, while it lies in the cache.
 */
export const collectivesOf = (calls: Calls, rank: number, size: number, { within }: Place): Collectives => {
  const { world, byte, formats, reductions, inPlace } = calls.handles
  const reduce = (op: string, numbers: Reducible, by: Reduction): void => {
    const format = formats[formatOf(op, numbers)]
    checkReduction(op, by)
    within('allReduce', numbers.length, () => {
      for (const part of partsOf(numbers)) calls.allReduce(inPlace, part, part.length, format, reductions[by], world)
    })
  }
  return {
    allReduce: (numbers, by) => reduce('allReduce', numbers, by),
    begin: (numbers, by) => {
      reduce('begin', numbers, by)
      return nothing
    },
    allGather: (bytes) => {
      checkBytes('allGather', bytes)
      return within('allGather', 0, () => {
        const { lengths, offsets, total } = layoutOf(calls, bytes.length, size)
        const all = new Uint8Array(total)
        calls.allGatherBytes(bytes, bytes.length, byte, all, lengths, offsets, byte, world)
        return Array.from(offsets, (at, r) => all.slice(at, at + (lengths[r] as number)))
      })
    },
    broadcast: (bytes, from) => {
      checkBytes('broadcast', bytes)
      checkRank('broadcast', from, size)
      return within('broadcast', from, () => {
        const length = Float64Array.of(bytes.length)
        calls.broadcast(length, 1, formats.float64, from, world)
        const all = rank === from ? bytes.slice() : new Uint8Array(length[0] as number)
        for (const part of partsOf(all)) calls.broadcast(part, part.length, byte, from, world)
        return all
      })
    },
    barrier: () => within('barrier', 0, () => calls.barrier(world)),
  }
}
