import { approxEqual, eqTensor, fromNested, op, type Tensor } from 'pullback'
import t from 'tap'
import { layouts, tensors } from '../arbitrary/tensor.ts'
import { check } from '../support/property.ts'

t.test('an equivalence', async (t) => {
  check(tensors, (x) => layouts(x).every(([, y]) => eqTensor.equals(x, y) && eqTensor.equals(y, x)))
  t.ok(eqTensor.equals(fromNested([Number.NaN, 0]), fromNested([Number.NaN, -0])), 'NaN is itself, 0 is −0')
  t.notOk(eqTensor.equals(fromNested([1, 2]), fromNested([1, 3])))
  t.notOk(eqTensor.equals(fromNested([1, 2]), fromNested([[1, 2]])), 'shapes')
  t.notOk(eqTensor.equals(fromNested([1]), fromNested([1], 'float64')), 'formats')
})

t.test('approxEqual', async (t) => {
  const inf = Number.POSITIVE_INFINITY
  t.ok(approxEqual(fromNested([1]), fromNested([1 + 1e-6], 'float64')), 'formats may differ')
  t.notOk(approxEqual(fromNested([1]), fromNested([1.001])))
  t.ok(approxEqual(fromNested([1]), fromNested([1.001]), { relative: 1e-2 }))
  for (const [a, b, options] of [
    [0, 1e-8, {}],
    [1, 1 + 1e-5, {}],
    [0, 1e-3, { absolute: 1e-3, relative: 0 }],
    [-4, -5, { absolute: 0, relative: 0.2 }],
  ] as const) {
    const near = (x: number): boolean => approxEqual(fromNested([a], 'float64'), fromNested([x], 'float64'), options)
    const last = a + (b - a) * (1 - 1e-6)
    t.ok(near(last), `${a} and ${last}`)
    t.notOk(near(a + (b - a) * 1.01), `as far as ${b}, and no further`)
  }
  t.ok(approxEqual(fromNested([inf, -inf, Number.NaN]), fromNested([inf, -inf, Number.NaN])))
  t.notOk(approxEqual(fromNested([inf]), fromNested([1e38])))
  t.notOk(approxEqual(fromNested([1, 2]), fromNested([1])))
  check(tensors, (x: Tensor) => approxEqual(x, op.shift(x, 0)))
})
