import { runningPath } from '../error/tensorError.ts'
import { using } from '../kernel/current.ts'
import type { Engine } from '../kernel/engine.ts'
import type { Kernel } from '../kernel/kernels.ts'
import type { KernelCall, Place, PlaceView, Program, ProgramCall } from '../kernel/program.ts'
import { reference } from '../kernel/reference/reference.ts'
import { NotRecordable, Slot } from '../kernel/slot.ts'
import { allocate, type Data, dtypeOf } from '../tensor/data.ts'
import { isContiguous, packed } from '../tensor/pack.ts'
import { type Check, Resident } from '../tensor/resident.ts'
import { fresh, type Raw, raw, view } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { makeTape, type Numbers, type Taping } from './tape.ts'
import { alike, builder, type Parts, type Template, templateOf } from './template.ts'

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

/** The handle of a place while the program is recorded; it knows the numbers of this first run. */
class Held extends Resident {
  readonly place: Place
  readonly real: Data
  override readonly inspect: (tensors: readonly { readonly buffer: unknown }[], check: Check) => void

  constructor(place: Place, real: Data, inspect: Held['inspect']) {
    super()
    this.place = place
    this.real = real
    this.inspect = inspect
  }

  get dtype() {
    return this.place.dtype
  }

  get length() {
    return this.place.length
  }

  override numbers(): never {
    throw new NotRecordable('it reads the numbers of a tensor')
  }
}

const isRaw = (x: unknown): x is Raw => typeof x === 'object' && x !== null && 'buffer' in x && 'stride' in x

/** An argument of a kernel with each tensor and each slot replaced. */
const swapped = (x: unknown, onRaw: (x: Raw) => unknown, onSlot: (x: Slot) => unknown): unknown => {
  if (typeof x !== 'object' || x === null) return x
  if (x instanceof Slot) return onSlot(x)
  if (isRaw(x)) return onRaw(x)
  if (Array.isArray(x)) return x.map((y) => swapped(y, onRaw, onSlot))
  return Object.fromEntries(Object.entries(x).map(([name, y]) => [name, swapped(y, onRaw, onSlot)]))
}

const notKernels = ['name', 'threads', 'features', 'bytes', 'stop', 'withThreads', 'scope', 'load']

/** An engine that runs the kernels of another one and writes down their calls. */
const recorder = (engine: Engine, numbers: readonly number[]) => {
  const calls: ProgramCall[] = []
  const constants = new Map<Data, Held>()
  let count = 0
  const hold = (real: Data): Held => {
    const dtype = dtypeOf(real)
    if (dtype === undefined) throw new NotRecordable('it draws random words as numbers')
    return new Held({ id: count++, dtype, length: real.length }, real, inspect)
  }
  const heldBy = ({ buffer }: { readonly buffer: unknown }): Held => {
    if (buffer instanceof Held) return buffer
    if (buffer instanceof Resident) throw new NotRecordable('it uses a tensor of another engine')
    return constants.get(buffer as Data) ?? keep(buffer as Data)
  }
  /** An array that is the same at each run. */
  const keep = (data: Data): Held => {
    const held = hold(data)
    constants.set(data, held)
    kept.add(held)
    return held
  }
  const kept = new Set<Held>()
  const isConstant = (x: unknown): boolean => {
    let constant = true
    swapped(
      x,
      ({ buffer }) => {
        constant &&= !(buffer instanceof Held) || kept.has(buffer)
      },
      () => {
        constant = false
      },
    )
    return constant
  }
  const viewOf = (x: Raw): PlaceView => {
    const { shape, stride, offset, size, dtype } = x
    return { place: heldBy(x).place, shape, stride, offset, size, dtype }
  }
  const inspect: Held['inspect'] = (tensors, check) => {
    const all = tensors as readonly Raw[]
    check(...all.map((x) => packed(realOf(x))))
    calls.push({ kernel: 'check', args: all.map(viewOf), check, results: [], path: runningPath() })
  }
  const realOf = (x: Raw): Raw => {
    return raw(view(heldBy(x).real, x.shape, x.stride, x.offset))
  }
  const kernel =
    (name: Kernel) =>
    (...args: readonly unknown[]) => {
      const given = args.map((x) => swapped(x, realOf, ({ index }) => numbers[index]))
      const made = (engine[name] as (...args: readonly unknown[]) => Data | readonly Data[])(...given)
      const all = Array.isArray(made) ? (made as readonly Data[]) : [made as Data]
      if (args.every(isConstant)) {
        const kept = all.map((data) => keep(data.slice() as Data))
        return Array.isArray(made) ? kept : kept[0]
      }
      const held = all.map(hold)
      const call: KernelCall = {
        kernel: name,
        args: args.map((x) => swapped(x, viewOf, (slot) => slot)),
        results: held.map((h) => h.place),
        path: runningPath(),
      }
      calls.push(call)
      return Array.isArray(made) ? held : held[0]
    }
  const kernels = Object.fromEntries(
    Object.keys(engine)
      .filter((name) => !notKernels.includes(name))
      .map((name) => [name, kernel(name as Kernel)]),
  )
  const recording: Engine = {
    ...kernels,
    name: engine.name,
    threads: engine.threads,
    features: engine.features,
    bytes: engine.bytes,
    stop: () => {},
    withThreads: () => recording,
    scope: reference.scope,
    load: engine.load,
  } as unknown as Engine
  return { recording, calls, constants, hold, heldBy, viewOf }
}

/** A tensor over an argument's place, which holds its numbers in row-major order. */
const asArgument = (t: AnyTensor, hold: (real: Data) => Held): AnyTensor =>
  fresh(t.shape, hold(packed(raw(t))) as unknown as Data) as AnyTensor

/**
 * Runs a function on arguments once and records it. The first argument is what a run carries on: if the first part of
 * the result has its structure, the program can run many times without leaving the engine's memory.
 */
export const record = (
  engine: Engine,
  run: (...args: readonly unknown[]) => unknown,
  given: readonly unknown[],
  isNumber: (x: unknown) => boolean,
): Recording =>
  engine.scope(() => {
    const tape = makeTape(engine)
    const parts: Parts = { tensors: [], numbers: [] }
    const argument = templateOf(given, isNumber, parts)
    const slots = parts.numbers.map(tape.slot)
    const { recording, calls, constants, hold, heldBy, viewOf } = recorder(engine, tape.values)
    const inputs = parts.tensors.map((t) => asArgument(t, hold))
    const args = builder(argument)((i) => inputs[i], slots)
    const found: Parts = { tensors: [], numbers: [] }
    const isPart = (x: unknown): boolean => typeof x === 'number' || x instanceof Slot
    const [result, outputs] = using(recording, () => {
      const value = run(...(args as readonly unknown[]))
      const structure = templateOf(value, isPart, found)
      return [structure, found.tensors.map((t) => raw(t))] as const
    })
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
        constants: [...constants.values()].map(({ place, real }) => ({ place, data: real.slice() })),
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
