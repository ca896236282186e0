// Steps of training by their kernels alone: the calls of one step are written down with their addresses, and replayed
// as they are. What a step takes beside them is what running it as a program could spare.
import { compile, type Engine, useEngine } from 'pullback'
import { native } from 'pullback/node'
import * as E from '#fp/Either'
import { loaders } from '../lib/kernel/loaders.ts'
import { wasm } from '../lib/kernel/wasm/wasm.ts'
import { table } from '../lib/text/table.ts'
import { checkLosses } from './support/check.ts'
import { aboutEnvironment, machine, unbend } from './support/machine.ts'
import { names, number, options } from './support/options.ts'
import { recorded } from './support/recording.ts'
import { saveResult } from './support/results.ts'
import { digits, times } from './support/show.ts'
import { median } from './support/statistics.ts'
import { inTurns, repeated, type Turn } from './support/turns.ts'
import { workloadOf } from './workload/index.ts'
import { wayOf, ways } from './workload/ways.ts'
import { beginning, draw, lossesOf, type Numbers, scanning, trainingOf, type Workload } from './workload/workload.ts'

unbend()
const makers: Readonly<Record<string, () => E.Either<Error, Engine>>> = {
  wasm: () => E.right(wasm()),
  native: () => native({ threads: 1 }),
}
const given = options('bench:program', 'steps of training by their kernels alone', {
  workloads: { initial: 't1,t2,t3,t4,a,b,d', about: 'which workloads' },
  engines: { initial: Object.keys(makers).join(','), about: 'which engines' },
  ways: { initial: Object.keys(ways).join(','), about: 'how a step is run' },
  turns: { initial: '90', about: 'how often each has its turn' },
  turn: { initial: '20', about: 'milliseconds of a turn of the plain step' },
})
const [turns, turn] = [number('turns', given.turns), number('turn', given.turn)]
const { date, processor, cores, node } = machine()
console.log(`bench:program: ${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)

interface Row {
  readonly engine: string
  readonly workload: string
  readonly calls: number
  /** Microseconds of a step, by the way it is run. */
  readonly microseconds: Readonly<Record<string, number>>
  readonly program: Recorded
}

/** A program: the microseconds of the call that records it, and its memory. */
interface Recorded {
  readonly recording: number
  /** The bytes that its results share, and those that they would take if none shared its place. */
  readonly bytes: number
  readonly unshared: number
}

const recordingOf = (engine: Engine, workload: Workload, numbers: Numbers): Recorded => {
  const { step, first, minibatch } = trainingOf(workload, numbers)
  const recorded = Array.from({ length: 15 }, () => {
    const compiled = compile(step)
    const since = performance.now()
    compiled(first, minibatch)
    return { compiled, recording: (performance.now() - since) * 1e3 }
  })
  const program = recorded[0]?.compiled.programs[0]
  if (program === undefined) throw new Error(`workload ${workload.name}: its step has no program`)
  const { bytes, unshared } = engine.load(program, loaders)
  return { recording: median(recorded.map((r) => r.recording)), bytes, unshared }
}

/** The fewest steps of a turn, where they take little: a state that is handed out counts once in so many steps. */
const fewest = Math.max(...Object.values(ways).map(({ every }) => every))

/** The milliseconds of a step, once it is warm. */
const timeOf = (step: () => unknown): number => {
  const since = performance.now()
  let steps = 0
  for (; steps < 3 || performance.now() - since < 10 * turn; steps++) step()
  return (performance.now() - since) / steps
}

/** The kernel calls of a step that is warm, to be called again. */
const replaying = (workload: Workload, make: () => Engine): readonly [replay: () => void, calls: number] => {
  const { engine, calls, bytes } = recorded(make)
  const before = useEngine(engine)
  try {
    const step = beginning(workload, draw(workload))()
    for (let i = 0; i < 20; i++) step()
    const found = calls(step)
    const replay = (): void => {
      for (const [kernel, args] of found) kernel(...args)
    }
    replay()
    const once = bytes()
    replay()
    if (Buffer.compare(once, bytes()) !== 0)
      throw new Error(`workload ${workload.name}: its kernels find other numbers when they are called again`)
    return [replay, found.length]
  } finally {
    useEngine(before)
  }
}

const measure = (name: string, engine: Engine, make: () => Engine, workload: Workload): Row => {
  const numbers = draw(workload)
  const [replay, calls] = replaying(workload, make)
  useEngine(engine)
  const expected = lossesOf(beginning(workload, numbers), 5)
  const cases = names(given.ways).map((way): readonly [string, Turn] => {
    const scanned = wayOf(way).every > 1
    const run = scanning(workload, numbers, { way })
    const begin = beginning(workload, numbers, { way })
    checkLosses(`workload ${workload.name}, ${way}`, scanned ? run(5) : lossesOf(begin, 5), expected, 0)
    return [way, scanned ? run : repeated(begin())]
  })
  const time = timeOf(beginning(workload, numbers)())
  const steps = Math.max(time < 1 ? fewest : 1, Math.round(turn / time))
  const all = Object.fromEntries([...cases, ['replayed', repeated(replay)]])
  const of = inTurns(all, turns, steps)
  const microseconds = Object.fromEntries(Object.keys(all).map((kind) => [kind, of(kind)]))
  const program = recordingOf(engine, workload, numbers)
  return { engine: name, workload: workload.name, calls, microseconds, program }
}

const rows: Row[] = []
for (const name of names(given.engines)) {
  const make = makers[name]
  if (make === undefined) throw new Error(`an engine: ${Object.keys(makers).join(', ')}, not '${name}'`)
  const engine = make()
  if (E.isLeft(engine)) {
    console.log(`${name} is absent: ${engine.left.message}`)
    continue
  }
  const again = (): Engine => E.getOrElse((): Engine => engine.right)(make())
  for (const workload of names(given.workloads).map(workloadOf)) rows.push(measure(name, engine.right, again, workload))
}

const kinds = Object.keys(rows[0]?.microseconds ?? {})
const steps = kinds.filter((kind) => kind !== 'replayed')
const cells = rows.map(({ engine, workload, calls, microseconds: of }) => [
  engine,
  workload,
  `${calls}`,
  ...kinds.map((kind) => digits(of[kind] ?? Number.NaN)),
  ...steps.map((kind) => times((of[kind] ?? Number.NaN) / (of.replayed ?? Number.NaN))),
])
const heading = ['', '', 'calls', ...kinds.map((kind) => `${kind}, µs`), ...steps.map((kind) => `${kind} / replayed`)]
const right = heading.map((_, i) => i).slice(2)
console.log(`\n${table(heading, cells, right)}\ncompiled or scanned / replayed on t1, t2: at most 2×, aim 1.2×`)
const programs = rows.map(({ engine, workload, microseconds, program: { recording, bytes, unshared } }) => [
  engine,
  workload,
  digits(recording),
  times(recording / (microseconds.plain ?? Number.NaN)),
  digits(bytes),
  digits(unshared),
  times(bytes / unshared),
])
const about = ['', '', 'recorded, µs', 'by a plain step', 'its bytes', 'unshared', 'by unshared']
console.log(
  `\n${table(about, programs, [2, 3, 4, 5, 6])}\nrecorded: at most 20×, aim 5×; bytes: at most 0.6×, aim 0.4×`,
)
console.log(saveResult('program', { turns, turn, results: rows }))
