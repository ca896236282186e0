// A lowered program in memory: its words, its blocks, and the order of its instructions.
import { arrays, type Data } from '../../../tensor/data.ts'
import { Gathered } from '../../../tensor/gathered.ts'
import { isContiguous, packed } from '../../../tensor/pack.ts'
import type { KernelSet } from '../../kernelSet.ts'
import { bytesOf, type Loaded, type Place, type Program, type Session } from '../../program.ts'
import type { Slot } from '../../slot.ts'
import type { ScopedHeap } from '../memory.ts'
import { room as taken } from '../regions.ts'
import { addressOf, type Block, byLifetimes, holder, inOrder, isVirtual } from './blocks.ts'
import { encoded, isPosition, type Position } from './encode.ts'
import type { NumbersAt } from './host.ts'
import { lower, type Movable } from './lower.ts'
import { makeSamples } from './samples.ts'

/** The memory of the carried inputs, as long as a session has it. */
interface Carried {
  readonly at: number
}

const claimed = (heap: Pick<ScopedHeap, 'claim'>, bytes: number): Carried | undefined => {
  const carried = { at: 0 }
  const at = heap.claim(bytes, carried)
  return at === undefined ? undefined : Object.assign(carried, { at })
}

/** What a program needs of an engine that computes in memory of its own. */
export interface Home extends Movable {
  readonly heap: Pick<ScopedHeap, 'claim' | 'giveBack' | 'buffer'>
  /** The function that runs the words between two addresses, which are calls of kernels of a set. */
  readonly executeOf: (set: KernelSet<unknown>) => (from: number, to: number) => void
}

/** Makes a program ready for the memory of an engine. */
export const load = (program: Program, home: Home): Loaded => {
  const { heap, executeOf } = home
  const lowered = lower(program, home)
  const { inputs, outputs, constants, carried } = program
  const { blocks, blockOf, records } = lowered
  const carriedBlocks = inputs.slice(0, carried.length).map(blockOf)
  const held = [...inputs.slice(carried.length), ...constants.map((c) => c.place)].map(blockOf)
  const fixed = [...held, ...records.map((r) => r.block)]
  const isFixed = new Set<Block>([...carriedBlocks, ...fixed])
  const temporary = blocks.all.filter((b) => b.within === undefined && !isFixed.has(b) && b.last >= 0)
  const layout = { state: inOrder(carriedBlocks), rest: inOrder(fixed), shared: byLifetimes(temporary) }
  const positionOf = (address: number): Position => {
    const { block, offset } = blocks.at(address)
    const b = holder(block)
    const { state, rest, shared } = layout
    const start = state.offsets.get(b)
    if (start !== undefined) return { carried: true, offset: start + offset }
    const inRest = rest.offsets.get(b)
    return { carried: false, offset: offset + (inRest ?? rest.bytes + (shared.offsets.get(b) as number)) }
  }
  const startOf = (b: Block): Position => positionOf(addressOf(b))
  const { words, patches, segments } = encoded(lowered, positionOf)
  const fixups = patches.filter((p) => isPosition(p.value))
  const slots = patches.filter((p) => !isPosition(p.value))
  const recordAt = records.map((r) => startOf(r.block))
  const constantAt = constants.map((c) => startOf(blockOf(c.place)))

  /** The words, the integers and the constants, written once. */
  const settle = (memory: ArrayBufferLike, at: (position: Position) => number, code: number): void => {
    const integers = new Int32Array(memory)
    new Uint8Array(memory, code, words.length).set(words)
    for (const { at: byte, value } of fixups) integers[(code + byte) >> 2] = at(value as Position)
    records.forEach((record, i) => {
      integers.set(record.integers, at(recordAt[i] as Position) >> 2)
    })
    constants.forEach(({ place, data }, i) => {
      const Type = arrays[place.dtype]
      new Type(memory as ArrayBuffer, at(constantAt[i] as Position), data.length).set(data)
    })
  }

  const open = (beside?: Session): Session | undefined => {
    const owner = {}
    // Functions below must not use `beside`, or each session would hold the one before, of programs long gone.
    const isAlone = beside === undefined
    const state = (beside?.carried as Carried | undefined) ?? claimed(heap, layout.state.bytes)
    const room = layout.rest.bytes + layout.shared.bytes
    if (state === undefined) return undefined
    const own = heap.claim(room + words.length, owner)
    if (own === undefined) {
      if (isAlone) heap.giveBack(state.at, state)
      return undefined
    }
    const code = own + room
    const at = ({ carried, offset }: Position): number => (carried ? state.at : own) + offset
    settle(heap.buffer(), at, code)

    /** The views of the memory, made anew when it has grown. */
    const viewing = () => {
      const memory = heap.buffer()
      const numbersAt: NumbersAt = (address, dtype, length) =>
        new arrays[dtype](memory as ArrayBuffer, at(positionOf(address)), length)
      const view = (place: Place): Data => numbersAt(addressOf(blockOf(place)), place.dtype, place.length)
      return {
        memory,
        doubles: new Float64Array(memory),
        integers: new Int32Array(memory),
        inputs: inputs.map(view),
        outputs: outputs.map(view),
        runs: segments.map((s) => {
          if ('to' in s) {
            const execute = executeOf(s.set)
            return () => execute(code + s.from, code + s.to)
          }
          if ('call' in s) return s.call.prepare(numbersAt)
          const args = s.product.args.map((x) => (isVirtual(x as number) ? at(positionOf(x as number)) : x)) as never
          return () => (s.product.code as (...args: never[]) => void)(...(args as never[]))
        }),
      }
    }
    let views = viewing()
    const now = (): typeof views => {
      if (views.memory !== heap.buffer()) views = viewing()
      return views
    }
    const sample = makeSamples()
    return {
      write: (i, x) => {
        const to = now().inputs[i] as Data
        const buffer: unknown = x.buffer
        if (buffer instanceof Gathered && isContiguous(x) && buffer.hasRows(x.offset, x.size))
          buffer.copyTo(to, x.offset, x.size)
        else to.set(packed(x))
      },
      run: (numbers) => {
        const { doubles, integers, runs } = now()
        for (const { at: byte, kind, value } of slots) {
          const number = numbers[(value as Slot).index] as number
          if (kind === 'd') doubles[(code + byte) >> 3] = number
          else integers[(code + byte) >> 2] = number
        }
        for (const step of runs) step(numbers)
      },
      read: (i) => (now().outputs[i] as Data).slice(),
      sample: (i) => sample(i, now().outputs[i] as Data),
      first: (i) => (now().outputs[i] as Data)[0] as number,
      close: () => {
        heap.giveBack(own, owner)
        if (isAlone) heap.giveBack(state.at, state)
      },
      carried: state,
      owner,
    }
  }
  const unshared = program.calls
    .flatMap((c) => c.results as readonly Place[])
    .reduce((n, place) => n + taken(bytesOf(place)), 0)
  return { bytes: layout.shared.bytes, unshared, open }
}
