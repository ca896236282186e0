// Every schedule of the learning rate, and a training with each: a disc, a ring and what lies beyond, by descent with
// momentum.
import {
  compose,
  epochs,
  examples,
  key,
  linear,
  named,
  random,
  sgd,
  softmaxCrossEntropy,
  start,
  tanh,
  trainStep,
} from 'pullback'
import type { Panel } from 'pullback/chart'
import { numbered } from '../support/curve.ts'
import { draws } from '../support/draws.ts'
import { lab } from '../support/lab.ts'
import { type OptionValues, seed, size } from '../support/options.ts'
import { rings } from '../support/rings.ts'
import { schedules as all } from '../support/schedules.ts'

const net = compose(named('L1', linear(2, 20)), tanh, named('L2', linear(20, 3)))
const descent = (rate: number) => sgd(rate, { momentum: 0.9 })
const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length

const given = { epochs: size(40, 'times to go over 300 points, 30 in a minibatch', 1000), seed }

/** For each schedule the rate of each step, and the mean loss of each epoch. */
export const schedules = ({ epochs: count, seed }: OptionValues<typeof given>) => {
  const { input, labels: target } = rings(draws(seed).uniform, 'points', 300)
  const points = examples({ input, target })
  return Object.entries(all(count, 10)).map(([name, rateAt]) => {
    let run = start(net, descent(0), key(seed), { dtype: 'float64' })
    const rates: number[] = []
    const losses: number[] = []
    while (losses.length < count) {
      const order = random.foldIn(key(seed), losses.length)
      const told = Array.from(epochs({ count: 1, size: 30, key: order })(points), (batch) => {
        rates.push(rateAt(run.step, losses))
        const [next, { loss }] = trainStep(net, softmaxCrossEntropy, descent(rates.at(-1) as number))(run, batch)
        run = next
        return loss
      })
      losses.push(mean(told))
    }
    return { name, rates, losses }
  })
}

export const panels = (values: OptionValues<typeof given>): readonly Panel[] => {
  const runs = schedules(values)
  const rates = runs.map(({ name, rates }) => ({ name, points: numbered(rates) }))
  const losses = runs.map(({ name, losses }) => ({ name, points: numbered(losses, 1) }))
  return [
    { title: 'learning rates', x: { label: 'step' }, y: { label: 'rate', to: 0.32 }, series: rates },
    { title: 'a training with each', x: { label: 'epoch' }, y: { label: 'mean loss', log: true }, series: losses },
  ]
}

await lab(import.meta.url, 'every schedule of the learning rate, and a training with each', given, panels)
