import { RankError } from '../error/rankError.ts'
import { fail, failed, failureOf, named } from './failure.ts'
import { left, type Memory, place, reached } from './memory.ts'

/** How often a rank looks for the others before it sleeps: for some microseconds, since to wake up takes longer. */
const looks = 1000
/** The parts of the time limit. */
const parts = 20

/**
 * The barrier of a rank: a function that waits until each rank has called it, and that throws the `RankError` of a group
 * that has failed, also of one that fails meanwhile. Ranks wait for a change of the word `round`: the last one to come
 * adds two to it, and its lowest bit says that the group has failed. So nobody misses either.
 *
 * A rank that does not come is a failure: at once if it has left the group, and else after `patience` seconds. These are
 * counted in parts, so that the time in which a machine sleeps counts as one part at most.
 */
export const makeBarrier = (memory: Memory, rank: number, patience: number): ((op: string) => void) => {
  const { words, size } = memory
  let calls = 0

  const who = (test: (rank: number) => boolean): readonly number[] =>
    Array.from({ length: size }, (_, other) => other).filter(test)
  const whoLeft = () => who((other) => Atomics.load(words, left(other)) === 1)
  const whoIsMissing = () => who((other) => Atomics.load(words, reached(other)) !== calls)

  const hasLeft = (op: string, ranks: readonly number[]): void =>
    fail(memory, rank, {
      ranks,
      expected: `every rank to call ${op}`,
      actual: `the end of the work of ${named(ranks)}`,
      remedy: 'let all ranks make the same calls in the same order',
      code: 'ranks-differ',
    })
  const isMissing = (op: string, ranks: readonly number[]): void =>
    fail(memory, rank, {
      ranks,
      expected: `every rank to call ${op} within ${patience} s`,
      actual: `no call from ${named(ranks)}`,
      remedy: 'if it does not hang but has more to do, give startRanks a larger patience',
    })

  /** Returns when the round has changed, be it that it has ended or that the group has failed. */
  const wait = (op: string, round: number): void => {
    const hasChanged = (): boolean => Atomics.load(words, place.round) !== round
    for (let look = 0; look < looks; look++) if (hasChanged()) return
    for (let part = 0; ; ) {
      // In this order: a rank that has ended the round may leave at once, but one that left before never ends it.
      const [gone, late] = [whoLeft(), whoIsMissing()]
      if (hasChanged()) return
      if (gone.length > 0) hasLeft(op, gone)
      else if (part >= parts && late.length > 0) isMissing(op, late)
      else if (Atomics.wait(words, place.round, round, (1000 * patience) / parts) === 'timed-out') part++
    }
  }

  return (op) => {
    const round = Atomics.load(words, place.round)
    if ((round & failed) !== 0) throw failureOf(memory)
    if (Atomics.load(words, left(rank)) === 1)
      throw new RankError({ op, expected: 'a group of ranks', actual: 'one that this rank has left', ranks: [rank] })
    calls = (calls + 1) | 0
    Atomics.store(words, reached(rank), calls)
    if (Atomics.add(words, place.arrived, 1) === size - 1) {
      Atomics.store(words, place.arrived, 0)
      Atomics.add(words, place.round, 2)
      Atomics.notify(words, place.round)
    } else wait(op, round)
    if ((Atomics.load(words, place.round) & failed) !== 0) throw failureOf(memory)
  }
}

/** Leaves the group: ranks that wait for this one, now or later, find that it has gone. */
export const leave = ({ words }: Memory, rank: number): void => {
  Atomics.store(words, left(rank), 1)
  Atomics.notify(words, place.round)
}
