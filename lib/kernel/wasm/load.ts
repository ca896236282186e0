// A lowered program in memory: its words, its blocks, and the order of its instructions.
import { arrays, type Data } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import type { DType } from '../../type/tensor.ts'
import type { Loaded, Place, Program, Session } from '../program.ts'
import type { Slot } from '../slot.ts'
import { type Block, byLifetimes, holder, inOrder, isVirtual, room } from './blocks.ts'
import type { ExportCall, HostCall, Lowered, NumbersAt } from './lower.ts'
import type { ScopedHeap } from './memory.ts'

/** Where a block lies: among the carried inputs, or in the memory of one session. */
interface Position {
  readonly carried: boolean
  readonly offset: number
}

/** A part of the words that is filled in when or before they run. */
interface Patch {
  /** The byte of the words. */
  readonly at: number
  readonly kind: string
  readonly value: Position | Slot
}

/** Instructions as words of memory, or as functions. */
type Segment =
  | { readonly from: number; readonly to: number }
  | { readonly call: HostCall }
  | { readonly product: ExportCall }

const isHost = (x: ExportCall | HostCall): x is HostCall => 'prepare' in x

/** The words of the calls of exports, what is filled in later, and the order of everything. */
const encoded = (lowered: Lowered, positionOf: (address: number) => Position) => {
  const bytes = lowered.instructions.map((x) =>
    isHost(x) || typeof x.code !== 'number'
      ? 0
      : Math.ceil((8 + [...x.kinds].reduce((n, k) => n + (k === 'd' ? 8 : 4), 0)) / 8) * 8,
  )
  const words = new ArrayBuffer(bytes.reduce((a, b) => a + b, 0))
  const view = new DataView(words)
  const patches: Patch[] = []
  const segments: Segment[] = []
  let end = 0
  lowered.instructions.forEach((x, i) => {
    if (isHost(x)) {
      segments.push({ call: x })
      return
    }
    if (typeof x.code !== 'number') {
      segments.push({ product: x })
      return
    }
    const from = end
    view.setInt32(from, x.code, true)
    let [number, integer] = [from + 8, from + 8 + 8 * [...x.kinds].filter((k) => k === 'd').length]
    x.args.forEach((arg, a) => {
      const kind = x.kinds[a] as string
      const at = kind === 'd' ? number : integer
      if (kind === 'd') number += 8
      else integer += 4
      if (typeof arg !== 'number') patches.push({ at, kind, value: arg })
      else if (kind === 'd') view.setFloat64(at, arg, true)
      else if (isVirtual(arg)) patches.push({ at, kind, value: positionOf(arg) })
      else view.setInt32(at, arg, true)
    })
    end += bytes[i] as number
    const last = segments[segments.length - 1]
    if (last !== undefined && 'to' in last) segments[segments.length - 1] = { from: last.from, to: end }
    else segments.push({ from, to: end })
  })
  return { words: new Uint8Array(words), patches, segments }
}

const isPosition = (x: Position | Slot): x is Position => 'carried' in x

/** The most numbers of a copy that shares its array, and the numbers of such an array. */
const [small, together] = [256, 4096]

/** Makes copies of arrays, many small ones in one array: that costs a tenth of an array for each. */
const makeSamples = () => {
  const open: { data: Data; used: number }[] = []
  return (i: number, from: Data): { readonly data: Data; readonly offset: number } => {
    const n = from.length
    if (n > small) return { data: from.slice(), offset: 0 }
    let to = open[i]
    if (to === undefined || to.used + n > to.data.length) {
      to = { data: new (from.constructor as Float32ArrayConstructor)(together), used: 0 }
      open[i] = to
    }
    const { data, used: offset } = to
    for (let k = 0; k < n; k++) data[offset + k] = from[k] as number
    to.used += n
    return { data, offset }
  }
}

