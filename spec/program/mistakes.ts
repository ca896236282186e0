// Bad input to compiled steps: the errors are those of the plain step, word for word, and states stay as they are.
import {
  adam,
  batchNorm,
  compose,
  dropout,
  fromArray,
  key,
  linear,
  mse,
  named,
  op,
  random,
  scan,
  scanSync,
  sgd,
  softmaxCrossEntropy,
  start,
  type Tensor,
  tanh,
  threads,
  trainStep,
  useEngine,
  zeros,
} from 'pullback'
import t from 'tap'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { compiledStep, outcomes, type Step, same } from '../law/program.ts'
import { bits } from '../support/bits.ts'
import { engines } from '../support/engines.ts'

// biome-ignore lint/suspicious/noExplicitAny: states and minibatches that are wrong
type Loose = any

const net = compose(named('L1', linear(3, 4)), batchNorm(4), dropout({ drop: 0.2 }), tanh, named('L2', linear(4, 2)))
const optimizer = adam(0.01)
const step = trainStep(net, softmaxCrossEntropy, optimizer) as unknown as Step
const begin: Loose = start(net, optimizer, key(0))
const batch = (i: number, n = 4) => ({
  input: random.normal(key(i), [n, 3]) as Tensor,
  target: fromArray(
    Array.from({ length: n }, (_, k) => (k + i) % 2),
    [n],
    'int32',
  ),
})
const data = Array.from({ length: 8 }, (_, i) => batch(i))
const [good] = data as [(typeof data)[0]]
const { params, optimizer: own } = begin
const counting = (count: unknown): Loose => own.map((o: Loose) => ('count' in o ? { ...o, count } : o))

const wrong: Readonly<Record<string, readonly [state: Loose, batch: Loose]>> = {
  'another width': [begin, { ...good, input: zeros([4, 2]) }],
  'another format': [begin, { ...good, input: zeros([4, 3], 'float64') }],
  'no batch axis': [begin, { ...good, input: zeros([3]) }],
  'too few targets': [begin, { ...good, target: fromArray([0, 1], [2], 'int32') }],
  'targets that are no labels': [begin, { ...good, target: zeros([4]) }],
  'a label too large': [begin, { ...good, target: fromArray([0, 1, 2, 0], [4], 'int32') }],
  'a label below 0': [begin, { ...good, target: fromArray([0, 1, -2, 0], [4], 'int32') }],
  'no target': [begin, { input: good.input }],
  'no minibatch': [begin, undefined],
  'an empty minibatch': [begin, { input: zeros([0, 3]), target: zeros([0], 'int32') }],
  'one example': [begin, batch(0, 1)],
  'input of NaN': [begin, { ...good, input: op.scale(good.input, Number.NaN) }],
  'no run': [undefined, good],
  'nothing right': [{ step: 1 }, { input: good.input }],
  'no parameters': [{ ...begin, params: undefined }, good],
  'a pair': [[begin, 1], good],
  'one parameter too many': [{ ...begin, params: { ...params, L3: params.L1 } }, good],
  'a parameter of another shape': [{ ...begin, params: { ...params, L1: { ...params.L1, b: zeros([5]) } } }, good],
  'a parameter of another format': [
    { ...begin, params: { ...params, L1: { ...params.L1, b: zeros([4], 'float64') } } },
    good,
  ],
  'a number for a parameter': [{ ...begin, params: { ...params, L1: { ...params.L1, b: 3 } } }, good],
  "another optimizer's state": [{ ...begin, optimizer: sgd(0.1, { momentum: 0.9 }).init(params) }, good],
  'a count that is text': [{ ...begin, optimizer: counting('a') }, good],
  'a count of NaN': [{ ...begin, optimizer: counting(Number.NaN) }, good],
  'a short key': [{ ...begin, key: [1] }, good],
  'a key below 0': [{ ...begin, key: [-1, 0] }, good],
  'a step that is text': [{ ...begin, step: 'a' }, good],
  'a step of NaN': [{ ...begin, step: Number.NaN }, good],
  'half a step': [{ ...begin, step: 0.5 }, good],
  'many steps': [{ ...begin, step: 2 ** 40 }, good],
  'further fields': [
    { ...begin, epoch: 3 },
    { ...good, weight: zeros([4]) },
  ],
  'names in another order': [
    { ...begin, params: { L2: params.L2, ...params, L1: { b: params.L1.b, W: params.L1.W } } },
    { target: good.target, input: good.input },
  ],
}

