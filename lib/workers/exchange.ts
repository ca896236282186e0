import type { makeBarrier } from './barrier.ts'
import { type Call, difference } from './call.ts'
import { fail, failureOf } from './failure.ts'
import { chunk, type Memory } from './memory.ts'

/** What all ranks have given to an exchange, by rank. */
export type Given = ReturnType<typeof givenOf>

const givenOf = ({ buffer, size, header, slot }: Memory, turn: number) => {
  const ranks = Array.from({ length: size }, (_, rank) => rank)
  return {
    /** The kind of each call, its detail, and a number for the others. */
    headers: ranks.map((rank) => header(turn, rank)),
    bytes: ranks.map((rank) => new Uint8Array(buffer, slot(turn, rank), chunk)),
    /** The same bytes as numbers of each format. */
    numbers: {
      float32: ranks.map((rank) => new Float32Array(buffer, slot(turn, rank), chunk / 4)),
      float64: ranks.map((rank) => new Float64Array(buffer, slot(turn, rank), chunk / 8)),
      int32: ranks.map((rank) => new Int32Array(buffer, slot(turn, rank), chunk / 4)),
    },
  }
}

/**
 * The exchange of a rank: it tells its call, gives at most a chunk of bytes, waits for the others, and finds what all
 * have given. Ranks whose calls differ are a failure of the group.
 *
 * Exchanges use two sets of slots in turn, so one barrier is enough: a rank that writes into a slot has come through the
 * barrier of the exchange before, and the others came to that one when they had read what the slot held.
 */
export const makeExchange = (memory: Memory, rank: number, barrier: ReturnType<typeof makeBarrier>) => {
  const slots = [givenOf(memory, 0), givenOf(memory, 1)] as const
  let turn: 0 | 1 = 0
  return (op: string, [kind, detail]: Call, number: number, bytes: Uint8Array): Given => {
    turn = turn === 0 ? 1 : 0
    const given = slots[turn]
    given.headers[rank]?.set([kind, detail, number])
    given.bytes[rank]?.set(bytes)
    barrier(op)
    if (given.headers.some((header) => header[0] !== kind || header[1] !== detail)) {
      fail(memory, rank, difference(given.headers.map(([kind = 0, detail = 0]) => [kind, detail])))
      throw failureOf(memory)
    }
    return given
  }
}
