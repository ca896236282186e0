// Ranks that all have the same numbers, in one process: what is the same on each can be tried without others.
import { type Communicator, oneProcess, type Reducible } from 'pullback'

/** A communicator as if each of so many ranks gave what this one gives; it counts the messages. */
export const alike = (size: number, rank = 0): Communicator & { readonly messages: () => number } => {
  let messages = 0
  const reduce = (numbers: Reducible, by: 'sum' | 'max'): void => {
    messages++
    if (by === 'sum') for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] as number) * size
  }
  return {
    name: 'alike',
    rank,
    size,
    messages: () => messages,
    allReduce: reduce,
    begin: (numbers, by) => {
      const copy = numbers.slice()
      messages++
      return () => {
        numbers.set(copy)
        reduce(numbers, by)
        messages--
      }
    },
    allGather: (bytes) => {
      messages++
      return Array.from({ length: size }, () => bytes.slice())
    },
    broadcast: (bytes) => bytes.slice(),
    barrier: () => {},
    abort: (reason) => {
      throw new Error(reason)
    },
    close: () => {},
    training: oneProcess.training,
  }
}
