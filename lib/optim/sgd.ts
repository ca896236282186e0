import { checkOptions } from '../error/options.ts'
import { checkShare } from '../tensor/range.ts'
import { type Chained, chain } from './chain.ts'
import { checkNesterov, type MomentumOptions, momentum } from './momentum.ts'
import { descend, type Rate, type WithCount } from './scale/scaleBySchedule.ts'
import type { WithSlots } from './slots.ts'
import type { StateFn, Transformation } from './transformation.ts'

/** The given transformations, momentum if the options ask for it, and the learning rate, as one chain. */
export type Descent<A extends readonly StateFn[], O> = Transformation<
  Chained<
    readonly [
      ...A,
      ...(O extends { readonly momentum: number } ? readonly [WithSlots<'velocity'>] : readonly []),
      WithCount,
    ]
  >
>

export interface SgdOptions extends MomentumOptions {
  readonly momentum: number
}

/**
 * Stochastic gradient descent: −rate · g. With momentum m: −rate · v, where v ← g + m · v; in Nesterov's form −rate ·
 * (g + m · v). The rate is a number or a schedule. Nesterov's form without momentum is a `ValueError`, as in PyTorch.
 *
 * @example
 * import { fromNested, sgd, toNested } from 'pullback'
 * const t = sgd(0.1)
 * const g = { b: fromNested([10]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-1]
 */
export const sgd = <const O extends SgdOptions | undefined = undefined>(
  rate: Rate,
  options?: O,
): Descent<readonly [], O> => {
  const last = descend('sgd', rate)
  if (options === undefined) return chain(last) as unknown as Descent<readonly [], O>
  checkOptions('sgd', options, ['momentum', 'nesterov'])
  const { momentum: share, nesterov = false } = options
  checkShare('sgd', { momentum: share })
  checkNesterov('sgd', share, nesterov)
  return chain(momentum(share, { nesterov }), last) as unknown as Descent<readonly [], O>
}
