// Whole steps of training, and the lecture's claim: one minibatch against its examples one by one.
import {
  compose,
  init,
  key,
  leastSquares,
  linear,
  named,
  ones,
  op,
  random,
  relu,
  type Tensor,
  toTypedArray,
} from 'pullback'
import { checkLosses, checkNear, onReference } from './support/check.ts'
import { type Cells, columns } from './support/columns.ts'
import { names } from './support/options.ts'
import { digits, times } from './support/show.ts'
import { type Cases, setUp } from './support/suite.ts'
import { workloadOf, workloads } from './workload/index.ts'
import { wayOf, ways } from './workload/ways.ts'
import { beginning, draw, lossesOf, scanning, type Workload } from './workload/workload.ts'

const trained = workloads.filter((w) => w.task === 'train')
const { given, eachEngine, suite } = setUp('bench:train', 'steps of training', {
  workloads: { initial: trained.map((w) => w.name).join(','), about: 'which workloads' },
  ways: { initial: Object.keys(ways).join(','), about: 'how a step is run' },
})
const chosen = names(given.workloads).map(workloadOf)
const found: Record<string, Cells> = {}

/** A workload, how it is run, and how many steps a run has. */
interface Case {
  readonly name: string
  readonly steps: number
  readonly run: () => void
}

/** Steps checked to give the losses of the reference engine, with dropout: all engines draw the same masks. */
const caseOf = (workload: Workload, way: string): Case => {
  const numbers = draw(workload)
  const begin = beginning(workload, numbers, { noisy: true, way })
  const run = scanning(workload, numbers, { noisy: true, way })
  const expected = onReference(() => lossesOf(beginning(workload, numbers, { noisy: true }), 3))
  const tolerance = workload.dtype === 'float64' ? 1e-9 : 1e-4
  const { every: steps } = wayOf(way)
  checkLosses(`workload ${workload.name}, ${way}`, steps > 1 ? run(3) : lossesOf(begin, 3), expected, tolerance)
  const step = begin()
  const name = way === 'plain' ? workload.name : `${workload.name}, ${way}`
  return { name, steps, run: steps > 1 ? () => void run(steps) : () => void step() }
}

/** The gradient of 200 examples of 100 numbers, for 200 hidden units: of all at once, and one by one. */
const lecture = (): Cases => {
  const [dim, hidden, batch] = [100, 200, 200]
  const net = compose(named('L1', linear(dim, hidden)), relu, named('L2', linear(hidden, 1)))
  const { params } = init(net, key(0))
  const x = random.normal(key(1), [batch, dim]) as Tensor<readonly [number, 100]>
  const y = random.normal(key(2), [batch, 1]) as Tensor<readonly [number, 1]>
  const single = Array.from(
    { length: batch },
    (_, i) => [op.slice(x, [[i, i + 1]]), op.slice(y, [[i, i + 1]])] as const,
  )
  const gradient = (input: typeof x, target: typeof y) => {
    const step = net.apply(params, {}, { mode: 'eval' }, input)
    const [, back] = leastSquares.sum(target)(step.value)
    return step.pullback(back(ones([]))).params()
  }
  const entries = ({ L1 }: typeof params): ArrayLike<number> => toTypedArray(L1.W)
  const all = single.map(([input, target]) => entries(gradient(input, target)))
  for (const [i, expected] of Array.from(entries(gradient(x, y))).entries()) {
    const sum = all.reduce((s, g) => s + (g[i] as number), 0)
    checkNear(`gradient one by one at ${i}`, sum, expected, 1e-3)
  }
  return {
    'one minibatch': () => {
      gradient(x, y)
    },
    'one by one': () => {
      for (const [input, target] of single) gradient(input, target)
    },
  }
}

await eachEngine(async (engine) => {
  const cases = chosen.flatMap((workload) => names(given.ways).map((way) => caseOf(workload, way)))
  const runs = await suite(`steps-${engine}`, Object.fromEntries(cases.map(({ name, run }) => [name, run])))
  const steps = Object.fromEntries(cases.map((c) => [c.name, (runs[c.name] ?? Number.NaN) / c.steps]))
  const batch = await suite(`minibatch-${engine}`, lecture())
  const ratio = (batch['one by one'] ?? Number.NaN) / (batch['one minibatch'] ?? Number.NaN)
  found[engine] = {
    ...Object.fromEntries(Object.entries({ ...steps, ...batch }).map(([name, us]) => [name, `${digits(us)} µs`])),
    'one by one / one minibatch': times(ratio),
  }
})

console.log(`\n${columns('a step', found)}\none by one / one minibatch: at least 10×, aim 20×`)
