// From a program to instructions: the kernels' own wrappers run once, on a heap that only plans.
import { arrays } from '../../../tensor/data.ts'
import { isContiguous } from '../../../tensor/pack.ts'
import { stridesOf } from '../../../tensor/shape.ts'
import type { Raw } from '../../../tensor/view.ts'
import type { KernelSet } from '../../kernelSet.ts'
import { elementwise, inPlace, isWhole, lastReads } from '../../lifetime.ts'
import {
  bytesOf,
  type ExchangeCall,
  type KernelCall,
  type Place,
  type PlaceView,
  type Program,
  replaced,
  viewsOf,
} from '../../program.ts'
import type { Slot } from '../../slot.ts'
import { byFormat, type KernelExports, type Product, type ProductArguments, type Products } from '../exports.ts'
import type { Heap } from '../memory.ts'
import { moveRecord } from '../moveRecord.ts'
import { core } from '../set/core.ts'
import { addressOf, type Block, holder, isVirtual, makeBlocks } from './blocks.ts'
import { type HostCall, makeHostCalls } from './host.ts'

/** The call of an export, by its set and its code there, or of a product that is not an export. */
export interface ExportCall {
  readonly from: KernelSet<unknown>
  readonly code: number | Product
  /** The kinds of the arguments: d for a number, i for an integer or an address. */
  readonly kinds: string
  readonly args: readonly (number | Slot)[]
}

export type Instruction = ExportCall | HostCall

export interface Lowered {
  readonly instructions: readonly Instruction[]
  readonly blocks: ReturnType<typeof makeBlocks>
  readonly blockOf: (place: Place) => Block
  /** Integers that instructions read, to be written when the program is made ready. */
  readonly records: readonly { readonly block: Block; readonly integers: readonly number[] }[]
}

/** The products of an engine that computes in memory of its own, at any addresses. */
export interface Movable {
  /** True if an export computes a product; else it is called as a function. */
  readonly isExport: (args: ProductArguments) => boolean
  readonly product: Products
}

