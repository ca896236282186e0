import { fromNested, type Tensor, toArray } from 'pullback'
import t from 'tap'
import { sign } from '../../lib/optim/entrywise.ts'
import { halfCosine, power, realPower } from '../../lib/optim/power.ts'

t.test('powers and the cosine, as the machine’s own', async (t) => {
  for (const b of [0, 0.5, 0.9, 0.999, 1])
    for (const n of [0, 1, 2, 7, 100, 12345]) t.ok(Math.abs(power(b, n) - b ** n) <= 1e-12 * b ** n)
  for (const b of [0, 0.1, 0.96, 1])
    for (const x of [0, 4e-3, 0.5, 0.9, 3]) t.ok(Math.abs(realPower(b, x) - b ** x) <= 1e-14)
  for (let x = 0; x <= 1; x += 1 / 64)
    t.ok(Math.abs(halfCosine(x) - (1 + Math.cos(Math.PI * x)) / 2) <= 4e-16, `at ${x}`)
  t.same([0, 0.5, 1].map(halfCosine), [1, 0.5, 0])
})

t.test('signs, at kinks, infinities and NaN', async (t) => {
  const { NaN: none, POSITIVE_INFINITY: top } = Number
  const x = fromNested([-2, -0, 0, 3, -top, top, none], 'float64') as Tensor
  t.same(toArray(sign(x)), [-1, 0, 0, 1, none, none, none])
})
