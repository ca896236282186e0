import type { Engine } from '../kernel/engine.ts'
import type { Loaded, Session } from '../kernel/program.ts'
import { NotRecordable } from '../kernel/slot.ts'
import { fresh } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { checksAside, withoutDead } from './passes.ts'
import { type Recording, record } from './record.ts'
import { build, collect, type Template, templateOf } from './template.ts'

/** A program that is ready to run on an engine. */
export interface Ready {
  readonly engine: Engine
  readonly argument: Template
  readonly recording: Recording
  readonly loaded: Loaded
}

/** A structure of arguments for which there is no program, with the reason. */
export interface Refused {
  readonly engine: Engine
  readonly argument: Template
  readonly reason: string
}

/** The arguments of one run: tensors, and all its numbers. */
export interface Given {
  readonly ready: Ready
  readonly tensors: readonly AnyTensor[]
  readonly numbers: readonly number[]
}

/** The arguments as a program takes them; undefined if they have another structure, or a decision comes out otherwise. */
export const given = (ready: Ready, args: unknown): Given | undefined => {
  const parts = { tensors: [], numbers: [] }
  if (!collect(ready.argument, args, parts)) return undefined
  const numbers = ready.recording.numbers.from(parts.numbers)
  return numbers && { ready, tensors: parts.tensors, numbers }
}

/** Records a function on arguments, and makes the program ready; an error of the function itself is thrown. */
export const prepare = (
  engine: Engine,
  run: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
  isNumber: (x: unknown) => boolean,
): Ready | Refused => {
  try {
    const recorded = record(engine, run, args, isNumber)
    const recording = { ...recorded, program: checksAside(withoutDead(recorded.program)) }
    return { engine, argument: recording.argument, recording, loaded: engine.load(recording.program) }
  } catch (e) {
    if (!(e instanceof NotRecordable)) throw e
    return { engine, argument: templateOf(args, isNumber, { tensors: [], numbers: [] }), reason: e.message }
  }
}

/** A part of the result of a run, with a copy of each tensor; or with numbers for those of which `isItem` says so. */
export const read = (
  session: Session,
  template: Template,
  { ready, numbers }: Given,
  isItem: (shape: readonly number[]) => boolean = () => false,
): unknown =>
  build(
    template,
    (index, shape) => (isItem(shape) ? session.first(index) : fresh(shape, session.read(index))),
    (index) => numbers[ready.recording.slots[index] as number] as number,
  )
