import { checkBytes, checkRank, checkReduction, formatOf } from '../comm/check.ts'
import type { Reducible, Reduction } from '../comm/group.ts'
import { type Communicator, trainingOf } from '../train/ranks/communicator.ts'
import { leave, makeBarrier } from './barrier.ts'
import { barrierCall, broadcastCall, gatherCall, reduceCall } from './call.ts'
import { makeExchange } from './exchange.ts'
import { fail, failureOf } from './failure.ts'
import { chunk, type Memory } from './memory.ts'
import { reduce } from './reduce.ts'

const none = new Uint8Array(0)
/** The bytes of the chunk that begins at a place. */
const chunkAt = (bytes: Uint8Array, at: number): Uint8Array => bytes.subarray(at, at + chunk)
/** Copies from a slot what belongs into the chunk that begins at a place. */
const copy = (slot: Uint8Array | undefined, bytes: Uint8Array, at: number): void => {
  const part = chunkAt(bytes, at)
  part.set(slot?.subarray(0, part.length) ?? none)
}

/** The communicator of a rank whose group shares this memory. What is longer than a chunk goes chunk by chunk. */
export const communicatorOf = (memory: Memory, rank: number, patience: number): Communicator => {
  const { size } = memory
  const barrier = makeBarrier(memory, rank, patience)
  const exchange = makeExchange(memory, rank, barrier)

  /** Each rank reduces its part of a chunk over all ranks, and copies the parts of all. */
  const allReduce = (numbers: Reducible, by: Reduction): void => {
    const format = formatOf('allReduce', numbers)
    checkReduction('allReduce', by)
    const call = reduceCall(format, by, numbers.length)
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
    for (let at = 0; at === 0 || at < bytes.length; at += chunk) {
      const given = exchange('allReduce', call, 0, chunkAt(bytes, at))
      const n = chunkAt(bytes, at).length / numbers.BYTES_PER_ELEMENT
      const [from, to] = [Math.floor((n * rank) / size), Math.floor((n * (rank + 1)) / size)]
      reduce(given.numbers[format], by, from, to)
      barrier('allReduce')
      copy(given.bytes[0], bytes, at)
    }
  }

  return {
    name: 'workers',
    rank,
    size,
    allReduce,
    begin: (numbers, by) => {
      allReduce(numbers, by)
      return () => {}
    },
    allGather: (bytes) => {
      checkBytes('allGather', bytes)
      let all: readonly Uint8Array[] = []
      for (let at = 0; at === 0 || all.some(({ length }) => at < length); at += chunk) {
        const given = exchange('allGather', gatherCall, bytes.length, chunkAt(bytes, at))
        if (at === 0) all = given.headers.map(([, , length]) => new Uint8Array(length ?? 0))
        all.forEach((result, of) => {
          copy(given.bytes[of], result, at)
        })
      }
      return all
    },
    broadcast: (bytes, from) => {
      checkBytes('broadcast', bytes)
      checkRank('broadcast', from, size)
      let all = none
      for (let at = 0; at === 0 || at < all.length; at += chunk) {
        const own = rank === from ? chunkAt(bytes, at) : none
        const given = exchange('broadcast', broadcastCall(from), bytes.length, own)
        if (at === 0) all = new Uint8Array(given.headers[from]?.[2] ?? 0)
        copy(given.bytes[from], all, at)
      }
      return all
    },
    barrier: () => {
      exchange('barrier', barrierCall, 0, none)
    },
    abort: (reason) => {
      fail(memory, rank, { ranks: [rank], expected: `rank ${rank} to end its work`, actual: `its abort: ${reason}` })
      throw failureOf(memory)
    },
    close: () => leave(memory, rank),
    training: trainingOf,
  }
}
