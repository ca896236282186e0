import { checkOptions } from '../error/options.ts'
import { checkShare } from '../tensor/range.ts'
import { chain } from './chain.ts'
import { checkFlag } from './check.ts'
import { momentum } from './momentum.ts'
import { type RmsOptions, rmsOptions, scaleByDeviation, scaleByRms } from './scale/scaleByRms.ts'
import { descend, type Rate } from './scale/scaleBySchedule.ts'
import type { Descent } from './sgd.ts'
import type { WithSlots } from './slots.ts'
import type { StateFn, Transformation } from './transformation.ts'

export interface RmspropOptions extends RmsOptions {
  /** Divide by the deviation instead of the root of the mean square. */
  readonly centered?: boolean | undefined
  /** The momentum of the scaled gradients. */
  readonly momentum?: number | undefined
}
type Centered<O> = O extends { readonly centered: true } ? WithSlots<'mu' | 'nu'> : WithSlots<'nu'>

/**
 * RMSprop: `scaleByRms`, or `scaleByDeviation` if centered, then momentum if given, then −rate. The order is PyTorch's:
 * the learning rate multiplies the velocity.
 *
 * @example
 * import { fromNested, rmsprop, toNested } from 'pullback'
 * const t = rmsprop(0.5, { decay: 0.75 })
 * const g = { b: fromNested([123]) }
 * toNested(t.update(g, t.init(g), g)[0].b) // => [-1]
 */
export const rmsprop = <const O extends RmspropOptions = Record<never, never>>(
  rate: Rate = 1e-2,
  options: O = {} as O,
): Descent<readonly [Centered<O>], O> => {
  checkOptions('rmsprop', options, [...rmsOptions, 'centered', 'momentum'])
  const { centered = false, momentum: share, ...scaling } = options
  checkFlag('rmsprop', { centered })
  if (share !== undefined) checkShare('rmsprop', { momentum: share })
  return chain(
    (centered ? scaleByDeviation(scaling) : scaleByRms(scaling)) as Transformation<StateFn>,
    ...(share === undefined ? [] : [momentum(share)]),
    descend('rmsprop', rate),
  ) as unknown as Descent<readonly [Centered<O>], O>
}
