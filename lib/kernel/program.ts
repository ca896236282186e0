// A program: the kernel calls of a pure function of fixed shapes, as data. lib/program/ records and transforms them.
import { arrays, type Data, type DataOf } from '../tensor/data.ts'
import { type Raw, raw, view } from '../tensor/view.ts'
import type { DType, Shape } from '../type/tensor.ts'
import type { KernelSet } from './kernelSet.ts'
import type { Exchange, Kernel } from './kernels.ts'
import { Slot } from './slot.ts'

/** A place for numbers, which come from outside or are made by one call. */
export interface Place {
  readonly id: number
  readonly dtype: DType
  readonly length: number
}

/** The bytes of the numbers of a place. */
export const bytesOf = ({ dtype, length }: Place): number => length * arrays[dtype].BYTES_PER_ELEMENT

/** A view of a place: what a tensor is to a program. */
export interface PlaceView {
  readonly place: Place
  readonly shape: Shape
  readonly stride: Shape
  readonly offset: number
  readonly size: number
  readonly dtype: DType
}

/** The call of a kernel. Its arguments are as the kernel takes them, with views of places and with slots. */
export interface KernelCall {
  readonly kernel: Kernel
  /** The set that the kernel belongs to, if not to the core. */
  readonly from?: KernelSet<unknown> | undefined
  readonly args: readonly unknown[]
  readonly results: readonly Place[]
  /** The names of the layers around the call. */
  readonly path: readonly string[]
}

/** A check of numbers, which throws or does nothing. */
export interface CheckCall {
  readonly kernel: 'check'
  readonly args: readonly PlaceView[]
  readonly check: (...numbers: readonly Data[]) => void
  readonly results: readonly []
  readonly path: readonly string[]
}

/** A call that changes copies of its arguments, each in row-major order, together with others who run the program too. */
export interface ExchangeCall {
  readonly kernel: 'exchange'
  readonly args: readonly PlaceView[]
  readonly exchange: Exchange
  readonly results: readonly Place[]
  readonly path: readonly string[]
}

export type ProgramCall = KernelCall | CheckCall | ExchangeCall

/** A pure function of fixed shapes as a list of kernel calls on places. It is a plain value, which `show` prints. */
export interface Program {
  readonly _tag: 'Program'
  /** The places of the arguments; first those that the next run takes over from this one. */
  readonly inputs: readonly Place[]
  readonly constants: readonly { readonly place: Place; readonly data: Data }[]
  readonly calls: readonly ProgramCall[]
  readonly outputs: readonly Place[]
  /** Which output becomes which input of the next run, by their indices. */
  readonly carried: readonly { readonly output: number; readonly input: number }[]
}

/** A program with room for its places: the inputs stay until they are written again, and carried ones move on. */
export interface Session {
  readonly write: (input: number, x: Raw) => void
  /** Runs all calls, with the given numbers in the slots. */
  readonly run: (numbers: ArrayLike<number>) => void
  /** A copy of the numbers of an output. */
  readonly read: (output: number) => Data
  /** A copy of the numbers of an output, from a place of an array that may hold other copies. */
  readonly sample: (output: number) => { readonly data: Data; readonly offset: number }
  /** The first number of an output. */
  readonly first: (output: number) => number
  /** Gives its room back before it is collected; it must not be used after. */
  readonly close: () => void
  /** The room of the carried inputs, for a session beside this one, and who has the rest of it. */
  readonly carried: unknown
  readonly owner?: object | undefined
}

/** A program made ready for an engine. */
export interface Loaded {
  /** The bytes of memory for the results of calls, and what these would take if none shared its place. */
  readonly bytes: number
  readonly unshared: number
  /**
   * Makes room in the engine's memory for as long as there is the session; undefined within a scope. A session beside
   * another one shares the carried inputs with it, if both programs have the same ones.
   */
  readonly open: (beside?: Session) => Session | undefined
}

/** True for a view of a place among the arguments of a call. */
export const isPlaceView = (x: unknown): x is PlaceView => typeof x === 'object' && x !== null && 'place' in x

/** An argument of a kernel with each tensor, or what stands for one, and each slot replaced. */
export const swapped = <V>(
  x: unknown,
  isTensor: (x: object) => x is V & object,
  onTensor: (x: V) => unknown,
  onSlot: (slot: Slot) => unknown,
): unknown => {
  if (typeof x !== 'object' || x === null) return x
  if (x instanceof Slot) return onSlot(x)
  if (isTensor(x)) return onTensor(x)
  if (Array.isArray(x)) return x.map((y) => swapped(y, isTensor, onTensor, onSlot))
  return Object.fromEntries(Object.entries(x).map(([name, y]) => [name, swapped(y, isTensor, onTensor, onSlot)]))
}

/** The arguments of a call with each view and each slot replaced. */
export const replaced = (
  args: readonly unknown[],
  onView: (view: PlaceView) => unknown,
  onSlot: (slot: Slot) => unknown,
): readonly unknown[] => args.map((x) => swapped(x, isPlaceView, onView, onSlot))

/** The views among the arguments of a call. */
export const viewsOf = ({ args }: ProgramCall): readonly PlaceView[] =>
  args.flatMap((x) => (Array.isArray(x) ? x.filter(isPlaceView) : isPlaceView(x) ? [x] : []))

/** A raw view of an array that holds the numbers of the view's place. */
export const over = ({ shape, stride, offset }: PlaceView, buffer: Data): Raw =>
  raw(view(buffer as DataOf[DType], shape, stride, offset))
