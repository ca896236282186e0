// The overhead of an operation over its kernel, on tensors so small that the kernel costs almost nothing, as within a
// training step.
import { engine, key, ones, op, random } from 'pullback'
import { scoped } from '../lib/diff/scope.ts'
import { raw } from '../lib/tensor/view.ts'
import { table } from '../lib/text/table.ts'
import { engineOf } from './support/engines.ts'
import { aboutEnvironment, machine } from './support/machine.ts'
import { saveResult } from './support/results.ts'
import { digits } from './support/show.ts'
import { median } from './support/statistics.ts'

const { date, processor, cores, node } = machine()
console.log(`bench:overhead: ${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)
await engineOf('wasm').use()

const [x, y, b] = [random.normal(key(1), [4, 4]), random.normal(key(2), [4, 4]), ones([4])]
const cases: Readonly<Record<string, () => unknown>> = {
  'the kernel of add alone': () => engine().zip('add', raw(x), raw(y)),
  add: () => op.add(x, y),
  scale: () => op.scale(x, 2),
  relu: () => op.relu(x),
  transpose: () => op.transpose(x),
  matmul: () => op.matmul(x, y),
  affine: () => op.affine(x, y, b),
  'sum over the batch': () => op.sum(x, 0),
  mean: () => op.mean(x),
}

const [calls, turns] = [2000, 60]
/** The microseconds of a call. */
const turn = (run: () => unknown): number => {
  const since = performance.now()
  for (let i = 0; i < calls / 200; i++)
    scoped(() => {
      for (let j = 0; j < 200; j++) run()
      return 0
    })
  return ((performance.now() - since) * 1e3) / calls
}

const found = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as number[]]))
for (let i = 0; i < turns; i++)
  for (const [name, run] of Object.entries(cases)) {
    const microseconds = turn(run)
    if (i >= turns / 3) found[name]?.push(microseconds) // the first third warms up
  }
const medians = Object.fromEntries(Object.entries(found).map(([name, all]) => [name, median(all)]))
const rows = Object.entries(medians).map(([name, value]) => [name, digits(value)])
console.log(`\n${table(['4 × 4, float32', 'µs'], rows, [1])}`)
console.log(
  `an operation: at most about 0.5 µs over its kernel\n${saveResult('overhead', { calls, turns, results: medians })}`,
)
