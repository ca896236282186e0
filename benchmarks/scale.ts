// How time grows with the batch, the width and the depth; the cost of a gradient relative to its forward pass; and
// memory over many steps, which must stay flat.
import { apply, key, ones, predict, softmaxCrossEntropy, type Tensor } from 'pullback'
import { type Cells, columns } from './support/columns.ts'
import { engineOf } from './support/engines.ts'
import { memoryInUse } from './support/memory.ts'
import { number } from './support/options.ts'
import { saveResult } from './support/results.ts'
import { digits, times } from './support/show.ts'
import { type Cases, setUp } from './support/suite.ts'
import { tower } from './workload/tower.ts'
import { beginning, draw, lossesOf, type Workload } from './workload/workload.ts'

const { given, eachEngine, suite } = setUp('bench:scale', 'time against size, and memory against steps', {
  steps: { initial: '20000', about: 'steps of the run that memory is watched in' },
})
const steps = number('steps', given.steps)

const families: Readonly<Record<string, readonly Workload[]>> = {
  batch: [1, 4, 16, 64, 256].map((batch) => tower(1, 200, batch)),
  width: [16, 32, 64, 128, 256].map((width) => tower(1, width, 64)),
  depth: [1, 2, 4, 8, 16].map((depth) => tower(depth, 64, 64)),
}

const stepsOf = (workloads: readonly Workload[]): Cases =>
  Object.fromEntries(
    workloads.map((workload) => {
      const begin = beginning(workload, draw(workload))
      const [first = Number.NaN, , , , , last = Number.NaN] = lossesOf(begin, 6)
      if (!(last < first)) throw new Error(`${workload.name} does not learn: the loss went from ${first} to ${last}`)
      const step = begin()
      return [
        workload.name,
        () => {
          step()
        },
      ]
    }),
  )

/** The time of forward alone, and with the gradient of all parameters. */
const gradientOf = (workload: Workload): Cases => {
  const { params, input, target } = draw(workload)
  const variables = { params, state: {} }
  return {
    forward: () => {
      predict(workload.network, variables, input as never)
    },
    gradient: () => {
      const { value, pullback } = apply(workload.network, variables, { mode: 'train', key: key(0) }, input as never)
      const [, back] = softmaxCrossEntropy(target as never)(value as Tensor<readonly [number, number]>)
      pullback(back(ones([])) as never).params()
    },
  }
}

interface Memory {
  readonly early: number
  readonly late: number
}

/** The memory after a tenth of the steps, and after all. */
const memoryOf = async (engine: string): Promise<Memory> => {
  const own = engineOf(engine).memory
  const workload = tower(1, 64, 16)
  const step = beginning(workload, draw(workload))()
  const after = async (n: number): Promise<number> => {
    for (let i = 0; i < n; i++) step()
    return (await memoryInUse()) + own()
  }
  const early = await after(Math.ceil(steps / 10))
  return { early, late: await after(Math.floor(0.9 * steps)) }
}

const found: Record<string, Cells> = {}
const memory: Record<string, Memory> = {}

await eachEngine(async (engine) => {
  const cells: Record<string, string> = {}
  for (const [name, workloads] of Object.entries(families)) {
    const medians = await suite(`${name}-${engine}`, stepsOf(workloads))
    for (const [size, us] of Object.entries(medians)) cells[`${name}: ${size}`] = `${digits(us)} µs`
  }
  const { forward = Number.NaN, gradient = Number.NaN } = await suite(
    `gradient-${engine}`,
    gradientOf(tower(2, 200, 64)),
  )
  cells['gradient / forward'] = times(gradient / forward)
  const { early, late } = await memoryOf(engine)
  cells[`MB after ${Math.ceil(steps / 10)} steps`] = digits(early / 1e6)
  cells[`MB after ${steps} steps`] = digits(late / 1e6)
  memory[engine] = { early, late }
  found[engine] = cells
})

console.log(`\n${columns('hidden layers', found)}\n\n${saveResult('scale', { steps, found, memory })}`)
for (const [engine, { early, late }] of Object.entries(memory))
  if (late > 1.05 * early + 1e6) {
    console.error(`memory grows with the steps, with the engine ${engine}: from ${early} to ${late} bytes`)
    process.exitCode = 1
  }
