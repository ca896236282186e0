// The measurements of bench:ranks, as each rank of a group makes them.
import {
  batches,
  type Communicator,
  compile,
  examples,
  key,
  type SyncSource,
  scanSync,
  sgd,
  sharded,
  softmaxCrossEntropy,
  start,
  trainStep,
} from 'pullback'
import * as E from '#fp/Either'
import { engineOf } from '../support/engines.ts'
import { collect } from '../support/memory.ts'
import { b } from '../workload/perceptron.ts'
import { checkCompiled } from '../workload/ways.ts'
import { draw } from '../workload/workload.ts'
import { type Measured, type Plan, sizes } from './plan.ts'

/** Does something a number of times. */
type Run = (calls: number) => unknown
type Runs = Readonly<Record<string, Run>>

/** The milliseconds of the slowest rank, without the garbage of another case and with the memory of this one in reach. */
const timed = (comm: Communicator, run: Run, calls: number): number => {
  collect()
  run(2)
  comm.barrier()
  const since = performance.now()
  run(calls)
  const slowest = Float64Array.of(performance.now() - since)
  comm.allReduce(slowest, 'max')
  return slowest[0] as number
}

/** The microseconds of each case. The cases take turns, and all ranks make the same number of calls. */
const inTurns = (comm: Communicator, cases: Runs, { turns, turn }: Plan): Measured['microseconds'] => {
  const all = Object.entries(cases).map(([name, run]) => {
    timed(comm, run, 3)
    const calls = Math.max(2, Math.round((3 * turn) / timed(comm, run, 3)))
    return { name, run, calls, found: [] as number[] }
  })
  for (let i = 0; i < turns; i++)
    for (const { run, calls, found } of all) found.push((timed(comm, run, calls) * 1e3) / calls)
  return Object.fromEntries(all.map(({ name, found }) => [name, found]))
}

const repeated =
  (run: () => void): Run =>
  (calls) => {
    for (let i = 0; i < calls; i++) run()
  }

/** A reduction that waits within its own call, and one that is begun and then waited for. */
const reductions = (comm: Communicator): Runs =>
  Object.fromEntries(
    Object.entries(sizes).flatMap(([name, bytes]) => {
      const numbers = new Float32Array(bytes / 4)
      return [
        [`allReduce ${name}`, repeated(() => comm.allReduce(numbers, 'sum'))],
        [`begin ${name}`, repeated(() => comm.begin(numbers, 'sum')())],
      ]
    }),
  )

/** Steps from the first parameters, on this rank's part of a minibatch of so many examples. They give the last loss. */
const training = (comm: Communicator, batch: number, exact = false): ((steps: number) => number) => {
  const { params, input, target } = draw({ ...b, batch })
  const optimizer = sgd(b.learningRate)
  const step = compile(trainStep(b.network, softmaxCrossEntropy as never, optimizer, { comm, exact }))
  const first = start(b.network, optimizer, key(0), { variables: { params, state: {} } })
  const whole = batches({ size: batch })(examples({ input, target }) as never) as SyncSource<never>
  const source = comm.size > 1 || exact ? sharded(comm, { block: exact ? 16 : 1 })(whole) : whole
  const [part] = source.epoch(0, 0)
  return (steps) => {
    let loss = Number.NaN
    for (const [, found] of scanSync(step, first, Array(steps).fill(part), { every: 32 }))
      loss = found.at(-1)?.loss ?? loss
    checkCompiled(step)
    return loss
  }
}

const nothing = (): void => {}
/** Ranks that compute at the same time, each for itself: what is left are their calls and copies. */
const silent = (comm: Communicator): Communicator => ({ ...comm, allReduce: nothing, begin: () => nothing })
/** Ranks that wait for each bucket as soon as it is begun, so that nothing overlaps. */
const waiting = (comm: Communicator): Communicator => ({
  ...comm,
  begin: (numbers, by) => {
    comm.begin(numbers, by)()
    return nothing
  },
})
/** One minibatch, and for two ranks twice as many examples. */
const steps = (comm: Communicator): Runs =>
  comm.size === 1
    ? {
        B: training(comm, b.batch),
        '2B': training(comm, 2 * b.batch),
        'B, exact': training(comm, b.batch, true),
        '2B, exact': training(comm, 2 * b.batch, true),
      }
    : {
        '2B': training(comm, 2 * b.batch),
        '2B, silent': training(silent(comm), 2 * b.batch),
        '2B, waiting': training(waiting(comm), 2 * b.batch),
        B: training(comm, b.batch),
        'B, exact': training(comm, b.batch, true),
        '2B, exact': training(comm, 2 * b.batch, true),
      }

/** The loss after twenty steps, of the cases that other groups of ranks have too. */
const lossesOf = (runs: Runs): Readonly<Record<string, number>> =>
  Object.fromEntries(
    ['B', '2B', 'B, exact', '2B, exact'].flatMap((name) => {
      const run = runs[name]
      return run === undefined ? [] : [[name, run(20) as number]]
    }),
  )

export const measure = async (comm: Communicator, plan: Plan): Promise<Measured> => {
  const used = await engineOf(plan.engine).use()
  if (E.isLeft(used)) throw new Error(used.left)
  const runs = plan.measure === 'steps' ? steps(comm) : reductions(comm)
  const losses = lossesOf(runs)
  return { name: `${comm.name}, ${used.right}`, microseconds: inTurns(comm, runs, plan), losses }
}
