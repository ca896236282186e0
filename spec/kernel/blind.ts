// Nothing outside of lib/kernel assumes that a result of a kernel is an array: what holds for all layers, losses, optimizers and
// operations holds on an engine that gives handles only. It is tried on a few cases of each.
import {
  adam,
  batchNorm,
  compact,
  compile,
  compose,
  dropout,
  engine,
  examples,
  fit,
  fromNested,
  key,
  linear,
  metric,
  named,
  op,
  predict,
  random,
  relu,
  revive,
  scanSync,
  softmaxCrossEntropy,
  start,
  type Tensor,
  toNested,
  trainStep,
  useEngine,
} from 'pullback'
import t from 'tap'
import { scoped } from '../../lib/diff/scope.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { residentOf } from '../../lib/tensor/resident.ts'
import { raw } from '../../lib/tensor/view.ts'
import { same } from '../law/program.ts'
import { bits } from '../support/bits.ts'
import { blind } from '../support/blind.ts'
import { on } from '../support/engines.ts'

const hidden = blind()
useEngine(hidden)
process.env.QUICK = '1'

const net = compose(
  named('L1', linear(4, 6)),
  named('N', batchNorm(6)),
  relu,
  dropout({ drop: 0.2 }),
  named('L2', linear(6, 3)),
)
const batch = { input: compact(random.normal(key(1), [5, 4])), target: fromNested([0, 2, 1, 1, 0], 'int32') }
const stepWith = (kept: Tensor) =>
  trainStep(net, softmaxCrossEntropy, adam(0.01), { penalty: ({ L1 }) => op.sum(op.mul(L1.W, kept as never)) })
/** A handle that the step closes over. */
const kept = op.exp(random.normal(key(2), [6, 4]))
const step = stepWith(kept as never)
const run = compact(start(net, adam(0.01), key(0)))

t.test('its results are handles, within a scope and outside', async (t) => {
  const x = op.exp(batch.input)
  t.ok(residentOf(raw(x).buffer))
  t.throws(() => raw(x).buffer[0], /is read of a handle, which is not an array/)
  let escaped: Tensor | undefined
  const y = scoped(() => {
    escaped = op.exp(x)
    return op.transpose(op.exp(x))
  })
  t.same(
    toNested(y),
    on(reference, () => toNested(op.transpose(op.exp(x)))),
  )
  t.throws(() => toNested(escaped as Tensor), /read after its scope/)
})

t.test('a training step reads its loss, and nothing else', async (t) => {
  const before = hidden.reads()
  const [after] = step(run, batch)
  t.equal(hidden.reads() - before, 2, 'once for a check, and once as a metric')
  const plain = stepWith(compact(kept) as never)
  t.ok(
    same(
      after,
      on(reference, () => bits(plain(run, batch)[0])),
    ),
  )
})

t.test('its results run from programs', async (t) => {
  const compiled = compile(step)
  const data = Array(4).fill(batch) as (typeof batch)[]
  const found = [...scanSync(compiled, run, data)].at(-1)
  t.ok(same(found, [...scanSync(step, run, data)].at(-1)))
  t.same([compiled.programs.length, compiled.reason], [1, undefined])
  t.ok(same([...scanSync(step, run, data, { every: 4 })][0]?.[0], found?.[0]))
  const served = compile((x: Tensor) => predict(net, run, x as never) as Tensor)
  t.ok(same(served(batch.input), predict(net, run, batch.input)))
  t.equal(served.programs.length, 1)
})

t.test('a run with validation, metrics and a state to save', async (t) => {
  const options = {
    train: examples(batch),
    validation: examples(batch),
    key: key(3),
    epochs: 2,
    size: 3,
    metrics: { accuracy: metric.accuracy },
  }
  const last = async (): Promise<unknown> => {
    let state: unknown
    for await (state of fit(net, softmaxCrossEntropy, adam(0.1), options));
    return bits({ ...(state as object), seconds: 0, history: (state as { history: { loss: unknown } }).history.loss })
  }
  const found = await last()
  useEngine(reference)
  const said = await last()
  useEngine(hidden)
  t.same(found, said)
})

t.test('a tensor is copied to a worker when it is compact', async (t) => {
  const x = op.exp(batch.input)
  t.ok(same(revive(structuredClone(compact({ x }))), { x }))
})

t.equal(engine(), hidden)
for (const subject of [
  'catalogue/layers',
  'catalogue/losses',
  'catalogue/penalties',
  'catalogue/metrics',
  'catalogue/initializers',
  'catalogue/transformations',
  'transform/vmapOperations',
  'train/training',
  'codec/bytes',
])
  await import(`../${subject}.ts`)
