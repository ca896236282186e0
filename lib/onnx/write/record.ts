// A layer as kernel calls whose batch is open: it is recorded on batches of two sizes, and what differs must be a
// multiple of the batch.
import { StructureError } from '../../error/tensorError.ts'
import { engine, using } from '../../kernel/current.ts'
import { isPlaceView, type ProgramCall } from '../../kernel/program.ts'
import { NotRecordable } from '../../kernel/slot.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import type { Variables } from '../../layer/variables.ts'
import { recorder } from '../../program/recorder.ts'
import { makeTape } from '../../program/tape.ts'
import { allocate, type Data } from '../../tensor/data.ts'
import { numbersOf } from '../../tensor/resident.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import { leaves, mapTree, type Tree } from '../../tree/tree.ts'
import type { AnyTensor, DType, Shape } from '../../type/tensor.ts'
import { open, type Size } from './size.ts'

/** A view of a place, with open sizes. */
export interface OpenView {
  readonly place: number
  readonly dtype: DType
  /** The numbers that the place holds. */
  readonly length: Size
  readonly shape: readonly Size[]
  readonly stride: readonly Size[]
  readonly offset: Size
}

export interface OpenCall {
  readonly kernel: string
  /** Views, sizes, texts, and records and arrays of them. */
  readonly args: readonly unknown[]
  /** The places of the results, with their lengths. */
  readonly results: readonly OpenView[]
  /** The names of the layers around it. */
  readonly path: readonly string[]
}

/** The numbers of a place that are the same at each run, for the smaller batch, and the buffer that they came in. */
export interface ConstantData {
  readonly data: Data
  readonly source: unknown
}

export interface OpenProgram {
  readonly calls: readonly OpenCall[]
  readonly inputs: readonly OpenView[]
  readonly outputs: readonly OpenView[]
  readonly constants: ReadonlyMap<number, ConstantData>
  /** The value of the layer, whose tensors are the outputs in order. */
  readonly value: Tree
}

/** Sizes of the batches on which a layer is recorded. */
export const batches = [2, 3] as const

/** A run of the layer on a batch. */
const run = (layer: AnyLayer, variables: Variables<unknown, unknown>, input: Tree, batch: number) =>
  engine().scope(() => {
    const tape = makeTape(engine())
    const { recording, calls, constants, hold, viewOf } = recorder(engine(), tape)
    const x = mapTree(input, (t) => {
      const shape = t.shape.map((n) => (n === 0 ? batch : n))
      return fresh(shape, hold(allocate(t.dtype, sizeOf(shape))) as unknown as Data) as AnyTensor
    })
    const value = tape.attempt(() =>
      using(recording, () => layer.apply(variables.params, variables.state, { mode: 'eval' }, x as never).value),
    ) as Tree
    const outputs = leaves(value).map((t) => viewOf(raw(t)))
    return {
      value,
      calls,
      inputs: leaves(x).map((t) => viewOf(raw(t))),
      outputs,
      constants: [...constants].map(([source, { place, real }]) => ({
        id: place.id,
        source,
        data: numbersOf(real).slice() as Data,
      })),
    }
  })

type Run = ReturnType<typeof run>

/** Two values as one with open sizes; undefined where they differ otherwise. */
const merged = (a: unknown, b: unknown, fail: () => never): unknown => {
  if (typeof a === 'number' && typeof b === 'number') {
    if (Object.is(a, b)) return a
    const per = a / batches[0]
    return Number.isInteger(per) && per === b / batches[1] ? open(per) : fail()
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) return a.map((x, i) => merged(x, b[i], fail))
  if (isPlaceView(a) && isPlaceView(b)) {
    const view = {
      place: a.place.id === b.place.id ? a.place.id : fail(),
      dtype: a.dtype,
      length: merged(a.place.length, b.place.length, fail),
      shape: merged(a.shape, b.shape, fail),
      stride: merged(a.stride, b.stride, fail),
      offset: merged(a.offset, b.offset, fail),
    }
    return view
  }
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null)
    return Object.fromEntries(Object.entries(a).map(([name, x]) => [name, merged(x, (b as never)[name], fail)]))
  return Object.is(a, b) ? a : fail()
}

const whole = ({ results }: ProgramCall): readonly unknown[] =>
  results.map((place) => ({
    place,
    shape: [place.length],
    stride: [1],
    offset: 0,
    size: place.length,
    dtype: place.dtype,
  }))

/** The two runs as one. */
const together = (small: Run, large: Run): OpenProgram => {
  const fail = (path: readonly string[]) => (): never => {
    throw new StructureError({
      op: 'toOnnx',
      expected: 'a network that does the same to each example',
      actual: 'one that depends on the size of the batch',
      path,
    })
  }
  if (small.calls.length !== large.calls.length) fail([])()
  const calls = small.calls.flatMap((call, i): readonly OpenCall[] => {
    const other = large.calls[i] as ProgramCall
    if (call.kernel !== other.kernel) fail(call.path)()
    if (call.kernel === 'check' || call.kernel === 'exchange') return []
    const args = merged(call.args, other.args, fail(call.path)) as readonly unknown[]
    const results = merged(whole(call), whole(other), fail(call.path)) as readonly OpenView[]
    return [{ kernel: call.kernel, args, results, path: call.path }]
  })
  return {
    calls,
    inputs: merged(small.inputs, large.inputs, fail([])) as readonly OpenView[],
    outputs: merged(small.outputs, large.outputs, fail([])) as readonly OpenView[],
    constants: new Map(small.constants.map(({ id, data, source }) => [id, { data, source }])),
    value: small.value,
  }
}

/** Records a layer in evaluation. The input is an empty minibatch: the size 0 stands for the batch. */
export const recordLayer = (layer: AnyLayer, variables: Variables<unknown, unknown>, input: Tree): OpenProgram => {
  try {
    const [small, large] = batches.map((n) => run(layer, variables, input, n)) as [Run, Run]
    return together(small, large)
  } catch (e) {
    if (!(e instanceof NotRecordable)) throw e
    throw new StructureError({
      op: 'toOnnx',
      expected: 'a layer made of operations',
      actual: `one of which ${e.message}`,
      remedy: 'write it with op.… instead of functions of numbers',
    })
  }
}

/** The shape of a constant or an input as recorded. */
export const smallShape = (shape: readonly Size[]): Shape =>
  shape.map((n) => (typeof n === 'number' ? n : n.perBatch * batches[0]))
