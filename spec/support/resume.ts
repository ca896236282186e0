// A short run with all that a step may depend on: dropout, batch normalisation, shuffled epochs of which the last minibatch is small.
import {
  batchNorm,
  compose,
  dropout,
  epochs,
  examples,
  fromArray,
  key,
  linear,
  named,
  random,
  scanSync,
  softmaxCrossEntropy,
  start,
  tanh,
  trainStep,
} from 'pullback'
import { optimizers } from './optimizers.ts'

const optimizerOf = (name: string) => {
  const found = optimizers[name]
  if (found === undefined) throw new Error(`there is no optimizer ${name}`)
  return found
}

/** As many steps as four epochs have less one: most of them end within an epoch. */
export const steps = 11

/** A run of a network of some width over so many examples. */
export const runOf = (name: string, { width = 6, count = 10 } = {}) => {
  const optimizer = optimizerOf(name)
  const net = compose(
    named('L1', linear(3, width)),
    named('bn', batchNorm(width)),
    tanh,
    dropout({ drop: 0.3 }),
    named('L2', linear(width, 2)),
  )
  const input = random.normal(key(11), [count, 3])
  const data = examples({
    input,
    target: fromArray(
      Array.from({ length: count }, (_, i) => i % 2),
      [count],
      'int32',
    ),
  })
  const step = trainStep(net, softmaxCrossEntropy, optimizer)
  const begin = (seed = 5) => start(net, optimizer, key(seed))
  type Run = ReturnType<typeof begin>
  /** The states from one on, itself among them. */
  const states = (from: Run): readonly Run[] => {
    const found = [from]
    const batches = epochs({ size: Math.ceil(0.4 * count), key: key(6), from: from.step })(data)
    if (from.step < steps)
      for (const [run] of scanSync(step, from, batches)) {
        found.push(run as Run)
        if (run.step >= steps) break
      }
    return found
  }
  return { net, optimizer, data, begin, states }
}
