// Programs have memory of their own: it is flat over many steps, comes back when a compiled function is gone, and leaves
// room for steps without programs. STEPS=100000 takes as many.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  adam,
  compose,
  engine,
  key,
  linear,
  mse,
  named,
  op,
  random,
  relu,
  scanSync,
  start,
  trainStep,
  useEngine,
  zeros,
} from 'pullback'
import t from 'tap'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { compiledStep, outcomes, type Step, same } from '../law/program.ts'
import { on } from '../support/engines.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const steps = Number(process.env.STEPS ?? 10_000)

type Bytes = readonly [engine: number, used: number]

/** Bytes that are in use, of objects and of buffers. */
const used = (): number => {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const runOf = (width: number, seed = 0) => {
  const net = compose(named('L1', linear(width, width)), relu, named('L2', linear(width, 4)))
  const optimizer = adam(0.01)
  const step = trainStep(net, mse, optimizer) as unknown as Step
  const data = Array.from({ length: 6 }, (_, i) => ({
    input: random.normal(key(i), [16, width]),
    target: random.normal(key(i + 9), [16, 4]),
  }))
  return { step, begin: start(net, optimizer, key(seed)) as unknown, data }
}

t.test('memory is flat over many steps, one by one and together', async (t) => {
  const { step, begin, data } = runOf(4)
  const compiled = compiledStep(step)
  const batch = { input: zeros([16, 4]), target: zeros([16, 4]) }
  let state = outcomes(compiled, begin, data).found.at(-1)?.[0]
  const found: Bytes[] = []
  for (let part = 0; part < 5; part++) {
    for (let i = 0; i < steps / 10; i++) state = compiled(state, batch)[0]
    for (const [next] of scanSync(compiled, state, Array(steps / 10).fill(batch), { every: 500 })) state = next
    found.push([engine().bytes, used()])
  }
  const [[bytes, first], ...later] = found as never as readonly [Bytes, ...Bytes[]]
  for (const [held] of later) t.equal(held, bytes)
  const least = Math.min(...later.map(([, more]) => more)) // what is left behind is in all of them
  t.ok(least - first < 2 ** 20, `${found.map(([, n]) => (n / 2 ** 20).toFixed(1)).join(', ')} MiB`)
})

t.test('compiled functions that are gone leave nothing', async (t) => {
  const before = useEngine(wasm())
  const some = (): void => {
    for (let i = 0; i < 20; i++) {
      const { step, begin, data } = runOf(64, i)
      compiledStep(step)(begin, data[0])
    }
  }
  const found: Bytes[] = []
  for (let part = 0; part < 6; part++) {
    some()
    for (let turn = 0; turn < 3; turn++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    found.push([engine().bytes, used()])
  }
  useEngine(before)
  const [, , [bytes, first], ...later] = found as never as readonly [Bytes, Bytes, Bytes, ...Bytes[]]
  for (const [held] of later) t.equal(held, bytes)
  const least = Math.min(...later.map(([, more]) => more)) // what is left behind is in all of them
  t.ok(least - first < 2 ** 20, `${found.map(([, n]) => (n / 2 ** 20).toFixed(1)).join(', ')} MiB`)
})

t.test('programs of a step that are gone leave nothing', async (t) => {
  const before = useEngine(wasm())
  const { step, begin } = runOf(64)
  const compiled = compiledStep(step)
  const found: number[] = []
  for (let part = 0; part < 4; part++) {
    for (let n = 1; n <= 50; n++) compiled(begin, { input: zeros([n, 64]), target: zeros([n, 4]) })
    for (let turn = 0; turn < 3; turn++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    found.push(used())
  }
  useEngine(before)
  t.equal(compiled.programs.length, 32)
  const [, first = 0, ...later] = found
  const least = Math.min(...later) // what is left behind is in all of them
  t.ok(least - first < 2 ** 20, `${found.map((n) => (n / 2 ** 20).toFixed(1)).join(', ')} MiB`)
})

t.test('many compiled functions within one task leave room for what has no program', async (t) => {
  on(wasm({ pages: 120 }), () => {
    const kept: unknown[] = []
    let reasons = 0
    for (let i = 0; i < 35; i++) {
      const { step, begin, data } = runOf(128, i)
      const compiled = compiledStep(step)
      kept.push(compiled)
      const [next] = step(begin, data[0])
      t.ok(same(compiled(begin, data[0])[0], next))
      for (const [state] of scanSync(compiled, begin, data.slice(0, 1), { every: 6 })) t.ok(same(state, next))
      if (compiled.reason !== undefined) reasons++
    }
    t.ok(reasons > 10, 'those for which there was no room')
    t.ok(op.exp(zeros([500, 500])).size > 0)
  })
})

t.test('a memory too small for a program, or for a step', async (t) => {
  for (const pages of [45, 64, 80])
    on(wasm({ pages }), () => {
      const { step, begin, data } = runOf(300)
      const plain = outcomes(step, begin, data)
      const compiled = compiledStep(step)
      const found = outcomes(compiled, begin, data)
      t.ok(same(found.found, plain.found), `${pages} pages: ${plain.found.length} steps, ${compiled.reason}`)
      t.equal(found.error?.message, plain.error?.message)
    })
})

t.test('a source that changes the engine', async (t) => {
  const { step, begin, data } = runOf(8)
  const last = (every?: number): unknown =>
    on(wasm(), () => {
      const changing = function* () {
        yield* data.slice(0, 3)
        useEngine(reference)
        yield* data.slice(3)
      }
      let state: unknown
      for (const [next] of every === undefined
        ? scanSync(step, begin, changing())
        : scanSync(step, begin, changing(), { every }))
        state = next
      return state
    })
  for (const every of [1, 10]) t.ok(same(last(every), last()), `every ${every}`)
})
