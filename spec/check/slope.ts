import fc from 'fast-check'
import t from 'tap'
import { type Along, compareSlope } from '../../lib/check/slope.ts'
import { check } from '../support/property.ts'

const along = (f: (t: number) => number): Along => ({
  along: (s) => [[f(s)], [2 ** -49 * Math.abs(f(s))]],
  units: [2 ** -49],
})
const unit = { scale: 1, least: 2 ** -10 }
const smooth: readonly (readonly [string, (x: number) => number, (x: number) => number])[] = [
  ['exp', Math.exp, Math.exp],
  ['sin', Math.sin, Math.cos],
  ['x³', (x) => x ** 3, (x) => 3 * x * x],
  ['tanh', Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  ['1e6 + sin', (x) => 1e6 + Math.sin(x), Math.cos],
  ['steep', (x) => Math.exp(20 * x) / 1e9, (x) => (20 * Math.exp(20 * x)) / 1e9],
]
const points = fc.double({ min: -2, max: 2, noNaN: true })

for (const [name, f, df] of smooth)
  t.test(name, async () => {
    const at = (x: number): Along => along((s) => f(x + s))
    check(points, (x) => compareSlope(at(x), df(x), unit, 1e-6).pass)
    for (const wrong of name.startsWith('1e6') ? [1.01, 0] : [1.00001, 0.9, 0])
      check(points, (x) => Math.abs(df(x)) < 1e-2 || !compareSlope(at(x), df(x) * wrong, unit, 1e-6).pass)
  })

t.test("near the edge of a function's domain", async (t) => {
  const log = (x: number) => along((s) => Math.log(x + s))
  t.ok(compareSlope(log(1e-3), 1e3, unit, 1e-6).pass)
  t.notOk(compareSlope(log(1e-3), 1.001e3, unit, 1e-6).pass)
})

t.test('kinks', async (t) => {
  const relu = (x: number) => along((s) => Math.max(0, x + s) + 0.25 * s)
  for (const x of [1e-6, 3e-6, 5e-6]) {
    t.match(compareSlope(relu(x), 1.25, unit, 1e-6), { pass: true, kink: true }, `right of the kink by ${x}`)
    t.match(compareSlope(relu(x), 0.25, unit, 1e-6), { pass: false }, `wrong right of it`)
    t.match(compareSlope(relu(-x), 0.25, unit, 1e-6), { pass: true, kink: true }, `left of it`)
    t.match(compareSlope(relu(-x), 1.25, unit, 1e-6), { pass: false }, `wrong left of it`)
  }
  for (const g of [0.25, 0.7, 1.25])
    t.match(compareSlope(relu(0), g, unit, 1e-6), { pass: true, kink: true }, `at the kink, ${g}`)
  for (const g of [0.2, 1.3]) t.match(compareSlope(relu(0), g, unit, 1e-6), { pass: false }, `at the kink, ${g}`)
})

t.test('a slope of 0', async (t) => {
  const evaluated = (f: (t: number) => number, size: number) => {
    const asked = new Set<number>()
    const at = (s: number): number => {
      asked.add(s)
      return f(s)
    }
    return { ...compareSlope(along(at), 0, unit, 1e-6, size), asked: asked.size }
  }
  const constant = evaluated(() => 3, 1e-3)
  t.match(constant, { pass: true, kink: false, hidden: false, unclear: false, numeric: 0 })
  t.ok(constant.asked < 25, 'of what is constant is found by a few values')
  const hidden = (x: number) => evaluated((s) => 1e-3 + (1 - Math.tanh(x + s)), 1e-12).hidden
  t.same([hidden(30), hidden(1e12)], [true, false], 'rounding hides that of what changes far away')
  const narrow = (s: number): number => Math.exp(-((s / 1e-5 - 1) ** 2))
  t.match(
    evaluated(narrow, 1),
    { pass: false },
    'that is wrong where a function changes within the shortest usual step',
  )
})

t.test('NaN', async (t) => {
  t.notOk(compareSlope({ along: () => [[Number.NaN], [1]], units: [1] }, 1, unit, 1e-6).pass)
  t.notOk(compareSlope(along(Math.exp), Number.NaN, unit, 1e-6).pass)
})

t.test('infinite claims', async (t) => {
  for (const g of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    t.notOk(compareSlope(along(Math.exp), g, unit, 1e-6).pass)
})

t.test("near the edge of a function's domain, with steep functions", async (t) => {
  const cases: readonly (readonly [string, (x: number) => number, (x: number) => number, readonly number[]])[] = [
    ['log', Math.log, (x) => 1 / x, [1e-2, 1e-4, 1e-5, 1e-6]],
    ['sqrt', Math.sqrt, (x) => 0.5 / Math.sqrt(x), [1e-2, 1e-4, 1e-5]],
    ['1/x', (x) => 1 / x, (x) => -1 / x ** 2, [1e-2, 1e-5, 1e-7]],
    ['sin 1e7 x', (x) => Math.sin(1e7 * x), (x) => 1e7 * Math.cos(1e7 * x), [1e-8, 1e-3]],
  ]
  for (const [name, f, df, xs] of cases)
    for (const x of xs) {
      const at = along((s) => f(x + s))
      t.ok(compareSlope(at, df(x), unit, 1e-6).pass, `${name} at ${x}`)
      for (const wrong of [2, 1.005, 0.5, 0])
        t.notOk(compareSlope(at, wrong * df(x), unit, 1e-6).pass, `${name} at ${x}, ${wrong} times its slope`)
    }
})

t.test('differences hidden by rounding', async (t) => {
  const large = along((s) => 1e12 + Math.sin(0.3 + s))
  t.notOk(compareSlope(large, 0, unit, 1e-6).pass, 'a missing slope is seen by larger steps')
  t.ok(compareSlope(large, Math.cos(0.3), unit, 1e-6).pass)
  const cancelled = along((s) => 1e10 + Math.sin(0.3 + s) - 1e10)
  t.ok(compareSlope(cancelled, Math.cos(0.3), unit, 1e-6).pass, 'rounding inside the function is counted')
  t.notOk(compareSlope(cancelled, 0.9 * Math.cos(0.3), unit, 1e-6).pass)
  t.ok(
    compareSlope(
      along((s) => 1e17 + Math.sin(s)),
      0,
      unit,
      1e-6,
    ).hidden,
    'and said where it hides all',
  )
})

t.test('kinks and jumps at the point itself', async (t) => {
  const abs = along(Math.abs)
  t.match(compareSlope(abs, 0, unit, 1e-6), { pass: true, kink: true }, 'noted though the differences agree')
  for (const g of [-1, 0.3, 1]) t.match(compareSlope(abs, g, unit, 1e-6), { pass: true, kink: true })
  t.notOk(compareSlope(abs, 1.01, unit, 1e-6).pass)
  const sign = along((s) => Math.sign(s))
  t.match(compareSlope(sign, 0, unit, 1e-6), { pass: true, kink: true }, 'the slope on either side of a jump')
  for (const g of [1, 100, 1e6]) t.notOk(compareSlope(sign, g, unit, 1e-6).pass, `${g} is no slope of a sign`)
  const near = along((s) => Math.max(0, 5e-8 + s))
  t.ok(compareSlope(near, 1, unit, 1e-6).pass)
  t.notOk(compareSlope(near, 0.5, unit, 1e-6).pass, 'between the sides, but not at the kink')
})
