import { using } from '../kernel/current.ts'
import type { Engine } from '../kernel/engine.ts'
import type { Place, Program } from '../kernel/program.ts'
import { Slot } from '../kernel/slot.ts'
import { allocate, type Data, describe } from '../tensor/data.ts'
import { isContiguous, packed } from '../tensor/pack.ts'
import { numbersOf } from '../tensor/resident.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { type Held, recorder } from './recorder.ts'
import { makeTape, type Numbers, type Taping } from './tape.ts'
import { alike, argumentsOf, builder, objectsOf, type Parts, type Template, templateOf } from './template.ts'

/** A function of fixed shapes as a program, and the structures of its arguments and of its result. */
export interface Recording {
  readonly engine: Engine
  readonly program: Program
  readonly numbers: Numbers
  readonly argument: Template
  readonly result: Template
  /** Which number of the result becomes which number of the next argument; undefined if the run cannot go on. */
  readonly next: readonly { readonly from: number; readonly to: number }[] | undefined
  /** The slots of the numbers of the result. */
  readonly slots: readonly number[]
}

/** A tensor over an argument's place, which holds its numbers in row-major order. */
const asArgument = (t: AnyTensor, hold: (real: Data) => Held): AnyTensor =>
  fresh(t.shape, hold(packed(raw(t))) as unknown as Data) as AnyTensor

/**
 * Runs a function on arguments once and records it. The first argument is what a run carries on: if the first part of
 * the result has its structure, the program can run many times without leaving the engine's memory. With `hasSlots`,
 * its numbers are slots.
 */
export const record = (
  engine: Engine,
  run: (...args: readonly unknown[]) => unknown,
  given: readonly unknown[],
  hasSlots: boolean,
): Recording =>
  engine.scope(() => {
    const tape = makeTape(engine)
    const parts: Parts = { tensors: [], numbers: [] }
    const argument = argumentsOf(given, hasSlots, parts)
    const mutable = objectsOf(argument).find((x) => typeof x !== 'function')
    if (mutable !== undefined) tape.refuse(`it takes ${describe(mutable)}, which may change from run to run`)
    const slots = parts.numbers.map(tape.slot)
    const { recording, calls, constants, hold, heldBy, viewOf } = recorder(engine, tape)
    const inputs = parts.tensors.map((t) => asArgument(t, hold))
    const args = builder(argument)((i) => inputs[i], slots)
    const found: Parts = { tensors: [], numbers: [] }
    const isPart = (x: unknown): boolean => typeof x === 'number' || x instanceof Slot
    const [result, outputs] = tape.attempt(() =>
      using(recording, () => {
        const value = run(...(args as readonly unknown[]))
        const structure = templateOf(value, isPart, found)
        const kept = objectsOf(argument)
        const made = objectsOf(structure).find((x) => !kept.includes(x))
        if (made !== undefined) tape.refuse(`it gives ${describe(made)}: what is in it belongs to one run`)
        return [structure, found.tensors.map((t) => raw(t))] as const
      }),
    )
    const first = (t: Template): Template | undefined => (t.tag === 'record' ? t.parts[0]?.[1] : undefined)
    const [state, after] = [first(argument), first(result)]
    const pairs = state && after && alike(after, state)
    const carried = (pairs ?? []).flatMap((p) => (p.tag === 'tensor' ? [{ output: p.from, input: p.to }] : []))
    const own = inputs.map((t) => heldBy(raw(t)).place)
    const taken = new Set<Place>([...own, ...[...constants.values()].map((h) => h.place)])
    /** A place of its own for an output: several may be views of one place, or of an argument's. */
    const places = outputs.map((x, i): Place => {
      const { place } = heldBy(x)
      const isWhole = isContiguous(x) && x.offset === 0 && x.size === place.length
      const isPassedOn = carried.some(({ output, input }) => output === i && own[input] === place)
      if (isWhole && (isPassedOn || !taken.has(place))) {
        taken.add(place)
        return place
      }
      const copy = hold(allocate(x.dtype, x.size)).place
      calls.push({ kernel: 'copy', args: [viewOf(x)], results: [copy], path: [] })
      return copy
    })
    const resulting = found.numbers.map((x) => slotOf(x, tape))
    return {
      engine,
      numbers: tape.numbers(),
      argument,
      result,
      next: pairs?.filter(({ tag }) => tag === 'number'),
      slots: resulting,
      program: {
        _tag: 'Program',
        inputs: own,
        constants: [...constants.values()].map(({ place, real }) => ({ place, data: numbersOf(real).slice() })),
        calls,
        outputs: places,
        carried,
      },
    }
  })

/** The slot of a number of the result; a number that never changes gets one too. */
const slotOf = (x: number, tape: Taping): number => {
  const found = (x as unknown) instanceof Slot ? x : tape.call(() => x, [])
  return (found as unknown as Slot).index
}