/** Makes a lowered program ready for a memory, in which `execute` runs words. */
export const load = (
  program: Program,
  lowered: Lowered,
  heap: Pick<ScopedHeap, 'reserve' | 'buffer' | 'lend'>,
  execute: (from: number, to: number) => void,
): Loaded => {
  const { inputs, outputs, constants, carried } = program
  const { blocks, blockOf, records } = lowered
  const carriedBlocks = inputs.slice(0, carried.length).map(blockOf)
  const held = [...inputs.slice(carried.length), ...constants.map((c) => c.place)].map(blockOf)
  const fixed = [...held, ...records.map((r) => r.block)]
  const isFixed = new Set<Block>([...carriedBlocks, ...fixed])
  const temporary = blocks.all.filter((b) => b.within === undefined && !isFixed.has(b) && b.last >= 0)
  const [state, rest, shared] = [inOrder(carriedBlocks), inOrder(fixed), byLifetimes(temporary)]
  const positionOf = (address: number): Position => {
    const { block, offset } = blocks.at(address)
    const b = holder(block)
    const start = state.offsets.get(b)
    if (start !== undefined) return { carried: true, offset: start + offset }
    const inRest = rest.offsets.get(b)
    return { carried: false, offset: offset + (inRest ?? rest.bytes + (shared.offsets.get(b) as number)) }
  }
  const startOf = (b: Block): Position => positionOf((b.id + 1) * 2 ** 33)
  const { words, patches, segments } = encoded(lowered, positionOf)
  const fixups = patches.filter((p) => isPosition(p.value))
  const slots = patches.filter((p) => !isPosition(p.value))
  const inputAt = inputs.map((place) => startOf(blockOf(place)))
  const outputAt = outputs.map((place) => startOf(blockOf(place)))
  const recordAt = records.map((r) => startOf(r.block))
  const constantAt = constants.map((c) => startOf(blockOf(c.place)))

  const open = (beside?: Session): Session => {
    const first = beside === undefined ? heap.reserve(state.bytes) : (beside.carried as number)
    const own = heap.reserve(rest.bytes + shared.bytes)
    const code = heap.reserve(words.length)
    const memory = heap.buffer()
    const [floats, doubles, integers] = [new Float32Array(memory), new Float64Array(memory), new Int32Array(memory)]
    const at = ({ carried, offset }: Position): number => (carried ? first : own) + offset
    const all = { float32: floats, float64: doubles, int32: integers } as const
    const numbersAt = (address: number, dtype: DType, length: number): Data => {
      const start = address / arrays[dtype].BYTES_PER_ELEMENT
      return all[dtype].subarray(start, start + length)
    }
    const virtual: NumbersAt = (address, dtype, length) => heap.lend(dtype, at(positionOf(address)), length)

    new Uint8Array(memory, code, words.length).set(words)
    for (const { at: byte, value } of fixups) integers[(code + byte) >> 2] = at(value as Position)
    records.forEach(({ integers: data }, i) => {
      integers.set(data, at(recordAt[i] as Position) >> 2)
    })
    constants.forEach(({ place, data }, i) => {
      numbersAt(at(constantAt[i] as Position), place.dtype, data.length).set(data)
    })
    const runs = segments.map((s) => {
      if ('to' in s) return () => execute(code + s.from, code + s.to)
      if ('call' in s) return s.call.prepare(virtual)
      const args = s.product.args.map((x) => (isVirtual(x as number) ? at(positionOf(x as number)) : x)) as never
      return () => (s.product.code as (...args: never[]) => void)(...(args as never[]))
    })
    const viewsOf = (places: readonly Place[], positions: readonly Position[]): ((i: number) => Data) => {
      const found: Data[] = []
      return (i) => {
        const { dtype, length } = places[i] as Place
        found[i] ??= numbersAt(at(positions[i] as Position), dtype, length)
        return found[i]
      }
    }
    const [input, output] = [viewsOf(inputs, inputAt), viewsOf(outputs, outputAt)]
    const samples = makeSamples()
    return {
      write: (i, x) => input(i).set(packed(x)),
      run: (numbers) => {
        for (const { at: byte, kind, value } of slots) {
          const number = numbers[(value as Slot).index] as number
          if (kind === 'd') doubles[(code + byte) >> 3] = number
          else integers[(code + byte) >> 2] = number
        }
        for (const step of runs) step(numbers)
      },
      read: (i) => output(i).slice(),
      sample: (i) => samples(i, output(i)),
      first: (i) => output(i)[0] as number,
      carried: first,
    }
  }
  const unshared = program.calls
    .flatMap((c) => c.results as readonly Place[])
    .reduce((n, place) => n + room(place.length * arrays[place.dtype].BYTES_PER_ELEMENT), 0)
  return { bytes: shared.bytes, unshared, open }
}
