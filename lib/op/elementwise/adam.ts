import { innermost } from '../../diff/boxed.ts'
import { engine } from '../../kernel/current.ts'
import type { AdamNumbers } from '../../kernel/engine.ts'
import { sameDType } from '../../tensor/data.ts'
import { checkSame } from '../../tensor/shape.ts'
import { fresh, raw } from '../../tensor/view.ts'
import type { Tensor } from '../../type/tensor.ts'
import { addScaled } from './add.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { scale, shift } from './scale.ts'
import { sqrt } from './sqrt.ts'

/** What one step of Adam makes of a gradient: the update, or the parameters after it, and the new moments. */
export type AdamStep = readonly [result: Tensor, mu: Tensor, nu: Tensor]
export type AdamScaling = Omit<AdamNumbers, 'keep' | 'rate'>

/** The update as a composite of operations: its definition, and what derivatives go through. */
export const adamComposite = (g: Tensor, mu: Tensor, nu: Tensor, { b1, b2, eps, c1, c2 }: AdamScaling): AdamStep => {
  const m = addScaled(scale(mu, b1), g, 1 - b1)
  const v = addScaled(scale(nu, b2), mul(g, g), 1 - b2)
  return [div(scale(m, 1 / c1), shift(sqrt(scale(v, 1 / c2)), eps)), m, v]
}

/** In one pass over the engine's kernel. */
const inOnePass = (g: Tensor, mu: Tensor, nu: Tensor, p: Tensor, numbers: AdamNumbers): AdamStep => {
  for (const other of [mu, nu, p]) {
    sameDType('adam', g, other)
    checkSame('adam', g, other)
  }
  const [after, m, v] = engine().adam(raw(g), raw(mu), raw(nu), raw(p), numbers)
  return [fresh(g.shape, after), fresh(g.shape, m), fresh(g.shape, v)] as unknown as AdamStep
}

/** The update: with the gradient for p, of which nothing is kept. */
export const adamStep = (g: Tensor, mu: Tensor, nu: Tensor, scaling: AdamScaling): AdamStep =>
  innermost([g, mu, nu]) === undefined
    ? inOnePass(g, mu, nu, g, { ...scaling, keep: 0, rate: -1 })
    : adamComposite(g, mu, nu, scaling)

/** The parameters after it, keep p − rate times the update. */
export const adamApplied = (g: Tensor, mu: Tensor, nu: Tensor, p: Tensor, numbers: AdamNumbers): AdamStep => {
  if (innermost([g, mu, nu, p]) === undefined) return inOnePass(g, mu, nu, p, numbers)
  const [update, m, v] = adamComposite(g, mu, nu, numbers)
  return [addScaled(scale(p, numbers.keep), update, -numbers.rate), m, v]
}
