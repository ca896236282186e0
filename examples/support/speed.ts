// How much faster training is when its steps run from a program.
import {
  adam,
  compile,
  epochs,
  key,
  type Layer,
  scanSync,
  softmaxCrossEntropy,
  start,
  type Tree,
  trainStep,
} from 'pullback'
import type { mnist } from './mnist.ts'

type Digits = Awaited<ReturnType<typeof mnist>>['train']

/** The examples a second of training a classifier of the digits: from a program, and by plain steps. */
export const speeds = <P extends Tree, S>(
  net: Layer<readonly [784], readonly [10], P, S>,
  train: Digits,
  size: number,
): { readonly program: number; readonly plain: number } => {
  const step = trainStep(net, softmaxCrossEntropy, adam())
  const count = Math.ceil(1000 / size)
  const minibatches = [...take(epochs({ size })(train), count)]
  const seconds = (run: () => unknown): number => {
    run()
    const since = performance.now()
    run()
    return (performance.now() - since) / 1000
  }
  const learnt = minibatches.reduce((n, { target }) => n + target.size, 0)
  const from = start(net, adam(), key(0))
  const compiled = compile(step)
  const rate = (run: () => unknown): number => Math.round(learnt / seconds(run))
  return {
    program: rate(() => [...scanSync(compiled, from, minibatches, { every: count })]),
    plain: rate(() => minibatches.reduce((run, batch) => step(run, batch)[0], from)),
  }
}

function* take<A>(all: Iterable<A>, n: number): Generator<A> {
  let left = n
  for (const x of all) {
    if (left-- === 0) return
    yield x
  }
}
