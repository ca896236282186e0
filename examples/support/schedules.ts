// Each schedule of the library, by name, over some epochs.
import { schedule } from 'pullback'

/** The rate of a step, from 0, when the epochs before it had some mean losses. */
export type RateAt = (step: number, losses: readonly number[]) => number

/** All have the same highest rate. */
export const schedules = (epochs: number, each: number, peak = 0.3): Readonly<Record<string, RateAt>> => {
  const steps = epochs * each
  const share = (of: number): number => Math.max(1, Math.round(of * steps))
  const plateau = schedule.reduceOnPlateau(peak, { factor: 0.5, patience: 2 })
  return {
    constant: schedule.constant(peak),
    step: schedule.step(peak, { every: share(0.2), factor: 0.5 }),
    multiStep: schedule.multiStep(peak, { at: [share(0.5), share(0.5) + share(0.3)], factor: 0.2 }),
    exponential: schedule.exponential(peak, 0.01 ** (1 / steps)),
    polynomial: schedule.polynomial(peak, { steps, power: 2 }),
    linearWarmup: schedule.linearWarmup(peak, { steps: share(0.2) }),
    cosine: schedule.cosine(peak, { steps }),
    cosineRestarts: schedule.cosineRestarts(peak, { first: Math.ceil(steps / 7), factor: 2 }),
    oneCycle: schedule.oneCycle(peak, { steps }),
    'join, warm-up and cosine': schedule.join(
      [schedule.linearWarmup(peak, { steps: share(0.1) }), schedule.cosine(peak, { steps: steps - share(0.1) })],
      { at: [share(0.1)] },
    ),
    reduceOnPlateau: (_, losses) => losses.reduce(plateau.next, plateau.start).rate,
  }
}
