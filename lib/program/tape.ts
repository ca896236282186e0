import { using } from '../kernel/current.ts'
import type { Engine } from '../kernel/engine.ts'
import { NotRecordable, Slot, type Tape } from '../kernel/slot.ts'

/** One computation on plain numbers. Its arguments hold slots; so does its result, or it is the same at each run. */
interface Computation {
  readonly f: (...args: never[]) => unknown
  readonly args: readonly unknown[]
  readonly result: unknown
}

/** The plain numbers of a step: those that are given come first, the others are computed from them. */
export interface Numbers {
  /**
   * Adds to the given numbers those that are computed from them; false if a decision comes out otherwise than when it
   * was recorded: then the program does not hold.
   */
  readonly complete: (numbers: number[]) => boolean
}

/** A value with each slot replaced by the number in it. */
const filled = (value: unknown, numbers: readonly number[]): unknown => {
  if (value instanceof Slot) return numbers[value.index]
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((x) => filled(x, numbers))
  return Object.fromEntries(Object.entries(value).map(([name, x]) => [name, filled(x, numbers)]))
}

/** Writes the numbers of a result into their slots; false if anything else in it has changed. */
const stored = (result: unknown, value: unknown, numbers: number[]): boolean => {
  if (result instanceof Slot) {
    numbers[result.index] = value as number
    return typeof value === 'number'
  }
  if (typeof result !== 'object' || result === null) return Object.is(result, value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(result).every(([name, x]) => stored(x, (value as never)[name], numbers))
}

/** A computation as a function that fills in its result; for one or two arguments without taking them apart. */
const compiled = ({ f, args, result }: Computation): ((numbers: number[]) => boolean) => {
  const at = args.map((x) => (x instanceof Slot ? x.index : undefined))
  const call = f as (...args: readonly unknown[]) => unknown
  const [a, b] = at
  if (a !== undefined && args.length === 1) return (numbers) => stored(result, call(numbers[a]), numbers)
  if (a !== undefined && b !== undefined && args.length === 2)
    return (numbers) => stored(result, call(numbers[a], numbers[b]), numbers)
  return (numbers) => stored(result, call(...args.map((x) => filled(x, numbers))), numbers)
}

export interface Taping extends Tape {
  /** A slot for one of the given numbers. */
  readonly slot: (x: number) => number
  /** The numbers in the slots so far. */
  readonly values: readonly number[]
  /** Runs what is recorded. If it cannot be, that is an error even if its own error was caught. */
  readonly attempt: <A>(run: () => A) => A
  /** The numbers as a function of the given ones, when all is recorded. */
  readonly numbers: () => Numbers
}

/** Records the plain numbers of a step while it runs on an engine. */
export const makeTape = (engine: Engine): Taping => {
  const values: number[] = []
  const computations: Computation[] = []
  const slot = (x: number): number => {
    values.push(x)
    return new Slot(tape, values.length - 1) as unknown as number
  }
  const slots = (value: unknown): unknown => {
    if (typeof value === 'number') return slot(value)
    if (typeof value === 'function') return tape.refuse('a function of numbers that change gives a function')
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(slots)
    return Object.fromEntries(Object.entries(value).map(([name, x]) => [name, slots(x)]))
  }
  let refusal: NotRecordable | undefined
  const tape: Taping = {
    slot,
    values,
    refuse: (why) => {
      refusal ??= new NotRecordable(why)
      throw refusal
    },
    attempt: (run) => {
      let result: ReturnType<typeof run>
      try {
        result = run()
      } catch (e) {
        throw refusal ?? e
      }
      if (refusal !== undefined) throw refusal
      return result
    },
    call: (f, args) => {
      const given = filled(args, values) as never[]
      const result = slots(using(engine, () => f(...given)))
      computations.push({ f, args, result })
      return result
    },
    numbers: () => {
      const all = computations.map(compiled)
      return {
        complete: (numbers) => {
          for (const compute of all) if (!compute(numbers)) return false
          return true
        },
      }
    },
  }
  return tape
}
