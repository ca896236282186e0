// The cost of inferring backward: of a trace, per node, against closures composed by hand; and of `define`, per
// training step, against the same network composed.
import { chainRule, type Diff, define, key, linear, op, random, relu, type Tensor, vjp } from 'pullback'
import { scoped } from '../lib/diff/scope.ts'
import { table } from '../lib/text/table.ts'
import { checkLosses, checkNear } from './support/check.ts'
import { engineOf } from './support/engines.ts'
import { aboutEnvironment, machine, unbend } from './support/machine.ts'
import { saveResult } from './support/results.ts'
import { digits, times } from './support/show.ts'
import { inTurns, repeated } from './support/turns.ts'
import { a, b } from './workload/perceptron.ts'
import { beginning, draw, lossesOf, type Workload } from './workload/workload.ts'

unbend()
const { date, processor, cores, node } = machine()
console.log(`bench:graph: ${date}, ${processor}, ${cores} cores, Node ${node}\n${aboutEnvironment}`)
await engineOf('wasm').use()

// A chain of halvings, forward and backward: the same kernels on one entry either way.

const nodes = 1000
const one = random.normal(key(0), [1]) as Tensor
const half: Diff<Tensor, Tensor> = (x) => [op.scale(x, 0.5), (d) => op.scale(d, 0.5)]
const composed = Array.from({ length: nodes }, () => half).reduce(chainRule)
const inferred = vjp((x: Tensor) => {
  let y = x
  for (let i = 0; i < nodes; i++) y = op.scale(y, 0.5)
  return y
})
const both = (diff: Diff<Tensor, Tensor>) => () => {
  scoped(() => {
    const [y, back] = diff(one)
    back(y)
    return 0
  })
}
const [, byHand] = composed(one)
const [, byTrace] = inferred(one)
checkNear('the chain', byTrace(one).get(0), byHand(one).get(0), 1e-6)
const chain = inTurns({ composed: repeated(both(composed)), inferred: repeated(both(inferred)) }, 600, 1)
const tracing = (chain('inferred') - chain('composed')) / nodes

// Two networks, each twice.

const defined: Readonly<Record<string, Workload['network']>> = {
  a: define([784], { L1: linear(784, 128), L2: linear(128, 10), relu }, (x, { L1, L2, relu }) => L2(relu(L1(x)))),
  b: define(
    [784],
    { L1: linear(784, 512), L2: linear(512, 256), L3: linear(256, 10), relu },
    (x, { L1, L2, L3, relu }) => L3(relu(L2(relu(L1(x))))),
  ),
}
const steps = [a, b].map((workload) => {
  const numbers = draw(workload)
  const again = { ...workload, network: defined[workload.name] as Workload['network'] }
  const [first, second] = [beginning(workload, numbers), beginning(again, numbers)]
  checkLosses(`workload ${workload.name} defined`, lossesOf(second, 5), lossesOf(first, 5), 1e-6)
  const [compose, define] = [first(), second()]
  const of = inTurns({ compose: repeated(compose), define: repeated(define) }, 600, workload === a ? 4 : 1)
  return [workload.name, of('compose'), of('define')] as const
})

console.log(
  `\n${table(
    ['', 'composed, µs', 'inferred, µs', ''],
    [
      [`${nodes} nodes`, digits(chain('composed')), digits(chain('inferred')), `${digits(tracing)} µs a node`],
      ...steps.map(([name, c, d]) => [`a step of ${name}`, digits(c), digits(d), times(d / c)]),
    ],
    [1, 2, 3],
  )}\ntracing: aim under 2 µs a node; define / compose: within 1.10×\n${saveResult('graph', { nodes, tracing, steps })}`,
)
