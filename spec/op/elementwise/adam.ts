import { approxEqual, gradCheck, op, random, show, type Tensor } from 'pullback'
import t from 'tap'
import { adamApplied, adamComposite, adamStep } from '../../../lib/op/elementwise/adam.ts'

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

t.test('applied to parameters', async (t) => {
  const p = random.normal(random.key(4), [3, 2], 'float64') as Tensor
  const applied = { ...numbers, keep: 0.9, rate: 0.1 }
  const [update, mu, nu] = adamComposite(at.g, at.mu, at.nu, numbers)
  const expected = [op.sub(op.scale(p, 0.9), op.scale(update, 0.1)), mu, nu]
  adamApplied(at.g, at.mu, at.nu, p, applied).forEach((x, i) => {
    t.ok(approxEqual(x, expected[i] as Tensor, { relative: 1e-13 }))
  })
  const report = gradCheck(({ g, p }: { g: Tensor; p: Tensor }) => [...adamApplied(g, at.mu, at.nu, p, applied)], {
    g: at.g,
    p,
  })
  t.ok(report.pass && report.notes.length === 0, show(report))
})

t.test('derivatives, for learning to learn', async (t) => {
  const report = gradCheck(({ g, mu, nu }: Args) => [...adamStep(g, mu, nu, numbers)], at)
  t.ok(report.pass && report.notes.length === 0, show(report))
})
