import { runningPath } from '../error/tensorError.ts'
import type { Engine } from '../kernel/engine.ts'
import type { KernelSet } from '../kernel/kernelSet.ts'
import type { Kernel } from '../kernel/kernels.ts'
import { type KernelCall, type Place, type PlaceView, type ProgramCall, swapped } from '../kernel/program.ts'
import type { Tape } from '../kernel/slot.ts'
import { type Data, dtypeOf } from '../tensor/data.ts'
import { copied, packed } from '../tensor/pack.ts'
import { type Check, numbersOf, Resident, residentOf } from '../tensor/resident.ts'
import { type Raw, raw, view } from '../tensor/view.ts'
import type { Taping } from './tape.ts'

/** The handle of a place while the program is recorded; it knows the numbers of this first run. */
export class Held extends Resident {
  readonly place: Place
  readonly real: Data
  override readonly inspect: (tensors: readonly { readonly buffer: unknown }[], check: Check) => void

  readonly refuse: Tape['refuse']

  constructor(place: Place, real: Data, inspect: Held['inspect'], refuse: Tape['refuse']) {
    super()
    this.place = place
    this.real = real
    this.inspect = inspect
    this.refuse = refuse
  }

  get dtype() {
    return this.place.dtype
  }

  get length() {
    return this.place.length
  }

  override numbers(): never {
    return this.refuse('it reads the numbers of a tensor')
  }
}

const isRaw = (x: object): x is Raw => 'buffer' in x && 'stride' in x

const notKernels = ['name', 'threads', 'features', 'bytes', 'stop', 'with', 'withThreads', 'scope', 'load']

/** The scope of a step that is recorded: it has no memory of its own. */
const recorded: Engine['scope'] = (step) => step((x) => x.buffer)

/** An engine that runs the kernels of another one and writes down their calls. */
export const recorder = (engine: Engine, { values: numbers, refuse }: Taping) => {
  const calls: ProgramCall[] = []
  const constants = new Map<Data, Held>()
  let count = 0
  const hold = (real: Data): Held => {
    const dtype = residentOf(real)?.dtype ?? dtypeOf(real)
    if (dtype === undefined) return refuse('it draws random words as numbers')
    return new Held({ id: count++, dtype, length: real.length }, real, inspect, refuse)
  }
  const heldBy = ({ buffer }: { readonly buffer: unknown }): Held => {
    if (buffer instanceof Held)
      return buffer.inspect === inspect ? buffer : refuse('it uses a tensor of another recording')
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
  /** Numbers that the ranks would have made together: what they are now says nothing. */
  const apart = new Set<Held>()
  const isApart = (x: unknown): boolean => {
    let found = false
    swapped(
      x,
      isRaw,
      ({ buffer }) => {
        found ||= buffer instanceof Held && apart.has(buffer)
      },
      () => undefined,
    )
    return found
  }
  const isConstant = (x: unknown): boolean => {
    let constant = true
    swapped(
      x,
      isRaw,
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
    if (!all.some(isApart)) check(...all.map((x) => packed(realOf(x))))
    calls.push({ kernel: 'check', args: all.map(viewOf), check, results: [], path: runningPath() })
  }
  /** Notes an exchange, in which the others do not take part now: this run gives the numbers as they are. */
  const exchange: Engine['exchange'] = (tensors, run) => {
    const held = tensors.map((x) => hold(copied(realOf(x))))
    for (const each of held) apart.add(each)
    const [args, results] = [tensors.map(viewOf), held.map((h) => h.place)]
    calls.push({ kernel: 'exchange', args, exchange: run, results, path: runningPath() })
    return held as unknown as readonly Data[]
  }
  const realOf = (x: Raw): Raw => raw(view(heldBy(x).real, x.shape, x.stride, x.offset))
  const kernel =
    (name: Kernel, run: (...args: readonly unknown[]) => Data | readonly Data[], from?: KernelSet<unknown>) =>
    (...args: readonly unknown[]) => {
      const given = args.map((x) => swapped(x, isRaw, realOf, ({ index }) => numbers[index]))
      const made = run(...given)
      const all = Array.isArray(made) ? (made as readonly Data[]) : [made as Data]
      if (args.every(isConstant)) {
        if (name === 'threefry') return made // words that are the same at each run may be used as numbers
        const kept = all.map((data) => keep(numbersOf(data).slice() as Data))
        return Array.isArray(made) ? kept : kept[0]
      }
      const held = all.map(hold)
      if (args.some(isApart)) for (const each of held) apart.add(each)
      const call: KernelCall = {
        kernel: name,
        from,
        args: args.map((x) => swapped(x, isRaw, viewOf, (slot) => slot)),
        results: held.map((h) => h.place),
        path: runningPath(),
      }
      calls.push(call)
      return Array.isArray(made) ? held : held[0]
    }
  const recordedOf = (kernels: object, from?: KernelSet<unknown>) =>
    Object.fromEntries(
      Object.entries(kernels)
        .filter(([name]) => !notKernels.includes(name))
        .map(([name, run]) => [name, kernel(name as Kernel, run, from)]),
    )
  const recording: Engine = {
    ...recordedOf(engine),
    with: (set: KernelSet<unknown>) => recordedOf(engine.with(set) as object, set),
    name: engine.name,
    threads: engine.threads,
    features: engine.features,
    bytes: engine.bytes,
    stop: () => {},
    withThreads: () => recording,
    scope: recorded,
    load: engine.load,
    exchange,
    isRecording: true,
  } as unknown as Engine
  return { recording, calls, constants, hold, heldBy, viewOf }
}
