import { innermost } from '../diff/boxed.ts'
import { engine } from '../kernel/engine.ts'
import type { AdamNumbers } from '../kernel/kernels.ts'
import { sameDType } from '../tensor/data.ts'
import { checkSame } from '../tensor/shape.ts'
import { fresh, raw } from '../tensor/view.ts'
import type { Tensor } from '../type/tensor.ts'
import { addScaled } from './add.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { scale, shift } from './scale.ts'
import { sqrt } from './sqrt.ts'

/** What one step of Adam makes of a gradient: the update, and the new moments. */
export type AdamStep = readonly [update: Tensor, mu: Tensor, nu: Tensor]

/** The step as a composite of operations: its definition, and what derivatives go through. */
export const adamComposite = (g: Tensor, mu: Tensor, nu: Tensor, { b1, b2, eps, c1, c2 }: AdamNumbers): AdamStep => {
  const m = addScaled(scale(mu, b1), g, 1 - b1)
  const v = addScaled(scale(nu, b2), mul(g, g), 1 - b2)
  return [div(scale(m, 1 / c1), shift(sqrt(scale(v, 1 / c2)), eps)), m, v]
}

/** The step in one pass over the engine's kernel, where nothing is traced. */
export const adamStep = (g: Tensor, mu: Tensor, nu: Tensor, numbers: AdamNumbers): AdamStep => {
  if (innermost([g, mu, nu]) !== undefined) return adamComposite(g, mu, nu, numbers)
  for (const moment of [mu, nu]) {
    sameDType('adam', g, moment)
    checkSame('adam', g, moment)
  }
  const [update, m, v] = engine().adam(raw(g), raw(mu), raw(nu), numbers)
  return [fresh(g.shape, update), fresh(g.shape, m), fresh(g.shape, v)] as unknown as AdamStep
}
