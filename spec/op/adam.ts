import { approxEqual, gradCheck, random, show, type Tensor } from 'pullback'
import t from 'tap'
import { adamComposite, adamStep } from '../../lib/op/adam.ts'

const numbers = { b1: 0.9, b2: 0.99, eps: 1e-3, c1: 0.19, c2: 0.0199 }
type Args = { readonly g: Tensor; readonly mu: Tensor; readonly nu: Tensor }
const at: Args = {
  g: random.normal(random.key(1), [3, 2], 'float64'),
  mu: random.normal(random.key(2), [3, 2], 'float64'),
  nu: random.uniform(random.key(3), [3, 2], { min: 0.1, dtype: 'float64' }),
}

t.test('the kernel computes the composite', async (t) => {
  const [fused, composite] = [adamStep(at.g, at.mu, at.nu, numbers), adamComposite(at.g, at.mu, at.nu, numbers)]
  fused.forEach((x, i) => {
    t.ok(approxEqual(x, composite[i] as Tensor, { relative: 1e-14 }))
  })
})

t.test('derivatives, for learning to learn', async (t) => {
  const report = gradCheck(({ g, mu, nu }: Args) => [...adamStep(g, mu, nu, numbers)], at)
  t.ok(report.pass && report.notes.length === 0, show(report))
})
