// Compiled functions of tensors: whatever they take and give, traced, mapped, nested, and in the cases of public reports
// of other compilers' errors.
import {
  adam,
  compose,
  dropout,
  fromArray,
  grad,
  init,
  key,
  linear,
  mse,
  named,
  op,
  predict,
  random,
  schedule,
  sgd,
  start,
  type Tensor,
  tanh,
  toArray,
  trainStep,
  unsafeFromBuffer,
  vmap,
  zeros,
} from 'pullback'
import t from 'tap'
import { scoped } from '../../lib/diff/scope.ts'
import { compile } from '../../lib/program/compile.ts'
import { compiledStep, lawOfFunction, outcomes, type Step, same } from '../law/program.ts'
import { engines, on } from '../support/engines.ts'

// biome-ignore lint/suspicious/noExplicitAny: functions of anything
type Loose = any

const draw = (seed: number, ...shape: readonly number[]): Tensor => random.normal(key(seed), shape) as Tensor
const [x, y] = [draw(1, 2, 3), draw(2, 2, 3)]
const net = compose(named('L1', linear(3, 4)), tanh, named('L2', linear(4, 2)))

const functions: Readonly<
  Record<string, readonly [(...args: readonly Loose[]) => unknown, ...(readonly unknown[])[]]>
> = {
  'an argument as it is': [(a) => a, [x], [y]],
  'views of an argument': [(a) => [op.transpose(a), op.slice(a, [1]), a, a], [x], [y]],
  'a constant, and a view of it': [(a) => ({ a, c: x, d: op.transpose(x) }), [x], [y]],
  'a constant alone': [() => op.exp(x), []],
  'no entries': [(a) => [op.tanh(a), op.sum(a), op.sum(a, 0)], [zeros([0, 3])], [zeros([3, 0])]],
  'whole numbers': [(a, i) => [op.argmax(a), i, op.gather(a, i)], [x, fromArray([1, 0, 1], [3], 'int32')]],
  'numbers among the arguments': [(a, n) => [op.scale(a, n), n, n + 1], [x, 3], [x, 4], [y, 3], [y, Number.NaN]],
  'decisions by numbers': [(a, { n }) => (n === 0 ? op.neg(a) : n > 1 ? op.exp(a) : a), [x, { n: 0 }], [x, { n: 2 }]],
  'what is no tensor': [(a) => [a, 'text', null, undefined, true, { of: [] }], [x]],
  'a turned argument': [(a, b) => op.add(a, op.scale(b, 2)), [op.transpose(x), op.transpose(y)]],
  'one tensor twice': [(a, b) => [op.add(a, op.scale(b, 2)), a], [x, x], [x, y], [y, y]],
  'state that is exchanged': [({ a, b }) => [{ a: b, b: a }, a], [{ a: x, b: y }], [{ a: y, b: x }]],
  'state that becomes a metric, thrice': [
    (state, val) => {
      const z = op.sub(val, val)
      return [[z, z, z], state]
    },
    [[draw(3), draw(4), draw(5)], draw(6)],
    [[draw(5), draw(4), draw(3)], draw(6)],
  ],
  'state of which the old one is a metric': [(a, b) => [op.add(a, b), a, op.mul(a, b)], [x, y], [y, x]],
  'large and small numbers': [(a) => op.shift(op.scale(op.scale(a, 1e30), 2 ** 33), -(2 ** 40)), [x]],
  'parameters and a minibatch': [
    (variables, a) => predict(net, variables, a),
    [init(net, key(0)), x],
    [init(net, key(1)), draw(3, 1, 3)],
  ],
}

for (const engine of engines)
  t.test(engine.name, async (t) =>
    on(engine, () => {
      for (const [name, [f, ...calls]] of Object.entries(functions)) lawOfFunction(t, name, f, ...calls)
    }),
  )

t.test('results of one call stay as they are in the next, and may be its arguments', async (t) => {
  const twice = compile((a: Tensor) => op.scale(a, 2) as Tensor)
  const first = twice(x)
  const second = twice(y)
  t.ok(same([first, second], [op.scale(x, 2), op.scale(y, 2)]))
  t.ok(same(twice(twice(twice(x))), op.scale(x, 8)))
  const other = compile((a: Tensor) => op.scale(a, 3) as Tensor)
  t.ok(same(other(twice(x)), op.scale(op.scale(x, 2), 3)), 'of another function')
  const run = compile((a: Tensor, b: Tensor) => [op.add(a, b) as Tensor, op.sum(b)] as const)
  const states = [x]
  for (let i = 0; i < 5; i++) states.push(run(states.at(-1) as Tensor, y)[0])
  t.ok(same(run(states[2] as Tensor, y)[0], states[3]), 'from any state')
  t.ok(same(run(x, y)[0], states[1]))
})

