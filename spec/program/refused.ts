// What cannot be recorded gives what the plain function gives, with a reason, and is not recorded again and again.
import {
  adam,
  approxEqual,
  bySlots,
  chain,
  compose,
  elementwise,
  eqTensor,
  item,
  key,
  linear,
  mse,
  named,
  op,
  random,
  type Scalar,
  type Schedule,
  scale,
  sgd,
  show,
  start,
  type Tensor,
  tanh,
  toArray,
  toNdarray,
  toNested,
  toTypedArray,
  trainStep,
  zeros,
} from 'pullback'
import t from 'tap'
import { compile } from '../../lib/program/compile.ts'
import { lawsOfStep, type Step, same } from '../law/program.ts'
import type { AnyOptimizer } from '../support/optimizers.ts'

// biome-ignore lint/suspicious/noExplicitAny: layers and transformations that no type describes
type Loose = any
const x = random.normal(key(1), [2, 3]) as Tensor
const data = Array.from({ length: 12 }, (_, i) => ({
  input: random.normal(key(i), [4, 3]),
  target: random.normal(key(i + 50), [4, 1]),
}))

/** A step of a network with a layer of one's own, and how often that has computed. */
const stepWith = (apply: (x: Tensor, key: readonly number[]) => Tensor) => {
  let calls = 0
  const through = (dy: Tensor) => ({ params: () => ({}), input: () => dy })
  const own = {
    kind: 'own',
    input: tanh.input,
    params: {},
    state: {},
    apply: (_: unknown, state: unknown, context: { readonly key: readonly number[] }, x: Tensor) => {
      if (x.shape[0] === 0) return { value: x, state, pullback: through }
      calls++
      return { value: apply(x, context.key), state, pullback: through }
    },
  }
  const net = (compose as Loose)(named('L1', linear(3, 1)), own)
  const step = trainStep(net, mse, sgd(0.1)) as unknown as Step
  return { step, begin: start(net, sgd(0.1), key(0)), calls: () => calls }
}

const readers: Readonly<Record<string, (y: Tensor) => Tensor>> = {
  item: (y) => op.scale(y, item(op.sum(y) as Scalar)),
  get: (y) => op.scale(y, y.get(0, 0)),
  toArray: (y) => op.scale(y, toArray(y)[0] as number),
  toTypedArray: (y) => op.scale(y, toTypedArray(y)[0] as number),
  toNested: (y) => op.scale(y, (toNested(y) as number[][])[0]?.[0] as number),
  toNdarray: (y) => op.scale(y, toNdarray(y).get(0, 0) as number),
  data: (y) => op.scale(y, (y as unknown as { readonly data: readonly number[] }).data[0] as number),
  eqTensor: (y) => (eqTensor.equals(y, zeros(y.shape)) ? y : op.scale(y, 2)),
  approxEqual: (y) => (approxEqual(y, zeros(y.shape)) ? y : op.scale(y, 2)),
  show: (y) => op.scale(y, show(y).length),
  'JSON.stringify': (y) => op.scale(y, JSON.stringify(y).length),
  'item, whose error is caught': (y) => {
    try {
      return op.scale(y, item(op.sum(y) as Scalar))
    } catch {
      return y
    }
  },
  'item, whose error is wrapped': (y) => {
    try {
      return op.scale(y, item(op.sum(y) as Scalar))
    } catch (e) {
      throw new TypeError(`my layer: ${(e as Error).message}`)
    }
  },
}

t.test('a function or a layer that reads numbers', async (t) => {
  for (const [name, read] of Object.entries(readers)) {
    let calls = 0
    const compiled = compile((y: Tensor) => {
      calls++
      return read(y)
    })
    for (const y of [x, op.scale(x, 2) as Tensor, op.neg(x) as Tensor]) t.ok(same(compiled(y), read(y)), name)
    t.equal(compiled.reason, 'it reads the numbers of a tensor', name)
    t.equal(calls, 4, `${name}: recorded once`)
    const { step, begin } = stepWith(read)
    t.equal(lawsOfStep(t, name, step, begin, data, [3]).reason, 'it reads the numbers of a tensor')
  }
})

t.test('a layer that takes random words for numbers', async (t) => {
  const by: Readonly<Record<string, readonly [(k: readonly number[]) => number, string]>> = {
    bits: [(k) => random.bits(k as never, 1)[0] as number, 'it draws random words as numbers'],
    words: [([, low]) => (low as number) * 2, 'it calculates with a number that changes from step to step'],
    text: [(k) => k.join().length, 'it calculates with a number that changes from step to step'],
    json: [(k) => JSON.stringify(k).length, 'it prints a number that changes from step to step'],
  }
  for (const [name, [draw, reason]] of Object.entries(by)) {
    const { step, begin, calls } = stepWith((y, k) => op.scale(y, 1 + draw(k) / 2 ** 33))
    const before = calls()
    const compiled = lawsOfStep(t, name, step, begin, data, [3])
    t.equal(compiled.reason, reason)
    t.equal(calls() - before, 3 * data.length + 6 + 1, `${name}: recorded once`)
  }
  const fixed = random.key(3)
  const { step, begin } = stepWith((y) => op.mul(y, random.normal(random.foldIn(fixed, 'a'), y.shape)) as Tensor)
  t.equal(lawsOfStep(t, 'a key of its own', step, begin, data, [3]).reason, undefined, 'the same words at each step')
})

