// The cost of an optimizer's step on a million parameters in the engine's memory, as within a training step, relative
// to the time to read and write five arrays of that size once.
import {
  adam,
  adamw,
  amsgrad,
  key,
  lion,
  op,
  radam,
  random,
  type StateFn,
  sgd,
  type Tensor,
  type Transformation,
} from 'pullback'
import { scoped } from '../lib/diff/scope.ts'
import { updated } from '../lib/optim/transformation.ts'
import { table } from '../lib/text/table.ts'
import { engineOf } from './support/engines.ts'
import { aboutEnvironment, machine } from './support/machine.ts'
import { saveResult } from './support/results.ts'
import { digits } from './support/show.ts'
import { median } from './support/statistics.ts'

const { date, processor, cores, node } = machine()
console.log(`bench:optimizer: ${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)
await engineOf('wasm').use()

const [size, turns] = [1_000_000, 60]
const params: Tensor = random.normal(key(1), [size])
const gradient: Tensor = random.normal(key(2), [size])

const timed = (run: () => unknown): number => {
  const since = performance.now()
  run()
  return performance.now() - since
}

const arrays = Array.from({ length: 5 }, () => [new Float32Array(size).fill(1), new Float32Array(size)] as const)
const copyFive = (): number =>
  timed(() => {
    for (const [from, to] of arrays) to.set(from)
  })

/** The step alone: its arguments are copied into the memory before, and no result is copied out. */
const stepOf = <F extends StateFn>(t: Transformation<F>) => {
  const state = t.init({ W: params })
  const resident = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value
    if ('dtype' in value) return op.scale(value as Tensor, 1)
    const entries = Object.entries(value).map(([name, v]) => [name, resident(v)] as const)
    return Array.isArray(value) ? entries.map(([, v]) => v) : Object.fromEntries(entries)
  }
  return (): number => {
    let spent = 0
    scoped(() => {
      const [p, g, s] = [resident({ W: params }), resident({ W: gradient }), resident(state)]
      spent = timed(() => updated(t, g as { W: Tensor }, s as typeof state, p as { W: Tensor }))
      return 0
    })
    return spent
  }
}

const cases: Readonly<Record<string, () => number>> = {
  'five arrays read and written': copyFive,
  sgd: stepOf(sgd(1e-3)),
  'sgd, momentum': stepOf(sgd(1e-3, { momentum: 0.9 })),
  adam: stepOf(adam()),
  adamw: stepOf(adamw()),
  'adamw, some decay': stepOf(adamw(1e-3, { where: ['W'] })),
  amsgrad: stepOf(amsgrad()),
  radam: stepOf(radam()),
  lion: stepOf(lion()),
}

const found = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as number[]]))
for (let i = 0; i < turns; i++)
  for (const [name, run] of Object.entries(cases)) {
    const milliseconds = run()
    if (i >= turns / 3) found[name]?.push(milliseconds) // the first third warms up
  }
const medians = Object.fromEntries(Object.entries(found).map(([name, all]) => [name, median(all)]))
const [unit = 1] = Object.values(medians)
const rows = Object.entries(medians).map(([name, value]) => [name, digits(value), digits(value / unit)])
console.log(`\n${table([`${size} parameters, float32`, 'ms', 'of five arrays'], rows, [1, 2])}`)
console.log(`adamw: at most about 1.5\n${saveResult('optimizer', { size, turns, results: medians })}`)