t.test('a new tensor over an array that was used before', async (t) => {
  const f = compile((a: Tensor) => op.tanh(a) as Tensor)
  const numbers = new Float32Array(6)
  for (const n of [1, 2, 3]) {
    const given = unsafeFromBuffer(numbers.fill(n), [2, 3]) as Tensor
    t.ok(same(f(given), op.tanh(given)))
  }
})

t.test('each closure is a function of its own, and each number has its program', async (t) => {
  const limited = (limit: number) => compile((a: Tensor) => op.hardtanh(a, -limit, limit))
  for (const limit of [0.1, 0.5, 0.2]) t.ok(same(limited(limit)(x), op.hardtanh(x, -limit, limit)))
  class Own {
    factor = 1
  }
  const own = new Own()
  const by = compile((a: Tensor, o: Own) => op.scale(a, o.factor))
  by(x, own)
  own.factor = 10
  t.ok(same(by(x, own), op.scale(x, 10)))
  const many = compile((a: Tensor, n: number) => op.scale(a, n))
  for (let n = 0; n < 50; n++) t.ok(same(many(x, n), op.scale(x, n)))
  t.equal(many.programs.length, 32, 'the oldest programs go')
  t.ok(same(many(x, 0), op.scale(x, 0)))
})

t.test('traced, mapped, nested, and within a step', async (t) => {
  const f = (a: Tensor) => op.mul(op.tanh(a), a) as Tensor
  const compiled = compile(f)
  const energy = (g: typeof f) => (a: Tensor) => op.sum(op.mul(g(a), g(a))) as Tensor<readonly []>
  for (let i = 0; i < 2; i++) {
    t.ok(same(grad(energy(compiled))(x), grad(energy(f))(x)), 'a derivative')
    t.equal(compiled.reason, 'its arguments are traced or mapped')
    t.ok(same(vmap(compiled as never)(x as never), vmap(f as never)(x as never)), 'mapped')
    t.ok(same(compiled(x), f(x)))
    t.equal(compiled.reason, undefined)
  }
  const weighed = (g: typeof compile) => (w: Tensor) =>
    op.sum(g((a: Tensor) => op.mul(a, w) as Tensor)(x)) as Tensor<readonly []>
  t.ok(
    same(grad(weighed(compile))(y), grad(weighed((h) => h as never))(y)),
    'a function that has closed over a traced tensor',
  )
  const outer = compile((a: Tensor) => [op.add(compiled(a), compiled(x)), a] as const)
  for (const a of [x, y]) t.ok(same(outer(a), [op.add(f(a), f(x)), a]), 'nested')
  t.same([outer.reason, outer.programs.length], [undefined, 1])
  t.ok(same(compiled(y), f(y)), 'and by itself after that')
  t.ok(
    same(
      scoped(() => op.add(compiled(op.scale(x, 2)), compiled(y))),
      op.add(f(op.scale(x, 2) as Tensor), f(y)),
    ),
    'within a step',
  )
  t.ok(same(compiled(x), f(x)), 'and after it')
})

t.test('random numbers are drawn anew at each step, and schedules record one program', async (t) => {
  const layer = compose(named('L1', linear(3, 64)), dropout({ drop: 0.5 }), named('L2', linear(64, 1)))
  const optimizer = sgd(0)
  const step = trainStep(layer, mse, optimizer) as unknown as Step
  const data = Array(4).fill({ input: draw(1, 4, 3), target: draw(2, 4, 1) })
  const compiled = compiledStep(step)
  const found = outcomes(compiled, start(layer, optimizer, key(3)), data).found
  const outputs = found.map(([, metrics]) => toArray((metrics as { readonly output: Tensor }).output).join())
  t.equal(new Set(outputs).size, 4, 'no mask comes twice')
  for (const rate of [schedule.oneCycle(0.1, { steps: 20 }), schedule.cosine(0.1, { steps: 20 })]) {
    const by = adam(rate)
    const scheduled = compiledStep(trainStep(layer, mse, by) as unknown as Step)
    outcomes(scheduled, start(layer, by, key(3)), Array(30).fill(data[0]))
    t.equal(scheduled.programs.length, 1)
  }
})