t.test('an error while it is recorded that the plain function does not have', async (t) => {
  let calls = 0
  const given = (target: { readonly weight: number; readonly y: Tensor }) => (output: Tensor) => {
    calls++
    const [value, back] = mse(target.y as never)(output as never)
    return [op.scale(value, target.weight), (d: Tensor) => back(op.scale(d, target.weight) as never)] as const
  }
  const net = linear(3, 1)
  const step = trainStep(net, given as never, sgd(0.1)) as unknown as Step
  const weighed = (n: number) =>
    data.map(({ input, target }, i) => ({ input, target: { y: target, weight: n * (i % 2) } }))
  const compiled = lawsOfStep(t, 'a number in the target', step, start(net, sgd(0.1), key(0)), weighed(1), [3])
  t.equal(compiled.reason, undefined)
  const decided = (target: { readonly weight: number; readonly y: Tensor }) =>
    target.weight === 0 ? mse.sum(target.y as never) : mse(target.y as never)
  lawsOfStep(
    t,
    'a decision by a number in the target',
    trainStep(net, decided as never, sgd(0.1)) as unknown as Step,
    start(net, sgd(0.1), key(0)),
    weighed(1),
  )
  calls = 0
  const broken = compile((y: Tensor) => {
    calls++
    if ((y as unknown as { readonly dtype: string }).dtype === 'float32' && calls % 100 === 1)
      throw new RangeError('at first')
    return op.tanh(y)
  })
  for (let i = 0; i < 5; i++) t.ok(same(broken(x), op.tanh(x)))
  t.equal(calls, 6, 'recorded once')
  t.equal(broken.reason, 'its program fails: at first')
  const always = compile((_: Tensor): Tensor => {
    throw new RangeError('always')
  })
  t.throws(() => always(x), { name: 'RangeError', message: 'always' })
})

t.test('arguments and results that are neither tensors nor records of them', async (t) => {
  const numbers = new Float32Array([1, 2, 3])
  const sum = compile((y: Tensor, own: Float32Array) => op.scale(y, own[0] as number))
  sum(x, numbers)
  numbers[0] = 5
  t.ok(same(sum(x, numbers), op.scale(x, 5)), 'an array that has changed')
  t.match(sum.reason, /^it takes .*, which may change from run to run$/)
  const later = compile((y: Tensor) => ({ twice: () => op.scale(y, 2) }))
  later(x)
  t.ok(same(later(op.neg(x) as Tensor).twice(), op.scale(x, -2)), 'a function that holds a tensor')
  t.match(later.reason, /^it gives a function: /)
  const mapped = compile((y: Tensor) => new Map([['y', op.tanh(y) as Tensor]]))
  t.ok(same(mapped(x).get('y'), op.tanh(x)))
  const by = compile((f: (y: Tensor) => Tensor, y: Tensor) => [f(y), f] as const)
  for (const f of [op.tanh, op.exp, op.tanh])
    t.ok(same(by(f as never, x)[0], (f as typeof op.tanh)(x)), 'a function as an argument')
  t.same([by.reason, by.programs.length], [undefined, 2])
  const odd = Object.fromEntries([['__proto__', x]]) as Readonly<Record<string, Tensor>>
  const renamed = compile((record: typeof odd) =>
    Object.fromEntries(Object.entries(record).map(([k, y]) => [k, op.neg(y)])),
  )
  t.same(Object.keys(renamed(odd)), ['__proto__'], 'a record with any name')
})

t.test('transformations that calculate with numbers of their state, and penalties that read', async (t) => {
  const net = compose(named('L1', linear(3, 2)), named('sine', elementwise(op.tanh)), named('L2', linear(2, 1)))
  type Counted = { readonly n: number }
  const own = {
    init: (): Counted => ({ n: 0 }),
    update: (g: never, { n }: Counted) => [scale(-0.1 / (n + 1)).update(g, {} as never, g)[0], { n: n + 1 }],
  } as unknown as AnyOptimizer
  const counting = bySlots('counting', ['v'], (count) => (g, v) => [op.scale(op.add(g, v), -0.1 / count), g])
  const keeping =
    'a transformation of your own keeps numbers in its state: bySlots and scaleBySchedule count the updates for it, at optimizer'
  const cases: Readonly<Record<string, readonly [unknown, string | undefined]>> = {
    'of its own': [own, keeping],
    'in a chain': [(chain as Loose)(own, scale(0.5)), keeping],
    'that takes the count': [
      counting,
      "the step of 'counting' takes the count: let scaleBySchedule make numbers of it, at optimizer",
    ],
    'that does not': [bySlots('own', ['v'], () => (g, v) => [op.scale(op.add(g, v), -0.1), g]), undefined],
    'a schedule of its own': [sgd(((n: number) => 0.1 / (n + 1)) as Schedule), undefined],
  }
  for (const [name, [optimizer, reason]] of Object.entries(cases)) {
    const o = optimizer as AnyOptimizer
    const step = trainStep(net, mse, o) as unknown as Step
    t.equal(lawsOfStep(t, name, step, start(net, o, key(0)), data, [3]).reason, reason, name)
  }
  const reading = ({ L1 }: Loose) => op.scale(op.sum(L1.W) as Scalar, item(op.sum(L1.W)))
  const step = trainStep(net, mse, adam(0.1), { penalty: reading }) as unknown as Step
  const begin = start(net, adam(0.1), key(0))
  t.throws(() => step(begin, data[0]), /penalty: .*use operations only/)
  lawsOfStep(t, 'a penalty that reads numbers is an error', step, begin, data, [3])
})
