import { StructureError, ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

type Fields = { readonly [name: PropertyKey]: unknown }

const isObject = (u: unknown): u is Fields => (typeof u === 'object' && u !== null) || typeof u === 'function'
const has = (u: unknown, name: PropertyKey): boolean => isObject(u) && typeof u[name] === 'function'

/** The remedy for data that are not a sequence, for known mistakes. */
const remedyFor = (data: unknown): string | undefined => {
  if (isObject(data) && 'rows' in data)
    return 'minibatches(size)(examples) and epochs({ size })(examples) make some of examples'
  if (isObject(data) && 'input' in data) return 'examples({ input, target }) and epochs({ size }) make some of tensors'
  if (typeof data === 'function') return 'call epochs({ size }) or minibatches(size) with the examples'
  return has(data, Symbol.asyncIterator) ? 'use scan for asynchronous data' : undefined
}

/** Checks the arguments of a run, which folds a function over a sequence. */
export const checkRun = (op: 'scan' | 'scanSync', step: unknown, data: unknown): void => {
  if (typeof step !== 'function')
    throw new StructureError({
      op,
      expected: 'a step, a function of a state and a minibatch',
      actual: describe(step),
      remedy: 'trainStep makes one; the order is step, start, data',
    })
  if (typeof data === 'string' || has(data, Symbol.iterator)) return
  if (op === 'scan' && has(data, Symbol.asyncIterator)) return
  throw new StructureError({
    op,
    expected: 'minibatches, as an array or anything else to iterate over',
    actual: describe(data),
    remedy: remedyFor(data),
  })
}

/** Checks what the `epoch` of a source gives: the minibatches of an epoch. */
export const checkEpoch = <A>(op: string, data: A): A => {
  if (has(data, Symbol.iterator) || has(data, Symbol.asyncIterator)) return data
  throw new StructureError({
    op,
    expected: 'a source whose epoch gives minibatches, as an array or anything else to iterate over',
    actual: describe(data),
    remedy: 'async *epoch() { … } waits for data as it goes',
  })
}

/** Checks the result of a step: the next state and the metrics. */
export const checkResult = <R>(op: string, result: R): R => {
  if (Array.isArray(result)) return result
  throw new StructureError({
    op,
    expected: 'a step that gives [state, metrics]',
    actual: describe(result),
    remedy: has(result, 'then') ? 'a step is a pure function: await data in the source' : undefined,
  })
}

/** Checks the number of steps between two states. */
export const checkEvery = (op: string, every: number): void => {
  if (Number.isSafeInteger(every) && every >= 1) return
  throw new ValueError({ op, expected: 'every as a whole number of steps from 1', actual: describe(every) })
}
