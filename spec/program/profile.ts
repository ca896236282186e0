// Where the time of a compiled function goes: each call of its program is measured, on every engine, and nothing else is changed by it.
import {
  adam,
  compile,
  compose,
  dropout,
  engine,
  eqTree,
  fromNested,
  item,
  key,
  linear,
  named,
  op,
  profile,
  random,
  relu,
  show,
  softmaxCrossEntropy,
  start,
  type Tensor,
  trainStep,
} from 'pullback'
import t from 'tap'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { engines, on } from '../support/engines.ts'

const net = compose(named('L1', linear(4, 6)), relu, dropout({ drop: 0.2 }), named('L2', linear(6, 3)))
const batch = { input: random.normal(key(1), [5, 4]), target: fromNested([0, 2, 1, 1, 0], 'int32') }
const plain = trainStep(net, softmaxCrossEntropy, adam(0.01))
const run = start(net, adam(0.01), key(0))

for (const each of engines)
  t.test(`${each.name}: every call of a step has a time`, async (t) =>
    on(each, () => {
      const step = compile(plain)
      const found = profile(step, run, batch)
      t.equal(found.engine, each.name)
      t.equal(found.calls.length, step.programs[0]?.calls.length)
      t.ok(found.calls.every(({ microseconds }) => microseconds > 0))
      const sum = found.calls.reduce((n, { microseconds }) => n + microseconds, 0)
      t.equal(found.alone, sum)
      t.ok(found.program > 0 && found.whole > 0)
      const layers = new Set(found.calls.map(({ layer }) => layer))
      for (const name of ['L1', 'L2', 'optimizer.L1.W']) t.ok(layers.has(name), name)
      t.equal(
        found.calls.filter(({ kernel }) => kernel === 'affine').reduce((n, c) => n + c.multiplications, 0),
        5 * 4 * 6 + 5 * 6 * 3,
      )
      const text = show(found)
      t.match(text, /^layer +calls +µs +share +multiplications\n/)
      t.match(text, /\n\(no name\) +\d+ /)
      t.match(text, /\nkernel +calls [\s\S]*\nmap relu +1 /)
      t.match(text, /\nthe whole function +\d/)
      t.ok(eqTree.equals(step(run, batch)[0].params, plain(run, batch)[0].params), 'the step goes on as before')
    }),
  )

t.test('a function that is not compiled is compiled', async (t) => {
  const { calls } = profile((x: Tensor) => op.exp(op.sum(x)), fromNested([1, 2]) as Tensor)
  t.same(
    calls.map(({ kernel }) => kernel),
    ['sum', 'map exp'],
  )
})

t.test('the memory of its measurements is given back', async (t) =>
  on(wasm(), () => {
    const many = (x: Tensor) => Array.from({ length: 50 }).reduce((y: Tensor) => op.tanh(y), x)
    const x = random.normal(key(1), [500, 500]) as Tensor // of a mebibyte
    const compiled = compile(many)
    compiled(x)
    const { bytes } = engine()
    profile(compiled, x)
    t.equal(engine().bytes, bytes)
    profile(compiled, x)
    t.equal(engine().bytes, bytes)
  }),
)

t.test('what cannot be recorded says why, and errors of the function are its own', async (t) => {
  const reading = (x: Tensor) => op.scale(x, item(op.sum(x) as never))
  t.throws(() => profile(reading, fromNested([1, 2]) as Tensor), {
    name: 'StructureError',
    message:
      /profile: expected a function that runs from a program, got one that runs without, since it reads the numbers/,
  })
  t.throws(() => profile(plain, run, { ...batch, target: fromNested([0, 9, 1, 1, 0], 'int32') }), /expected labels/)
  t.throws(() => profile('step' as never), /compile: expected a function of tensors/)
})
