// Dropout and batch normalization, before and after: a network that has few digits to learn from learns them by heart,
// and reads new ones the worse for it.
import { batchNorm, compose, dropout, linear, named, relu } from 'pullback'
import type { Panel } from 'pullback/chart'
import { numbered } from '../support/curve.ts'
import { generalisation } from '../support/generalisation.ts'
import { lab } from '../support/lab.ts'
import { first, mnist } from '../support/mnist.ts'
import { type OptionValues, seed, size } from '../support/options.ts'

const plain = (inputs: number, units: number) => compose(linear(inputs, units), relu)
const normed = (inputs: number, units: number) => compose(linear(inputs, units), named('norm', batchNorm(units)), relu)
const drop = named('drop', dropout({ drop: 0.5 }))

const given = {
  digits: size(1000, 'digits to learn from', 60_000),
  unseen: size(2000, 'digits to be tested on'),
  epochs: size(20, 'times to go over them'),
  units: size(256, 'units in either hidden layer'),
  seed,
}

/**
 * For each network, after each epoch, the loss and the accuracy on what it learns from and on digits that it has not
 * seen.
 */
export const regularisation = async ({ digits, unseen, epochs, units: n, seed }: OptionValues<typeof given>) => {
  const { train, test } = await mnist()
  const learn = generalisation({ learnt: first(train, digits), unseen: first(test, unseen) }, epochs, seed)
  const out = named('out', linear(n, 10))
  return {
    neither: learn(compose(named('h1', plain(784, n)), named('h2', plain(n, n)), out)),
    dropout: learn(compose(named('h1', compose(plain(784, n), drop)), named('h2', compose(plain(n, n), drop)), out)),
    batchNorm: learn(compose(named('h1', normed(784, n)), named('h2', normed(n, n)), out)),
    both: learn(compose(named('h1', compose(normed(784, n), drop)), named('h2', compose(normed(n, n), drop)), out)),
  }
}

export const panels = async (values: OptionValues<typeof given>): Promise<readonly Panel[]> => {
  const runs = Object.entries(await regularisation(values))
  const panel = (measure: 'loss' | 'accuracy', set: 'learnt' | 'unseen') => ({
    title: set === 'learnt' ? 'digits that it learns from' : 'unseen digits',
    x: { label: 'epoch' },
    y: { label: measure, log: measure === 'loss' },
    series: runs.map(([name, run]) => ({
      name,
      points: numbered(
        run.map((after) => after[set][measure]),
        1,
      ),
    })),
  })
  return [panel('loss', 'learnt'), panel('loss', 'unseen'), panel('accuracy', 'learnt'), panel('accuracy', 'unseen')]
}

await lab(import.meta.url, 'dropout and batch normalization, before and after', given, panels)