t.test('mistakes, word for word', async (t) => {
  for (const [name, [state, item]] of Object.entries(wrong)) {
    const compiled = compiledStep(step)
    const before = outcomes(compiled, begin, data.slice(0, 3)).found
    const kept: unknown = bits(before)
    const plain = outcomes(step, state, [item])
    const fresh = outcomes(compiledStep(step), state, [item])
    const found = outcomes(compiled, state, [item])
    for (const { error, found: given } of [fresh, found]) {
      t.equal(error?.message, plain.error?.message, name)
      t.equal(error?.name, plain.error?.name)
      t.ok(same(given, plain.found), name)
    }
    const many = () => Array.from(scanSync(compiled, state, [item], { every: 4 }))
    if (plain.error !== undefined) t.throws(many, { message: plain.error.message }, name)
    else t.ok(same(many()[0]?.[0], plain.found[0]?.[0]), name)
    t.ok(same(bits(before), kept), `${name}: states from before stay as they are`)
    t.equal(outcomes(compiled, before[2]?.[0], data).found.length, data.length, `${name}: and a run goes on from them`)
  }
})

t.test('an error in the midst of many steps', async (t) => {
  const bad = { ...good, target: fromArray([0, 5, 0, 0], [4], 'int32') }
  for (const k of [0, 1, 4, 7])
    for (const item of [bad, { ...good, input: zeros([4, 9]) }, batch(1, 1), undefined, { input: good.input }]) {
      const items = data.map((one, i) => (i === k ? item : one))
      const plain = outcomes(step, begin, items)
      const compiled = compiledStep(step)
      const found = outcomes(compiled, begin, items)
      t.ok(same(found.found, plain.found), `${k} steps before it`)
      t.equal(found.error?.message, plain.error?.message)
      for (const every of [1, 3, 100]) {
        let at = 0
        const run = () => {
          for (const [state, metrics] of scanSync(compiled, begin, items as typeof data, { every })) {
            at += (metrics as readonly unknown[]).length
            t.ok(same(state, plain.found[at - 1]?.[0]))
          }
        }
        t.throws(run, { message: plain.error?.message as string })
        t.equal(at, k - (k % every))
      }
    }
})

t.test('guards', async (t) => {
  const items = data.map(({ input }, i) => ({ input, target: random.normal(key(i), [4, 2]) }))
  const layer = compose(named('L1', linear(3, 4)), named('L2', linear(4, 2)))
  for (const guard of ['loss', 'updates', 'none'] as const)
    for (const rate of [1e3, 1e8, 1e20, 1e38]) {
      const wild = trainStep(layer, mse, sgd(rate), { guard }) as unknown as Step
      const start0 = start(layer, sgd(rate), key(0))
      const plain = outcomes(wild, start0, items)
      const compiled = compiledStep(wild)
      const found = outcomes(compiled, start0, items)
      t.ok(same(found.found, plain.found), `${guard}, ${rate}`)
      t.equal(found.error?.message, plain.error?.message, `${guard}, ${rate}`)
      t.equal(plain.error === undefined, guard === 'none' || plain.found.length === items.length)
      const together = () => Array.from(scanSync(compiled, start0, items, { every: 100 })).at(-1)?.[0]
      if (plain.error === undefined) t.ok(same(together(), plain.found.at(-1)?.[0]))
      else t.throws(together, { message: plain.error.message })
      t.notOk(compiled.reason?.startsWith('its program fails: Cannot'), `${compiled.reason}`)
    }
})

t.test('an engine that changes between calls, and threads', async (t) => {
  const compiled = compiledStep(step)
  const before = useEngine(wasm())
  try {
    let state: unknown = begin
    for (const [i, engine] of [...engines, reference, ...engines, wasm({ threads: 2 })].entries()) {
      useEngine(engine)
      const item = data[i % data.length]
      const plain = step(state, item)
      t.ok(same(compiled(state, item), plain), engine.name)
      t.equal(compiled.reason, undefined)
      state = plain[0]
    }
    for (const n of [2, 1]) {
      threads(n)
      const items = [...data, batch(1, 3), batch(2, 3)]
      const plain = outcomes(step, state, items).found
      for (const [last] of scanSync(compiled, state, items, { every: 4 }))
        t.ok(
          plain.some(([one]) => same(one, last)),
          `${n} threads`,
        )
    }
  } finally {
    useEngine(before)
  }
})

t.test('an abort, also of a slow source', async (t) => {
  const plain = outcomes(step, begin, [...data, ...data]).found
  for (const wait of [0, 10]) {
    const control = new AbortController()
    const source = async function* () {
      for (let i = 0; i < 16; i++) {
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        if (i === 12) control.abort()
        yield data[i % data.length]
      }
    }
    const run = scan(compiledStep(step), begin as unknown, source(), { every: 1000, signal: control.signal })
    let last: Loose = begin
    for await (const [state] of run) last = state
    t.ok(last === begin || plain.some(([state]) => same(state, last)), 'a state that the plain run has too')
    if (wait > 0) t.ok(last.step >= 6, `steps do not wait for many items: ${last.step} of 12`)
  }
})