export const lower = (program: Program, { isExport, product: products }: Movable): Lowered => {
  const blocks = makeBlocks()
  const instructions: Instruction[] = []
  const records: { block: Block; integers: readonly number[] }[] = []
  const made = new Map<Place, Block>()
  const blockOf = (place: Place): Block => {
    const found = made.get(place) ?? blocks.add(bytesOf(place))
    made.set(place, found)
    return found
  }

  const add = (instruction: Instruction, addresses: readonly unknown[]): void => {
    for (const x of addresses)
      if (typeof x === 'number' && isVirtual(x)) blocks.use(blocks.at(x).block, instructions.length)
    instructions.push(instruction)
  }
  /** The exports of a set, which write down their calls. */
  const exportsOf = (from: KernelSet<unknown>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(from.signatures).map(([name, kinds], code) => [
        name,
        (...args: readonly (number | Slot)[]): void => {
          const integers = args.filter((_, i) => kinds[i] === 'i') // a number may be as large as an address
          add({ from, code, kinds, args }, integers)
        },
      ]),
    )
  const ownExports = exportsOf(core)
  const exports: KernelExports = byFormat(ownExports)
  const product =
    (dtype: 'float32' | 'float64'): Product =>
    (...args) => {
      if (isExport(args)) exports[dtype].product(...args)
      else add({ from: core, code: products[dtype], kinds: 'i'.repeat(args.length), args }, args)
    }

  const startOf = (x: Raw): number =>
    addressOf(blockOf((x.buffer as unknown as { readonly place: Place }).place)) +
    x.offset * arrays[x.dtype].BYTES_PER_ELEMENT
  const reserve = (bytes: number): number => addressOf(blocks.add(bytes))
  const write = (integers: readonly number[]): number => {
    const block = blocks.add(4 * integers.length)
    records.push({ block, integers })
    return addressOf(block)
  }
  const packed = (x: Raw): number => {
    if (isContiguous(x)) return startOf(x)
    const width = arrays[x.dtype].BYTES_PER_ELEMENT
    const to = reserve(x.size * width)
    exports.move(startOf(x), to, write(moveRecord(x.shape, x.stride, stridesOf(x.shape))), width)
    return to
  }
  const heap: Heap = {
    run: (kernel) => kernel(),
    reserve,
    place: (x) => ({ at: startOf(x), stride: x.stride }),
    packed,
    write,
    result: (_, at) => ({ at }) as never,
  }
  const own: Products = { float32: product('float32'), float64: product('float64') }
  const sets = new Map<KernelSet<unknown>, unknown>()
  const kernelsOf = (set: KernelSet<unknown>): unknown => {
    const found = sets.get(set) ?? set.kernelsOn(heap, byFormat({ ...ownExports, ...exportsOf(set) }), own)
    sets.set(set, found)
    return found
  }
  const last = lastReads(program)
  const taken = inPlace(program)

  /** Gives a result the block of an input that it replaces, or of an argument that nobody reads any more. */
  const share = (call: KernelCall, place: Place, own: Block, index: number): void => {
    const replaces = taken.get(place)
    const dead =
      elementwise.includes(call.kernel) && call.results.length === 1
        ? viewsOf(call).find(
            (x) =>
              isWhole(x) &&
              x.place.length === place.length &&
              x.dtype === place.dtype &&
              last.get(x.place) === index &&
              isTemporary(x.place),
          )
        : undefined
    const host = replaces ?? dead?.place
    if (host === undefined) return
    join(own, blockOf(host))
  }
  /** Gives a block the place of another one, if they are of one size. */
  const join = (own: Block, host: Block): boolean => {
    const [inner, outer] = [holder(own), holder(host)]
    if (inner === outer || inner.bytes !== outer.bytes) return inner === outer
    inner.within = outer
    outer.first = Math.min(outer.first, inner.first)
    outer.last = Math.max(outer.last, inner.last)
    return true
  }
  const fixed = new Set<Place>([...program.inputs, ...program.constants.map((c) => c.place)])
  const isTemporary = (place: Place): boolean => !fixed.has(place)

  /** Copies the numbers of a view to the place of a result; or gives it that place, if nobody reads them any more. */
  const take = (call: ExchangeCall, i: number, index: number): void => {
    const [x, place] = [call.args[i] as PlaceView, call.results[i] as Place]
    const isOver = last.get(x.place) === index && isTemporary(x.place)
    const isAlone = call.args.every((y, j) => i === j || y.place !== x.place)
    if (isOver && isAlone && isWhole(x) && join(blockOf(place), blockOf(x.place))) return
    const width = arrays[x.dtype].BYTES_PER_ELEMENT
    exports.repeat(addressOf(blockOf(x.place)) + x.offset * width, addressOf(blockOf(place)), 1, x.size * width)
  }
  const host = makeHostCalls(add, (place) => addressOf(blockOf(place)))

  program.calls.forEach((call, index) => {
    host.awaited(viewsOf(call).map((x) => x.place))
    if (call.kernel === 'check') {
      host.check(call)
      return
    }
    if (call.kernel === 'exchange') {
      call.results.forEach((_, i) => {
        take(call, i, index)
      })
      host.exchange(call)
      return
    }
    const args = replaced(
      call.args,
      ({ place, ...view }) => ({
        ...view,
        buffer: { place, length: place.length, BYTES_PER_ELEMENT: arrays[place.dtype].BYTES_PER_ELEMENT },
      }),
      (slot) => slot,
    )
    const kernels = kernelsOf(call.from ?? core) as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>
    const value = kernels[call.kernel]?.(...args)
    const results = (Array.isArray(value) ? value : [value]) as readonly { readonly at: number }[]
    call.results.forEach((place, i) => {
      const { block } = blocks.at((results[i] as { readonly at: number }).at)
      made.set(place, block)
      share(call, place, block, index)
    })
  })

  host.finish()
  for (const { output, input } of program.carried) {
    const [from, to] = [program.outputs[output] as Place, program.inputs[input] as Place]
    const [source, target] = [holder(blockOf(from)), holder(blockOf(to))]
    if (source !== target && source.bytes > 0) exports.repeat(addressOf(source), addressOf(target), 1, source.bytes)
  }
  for (const place of program.outputs) blocks.use(blockOf(place), instructions.length)
  return { instructions, blocks, blockOf, records }
}
