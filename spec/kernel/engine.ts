// Which engine computes: the fastest that runs, with no word of it in the program.
import { inspect } from 'node:util'
import { engine, useEngine } from 'pullback'
import { reference } from 'pullback/reference'
import t from 'tap'
import { bundledOutput } from '../support/bundle.ts'

const train = `
const { adam, compose, engine, fromNested, key, leastSquares, linear, named, op, random, scanSync, start, tanh, threads, trainStep } = await import('pullback')
const net = compose(named('L1', linear(2, 8)), tanh, named('L2', linear(8, 1)))
const batch = { input: random.normal(key(1), [8, 2]), target: random.normal(key(2), [8, 1]) }
const losses = Array.from(scanSync(trainStep(net, leastSquares, adam(0.1)), start(net, adam(0.1), key(0)), Array(50).fill(batch)), ([, m]) => m.loss)
const count = threads(2)
const x = random.normal(key(3), [99, 99])
op.matmul(x, x)
await new Promise((resolve) => setTimeout(resolve, 200))
op.matmul(x, x)
console.log(engine().name, count, losses[49] < losses[0] / 2)`

t.test('WebAssembly is used where it is available', async (t) => {
  t.equal(engine().name, 'wasm')
  t.ok(engine().bytes > 0)
  t.equal((await bundledOutput(train)).trim(), 'wasm 2 true')
})

t.test('a policy forbids code made from strings', async (t) => {
  t.equal((await bundledOutput(train, '--disallow-code-generation-from-strings')).trim(), 'wasm 2 true')
})

const lacking = [
  ['delete globalThis.WebAssembly', 'ReferenceError: WebAssembly is not defined'],
  [
    "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError('no SIMD') } }",
    'CompileError: no SIMD',
  ],
] as const

t.test('without WebAssembly, an error names the reason and the remedy', async (t) => {
  const told = `
const { engine, fromNested, op, threads } = await import('pullback')
for (const f of [engine, () => op.exp(fromNested([1])), () => threads(2)])
  try { f() } catch ({ name, code, message }) { console.log(name, code, message) }`
  for (const [lack, reason] of lacking) {
    const lines = (await bundledOutput(`${lack}${told}`)).trim().split('\n')
    t.equal(lines.length, 3)
    for (const line of lines)
      t.equal(
        line,
        `ValueError no-engine engine: expected a platform that compiles WebAssembly with SIMD, got one that does not (${reason}); let script-src of the page's policy have 'wasm-unsafe-eval', or useEngine(reference) of pullback/reference [no-engine]`,
      )
  }
})

t.test('the reference trains without WebAssembly', async (t) => {
  const chosen = `
const { reference } = await import('pullback/reference')
const { useEngine } = await import('pullback')
console.log(useEngine(reference).name)`
  for (const [lack] of lacking)
    t.equal(await bundledOutput(`${lack}${chosen}${train}`), 'reference\nreference 1 true\n')
})

t.test('less memory is used where the maximum cannot be reserved', async (t) => {
  const small = `
    const { Memory } = WebAssembly
    WebAssembly.Memory = class extends Memory {
      constructor(o) {
        if (o.maximum > 10_000) throw new RangeError('too much')
        super(o)
      }
    }${train}`
  t.equal((await bundledOutput(small)).trim(), 'wasm 2 true')
})

t.test('an engine is printed by its description', async (t) => {
  t.match(inspect(engine()), /^\{\s+name: 'wasm',\s+threads: 1,\s+features: \[ '128-bit SIMD' \],\s+bytes: \d+\s+\}$/)
  t.ok(inspect(engine()).includes(`bytes: ${engine().bytes}`), 'its properties, and no functions')
  t.match(inspect(reference), /name: 'reference', threads: 1/)
})

t.test('a value that is not an engine is rejected, and the current engine stays', async (t) => {
  const before = engine()
  for (const none of [null, undefined, {}, 'wasm', { _tag: 'Right', right: before }])
    t.throws(() => useEngine(none as never), {
      message: /useEngine: expected an engine, got .*; native\(\) and relaxed\(\) give an Either/,
    })
  t.equal(engine(), before)
})

t.test('another engine is used until it is replaced', async (t) => {
  const before = useEngine(reference)
  t.equal(engine(), reference)
  t.same([reference.bytes, reference.threads, reference.withThreads(3)], [0, 1, reference])
  reference.stop()
  t.equal(useEngine(before), reference)
  t.equal(engine(), before)
})
