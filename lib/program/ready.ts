import type { Engine } from '../kernel/engine.ts'
import { loaders } from '../kernel/loaders.ts'
import type { Loaded, Session } from '../kernel/program.ts'
import { NotRecordable } from '../kernel/slot.ts'
import { stridesOf } from '../tensor/shape.ts'
import { view } from '../tensor/view.ts'
import type { AnyTensor, Shape } from '../type/tensor.ts'
import { checksAside, frugal, withoutDead } from './passes.ts'
import { type Recording, record } from './record.ts'
import { argumentsOf, type Build, builder, type Collect, collector, half, type Template } from './template.ts'

/** A program that is ready to run on an engine, and how its arguments are taken apart and its results put together. */
export interface Ready {
  readonly engine: Engine
  readonly recording: Recording
  readonly loaded: Loaded
  readonly collect: Collect
  readonly build: Build
  /** The structure of the state, if the function is a step of a run. */
  readonly state?: Template | undefined
  /** True for the index of a tensor of the result that the function gives as a number. */
  readonly isRead: (index: number) => boolean
}

/** A structure of arguments for which there is no program, with the reason. */
export interface Refused {
  readonly engine: Engine
  readonly collect: Collect
  readonly reason: string
}

/** The arguments of one run: tensors, and all its numbers. */
export interface Given<R extends Ready = Ready> {
  readonly ready: R
  readonly tensors: readonly AnyTensor[]
  readonly numbers: readonly number[]
}

/** The arguments as a program takes them; undefined if they have another structure, or a decision comes out otherwise. */
export const given = <R extends Ready>(ready: R, args: unknown): Given<R> | undefined => {
  const found = { ready, tensors: [], numbers: [] }
  return ready.collect(args, found) && ready.recording.numbers.complete(found.numbers) ? found : undefined
}

/** Records a function on arguments, and makes the program ready; an error of the function itself is thrown. */
export const prepare = (
  engine: Engine,
  run: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
  hasSlots: boolean,
): Ready | Refused => {
  try {
    const recorded = record(engine, run, args, hasSlots)
    const recording = { ...recorded, program: checksAside(frugal(withoutDead(recorded.program))) }
    return {
      engine,
      recording,
      loaded: engine.load(recording.program, loaders),
      collect: collector(recording.argument),
      build: builder(recording.result, (i) => recording.slots[i] as number),
      isRead: () => false,
    }
  } catch (e) {
    if (!(e instanceof NotRecordable)) throw e
    return refused(engine, args, hasSlots, e.message)
  }
}

/** A refusal of all arguments with the structure of these. */
export const refused = (engine: Engine, args: readonly unknown[], hasSlots: boolean, reason: string): Refused => ({
  engine,
  collect: collector(argumentsOf(args, hasSlots, { tensors: [], numbers: [] })),
  reason,
})

/** A program of a step: its state and its metrics are built one without the other. */
export interface ReadyStep extends Ready {
  readonly state: Template
  readonly item: Collect
  readonly buildState: Build
  readonly buildMetrics: Build
  /** Which numbers of a run are those of the next state, by their indices; undefined if it cannot go on. */
  readonly next: readonly { readonly from: number; readonly to: number }[] | undefined
}

export const asStep = (ready: Ready, read: readonly string[]): ReadyStep => {
  const { argument, result, slots, next } = ready.recording
  const at = (i: number): number => slots[i] as number
  const metrics = half(result, 1)
  const indices = read.map((name) => {
    const metric = metrics.tag === 'record' ? metrics.parts.find(([own]) => own === name)?.[1] : undefined
    return metric?.tag === 'tensor' ? metric.index : undefined
  })
  return {
    ...ready,
    state: half(argument, 0),
    item: collector(half(argument, 1)),
    buildState: builder(half(result, 0), at),
    buildMetrics: builder(metrics, at),
    next: next?.map(({ from, to }) => ({ from: at(from), to })),
    isRead: (index) => indices.includes(index),
  }
}

/** A metric: a number if the step reads it, else a tensor that may share its array with those of other steps. */
export const metricIn = (session: Session, { isRead }: Ready) => {
  const strides: Shape[] = []
  return (index: number, shape: Shape): unknown => {
    if (isRead(index)) return session.first(index)
    strides[index] ??= stridesOf(shape)
    const { data, offset } = session.sample(index)
    return view(data as Float32Array, shape, strides[index] as Shape, offset)
  }
}
