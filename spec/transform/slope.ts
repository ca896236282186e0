import fc from 'fast-check'
import t from 'tap'
import { type Along, compareSlope } from '../../lib/transform/slope.ts'
import { check } from '../support/property.ts'

const along =
  (f: (t: number) => number): Along =>
  (s) => [f(s), Math.abs(f(s))]
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
    check(points, (x) => compareSlope(at(x), df(x), 1, 1e-6).pass)
    for (const wrong of name.startsWith('1e6') ? [1.01, 0] : [1.00001, 0.9, 0])
      check(points, (x) => Math.abs(df(x)) < 1e-2 || !compareSlope(at(x), df(x) * wrong, 1, 1e-6).pass)
  })

t.test('near the end of where a function is defined', async (t) => {
  const log = (x: number) => along((s) => Math.log(x + s))
  t.ok(compareSlope(log(1e-3), 1e3, 1, 1e-6).pass)
  t.notOk(compareSlope(log(1e-3), 1.001e3, 1, 1e-6).pass)
})

t.test('kinks', async (t) => {
  const relu = (x: number) => along((s) => Math.max(0, x + s) + 0.25 * s)
  for (const x of [1e-6, 3e-6, 5e-6]) {
    t.match(compareSlope(relu(x), 1.25, 1, 1e-6), { pass: true, kink: true }, `right of the kink by ${x}`)
    t.match(compareSlope(relu(x), 0.25, 1, 1e-6), { pass: false }, `wrong right of it`)
    t.match(compareSlope(relu(-x), 0.25, 1, 1e-6), { pass: true, kink: true }, `left of it`)
    t.match(compareSlope(relu(-x), 1.25, 1, 1e-6), { pass: false }, `wrong left of it`)
  }
  for (const g of [0.25, 0.7, 1.25])
    t.match(compareSlope(relu(0), g, 1, 1e-6), { pass: true, kink: true }, `at the kink, ${g}`)
  for (const g of [0.2, 1.3]) t.match(compareSlope(relu(0), g, 1, 1e-6), { pass: false }, `at the kink, ${g}`)
})

t.test('NaN', async (t) => {
  t.notOk(compareSlope(() => [Number.NaN, 1], 1, 1, 1e-6).pass)
  t.notOk(compareSlope(along(Math.exp), Number.NaN, 1, 1e-6).pass)
})
