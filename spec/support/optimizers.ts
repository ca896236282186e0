// One of each optimizer and gradient transformation that the package exports, for specs of what holds for all of their
// states.
import * as pullback from 'pullback'
import {
  accumulate,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  addDecayedWeights,
  amsgrad,
  bySlots,
  chain,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  ema,
  lion,
  maxNorm,
  momentum,
  nadam,
  op,
  partition,
  projected,
  radam,
  rmsprop,
  type StateFn,
  scale,
  scaleByAdadelta,
  scaleByAdagrad,
  scaleByAdam,
  scaleByAdamax,
  scaleByAmsgrad,
  scaleByDeviation,
  scaleByLearningRate,
  scaleByLion,
  scaleByNadam,
  scaleByRadam,
  scaleByRms,
  scaleBySchedule,
  schedule,
  sgd,
  type Transformation,
} from 'pullback'

export type AnyOptimizer = Transformation<StateFn>
const any = <F extends StateFn>(t: Transformation<F>): AnyOptimizer => t as unknown as AnyOptimizer
/** As an optimizer, one step downhill. */
const down = <F extends StateFn>(t: Transformation<F>): AnyOptimizer => any(chain(t, scaleByLearningRate(0.01)))

/** By the name of what it is made of; parameters are to have the names L1.W and L2. */
export const optimizers: Readonly<Record<string, AnyOptimizer>> = {
  sgd: any(sgd(0.1, { momentum: 0.9, nesterov: true })),
  adagrad: any(adagrad(0.1)),
  adadelta: any(adadelta()),
  rmsprop: any(rmsprop(0.01, { centered: true, momentum: 0.5 })),
  adam: any(adam(0.01)),
  amsgrad: any(amsgrad(0.01)),
  adamw: any(adamw(schedule.cosine(0.01, { steps: 4 }), { where: ['L1.W'] })),
  adamax: any(adamax(0.01)),
  nadam: any(nadam(0.01)),
  radam: any(radam(0.01)),
  lion: any(lion(0.01)),
  scale: any(scale(-0.1)),
  scaleBySchedule: any(scaleBySchedule((n) => -0.1 / (n + 1))),
  scaleByLearningRate: any(scaleByLearningRate(schedule.linearWarmup(0.1, { steps: 3 }))),
  momentum: down(momentum(0.9)),
  scaleByAdagrad: down(scaleByAdagrad({ initial: 0.1 })),
  scaleByAdadelta: down(scaleByAdadelta()),
  scaleByRms: down(scaleByRms()),
  scaleByDeviation: down(scaleByDeviation()),
  scaleByAdam: down(scaleByAdam()),
  scaleByAmsgrad: down(scaleByAmsgrad()),
  scaleByAdamax: down(scaleByAdamax()),
  scaleByNadam: down(scaleByNadam()),
  scaleByRadam: down(scaleByRadam()),
  scaleByLion: down(scaleByLion()),
  addDecayedWeights: down(addDecayedWeights(0.1)),
  bySlots: down(bySlots('own', ['v'], () => (g, v) => [op.add(g, v), g])),
  clipByValue: down(clipByValue(0.01)),
  clipByNorm: down(clipByNorm(0.01)),
  clipByGlobalNorm: down(clipByGlobalNorm(0.01)),
  chain: any(chain(clipByGlobalNorm(1), momentum(0.9), scale(-0.1))),
  accumulate: any(accumulate(3, adam(0.01))),
  ema: any(ema(0.9, nadam(0.01))),
  projected: any(projected(sgd(0.1), maxNorm(0.5, ['L1']))),
  partition: any(partition(adam(0.01), { 'L1.W': sgd(0.1, { momentum: 0.9 }), L2: accumulate(2, radam(0.01)) })),
}

/** The exports of the package besides transformations and their parts. */
const others = ['applyUpdates', 'averaged', 'lbfgs', 'maxNorm', 'schedule']

/** The exported transformations that have no entry here. */
export const missingOptimizers = (exported: readonly string[]): readonly string[] =>
  exported.filter((name) => name in pullback && !(name in optimizers) && !others.includes(name))
