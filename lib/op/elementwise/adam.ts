import { fused } from '../../diff/primitive.ts'
import { engine } from '../../kernel/current.ts'
import type { AdamNumbers } from '../../kernel/kernels.ts'
import { sameDType } from '../../tensor/data.ts'
import { checkSame } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Tensor } from '../../type/tensor.ts'
import { addScaled } from './add.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { scale, shift } from './scale.ts'
import { sqrt } from './sqrt.ts'

/** The result of one step of Adam, which is the update or the parameters after it, and the new moments. */
export type AdamStep = readonly [result: Tensor, mu: Tensor, nu: Tensor]
export type AdamScaling = Omit<AdamNumbers, 'keep' | 'rate'>

/** The update and the new moments as a composite of operations, which defines them. */
export const adamComposite = (g: Tensor, mu: Tensor, nu: Tensor, { b1, b2, eps, c1, c2 }: AdamScaling): AdamStep => {
  const m = addScaled(scale(mu, b1), g, 1 - b1)
  const v = addScaled(scale(nu, b2), mul(g, g), 1 - b2)
  return [div(scale(m, 1 / c1), shift(sqrt(scale(v, 1 / c2)), eps)), m, v]
}

/** The kernel: one pass over all entries. */
const kernel = (g: Tensor, mu: Tensor, nu: Tensor, p: Tensor, numbers: AdamNumbers) => {
  for (const other of [mu, nu, p]) {
    sameDType('adam', g, other)
    checkSame('adam', g, other)
  }
  const [after, m, v] = engine().adam(raw(g), raw(mu), raw(nu), raw(p), numbers)
  return [fresh(g.shape, after), fresh(g.shape, m), fresh(g.shape, v)] as const
}

/** The update and the new moments. The kernel takes the gradient for p and keeps none of it. */
export const adamStep = /* @__PURE__ */ fused(adamComposite, (g, mu, nu, scaling) =>
  kernel(g, mu, nu, g, { ...scaling, keep: 0, rate: -1 }),
)

/** The parameters after the update, keep · p − rate · update, and the new moments. */
export const adamApplied = /* @__PURE__ */ fused(
  (g: Tensor, mu: Tensor, nu: Tensor, p: Tensor, numbers: AdamNumbers): AdamStep => {
    const [update, m, v] = adamComposite(g, mu, nu, numbers)
    return [addScaled(scale(p, numbers.keep), update, -numbers.rate), m, v]
  },
  kernel,
)
