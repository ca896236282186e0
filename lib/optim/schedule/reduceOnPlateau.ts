import { checkOptions } from '../../error/options.ts'
import { StructureError, ValueError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'
import { checkDecay, checkNotNegative } from '../../tensor/range.ts'
import { checkChoice, checkFlag, checkState } from '../check.ts'

/** The state of a rate that waits for progress, as a plain value. */
export interface Plateau {
  readonly rate: number
  /** The best metric so far. */
  readonly best: number
  /** The number of metrics since the last improvement. */
  readonly bad: number
  /** The number of metrics still to be ignored. */
  readonly cooldown: number
}

export interface PlateauOptions {
  /** The factor by which the rate is multiplied. */
  readonly factor?: number | undefined
  /** The number of metrics in a row that may bring no improvement. */
  readonly patience?: number | undefined
  /** An improvement of at most this share of |best| is not progress; in the absolute mode, of at most this amount. */
  readonly threshold?: number | undefined
  readonly absolute?: boolean | undefined
  /** The number of metrics ignored after a reduction. */
  readonly cooldown?: number | undefined
  /** The lower bound of the rate. */
  readonly least?: number | undefined
  /** Says if a smaller metric is better, as for a loss, or a larger one, as for an accuracy. */
  readonly better?: 'smaller' | 'larger' | undefined
}

const op = 'reduceOnPlateau'
const names = ['rate', 'best', 'bad', 'cooldown'] as const
const senses = { smaller: -1, larger: 1 } as const

/**
 * A learning rate that is reduced when a metric stops improving: `start` is its first state, and `next` returns the
 * state after a metric. A metric is better if it passes the best one by more than threshold · |best|, whatever the sign
 * of either; NaN is never better. To continue with the new rate, continue with a step made with it: an optimizer's
 * state does not depend on the rate. As PyTorch's `ReduceLROnPlateau`, except that reductions below 1e-8 count, and
 * that PyTorch takes worse for better where the best is below 0.
 *
 * An unknown name for `better` and a metric that is not a number, such as a tensor, are a `ValueError`; a state of
 * another kind, or one whose infinities JSON has turned into null, is a `StructureError`.
 *
 * @example
 * import { schedule } from 'pullback'
 * const plateau = schedule.reduceOnPlateau(1, { factor: 0.5, patience: 1 })
 * const losses = [5, 4, 4, 4]
 * losses.reduce(plateau.next, plateau.start).rate // => 0.5
 */
export const reduceOnPlateau = (
  rate: number,
  options: PlateauOptions = {},
): { readonly start: Plateau; readonly next: (state: Plateau, metric: number) => Plateau } => {
  checkOptions(op, options, ['factor', 'patience', 'threshold', 'absolute', 'cooldown', 'least', 'better'])
  const {
    factor = 0.1,
    patience = 10,
    threshold = 1e-4,
    absolute = false,
    cooldown = 0,
    least = 0,
    better = 'smaller',
  } = options
  checkDecay(op, { factor })
  checkNotNegative(op, { rate, patience, threshold, cooldown, least })
  checkChoice(op, 'better', better, Object.keys(senses))
  checkFlag(op, { absolute })
  const sense = senses[better]
  /**
   * The bound that a metric must pass: the best one plus or minus a margin, which does not apply before the first
   * metric.
   */
  const bar = (best: number): number => {
    if (!Number.isFinite(best)) return best
    return absolute ? best + sense * threshold : best * (1 + sense * Math.sign(best) * threshold)
  }
  const leads = (metric: number, best: number): boolean => sense * metric > sense * bar(best)
  return {
    start: { rate, best: -sense * Number.POSITIVE_INFINITY, bad: 0, cooldown: 0 },
    next: (state, metric) => {
      checkState(op, state, names)
      for (const name of names)
        if (typeof state[name] !== 'number')
          throw new StructureError({
            op,
            expected: `a state whose ${name} is a number`,
            actual: describe(state[name]),
            code: 'structure-mismatch',
            remedy:
              'JSON has no ∞, which is the best before the first metric: keep the state by toBytes, or begin at start',
          })
      if (typeof metric !== 'number')
        throw new ValueError({
          op,
          expected: 'a metric that is a number',
          actual: describe(metric),
          code: 'wrong-argument',
          remedy: 'item reads one',
        })
      const progress = leads(metric, state.best)
      const best = progress ? metric : state.best
      const waiting = state.cooldown > 0
      const bad = progress || waiting ? 0 : state.bad + 1
      if (bad > patience)
        return { rate: Math.min(state.rate, Math.max(state.rate * factor, least)), best, bad: 0, cooldown }
      return { rate: state.rate, best, bad, cooldown: waiting ? state.cooldown - 1 : 0 }
    },
  }
}
