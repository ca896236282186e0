// Trainings that are written for any number of ranks; what each leaves is compared between numbers of ranks.
import {
  type AnyLayer,
  adam,
  averagedOverRanks,
  batches,
  batchNorm,
  type Communicator,
  chain,
  compose,
  conv2d,
  dropout,
  examples,
  type FitState,
  fit,
  flatten,
  item,
  key,
  l2,
  leastSquares,
  linear,
  metric,
  named,
  op,
  random,
  relu,
  sam,
  scanSync,
  sgd,
  sharded,
  softmaxCrossEntropy,
  start,
  stop,
  syncBatchNorm,
  type Tensor,
  toArray,
  trainStep,
  tree,
} from 'pullback'

/** What a training leaves: its numbers, its history, and where it ended. */
export interface Left {
  readonly numbers: readonly number[]
  readonly history: { readonly [column: string]: readonly unknown[] }
  readonly step: number
}

/** The last of three minibatches of 16 has fewer examples than eight ranks. */
const n = 37
const labels = op.cast(op.floor(op.scale(random.uniform(key(2), [n]), 2.99)), 'int32')
const rows = examples({ input: random.normal(key(1), [n, 5], 'float64'), target: labels })
const images = examples({ input: random.normal(key(1), [n, 6, 6, 2], 'float64'), target: labels })

const perceptron = (drop: number) =>
  compose(named('L1', linear(5, 7)), relu, dropout({ drop }), named('L2', linear(7, 3)))
const convolutional = (norm: AnyLayer) =>
  compose(
    named('C', conv2d(2, 4, { kernel: 3 })),
    named('N', norm as ReturnType<typeof batchNorm<4>>),
    relu,
    flatten,
    named('L', linear(64, 3)),
  )

// biome-ignore lint/suspicious/noExplicitAny: networks and options of all kinds
type Loose = any

/** A plain function, of which there are only means of minibatches. */
const average = (output: Tensor): number => item(op.mean(output))
const weights = [1, 4, 0.5]

/** The state after a training. */
const run = async (comm: Communicator, net: AnyLayer, train: Loose, options: Loose = {}): Promise<Loose> => {
  const base = { train, validation: train, size: 16, epochs: 3, key: key(0), dtype: 'float64' as const, comm }
  const metrics = { accuracy: metric.accuracy }
  let state: Loose
  for await (state of fit(net, options.loss ?? softmaxCrossEntropy, options.by ?? adam(0.01), {
    ...base,
    metrics,
    ...options.fit,
  } as Loose));
  return state
}

const leftBy = (state: FitState<Loose, Loose, Loose>): Left => {
  const { seconds: _, ...history } = state.history
  const { params, state: kept } = state
  const numbers = tree.leaves({ params, kept } as Loose)
  return {
    numbers: numbers.flatMap((t) => toArray(t as Tensor)),
    history: history as Left['history'],
    step: state.step,
  }
}

/** Gradient descent by a loop of one's own, with minibatches of one size. */
const byHand = (comm: Communicator): Left => {
  const net = perceptron(0)
  const by = chain(averagedOverRanks(comm), sgd(0.1))
  const even = examples({ input: op.slice(rows.data.input, [[0, 24]]), target: op.slice(labels, [[0, 24]]) })
  const share = sharded(comm)(batches({ size: 24, key: key(4) })(even))
  let state = start(net, by, key(0), { dtype: 'float64' })
  for (let epoch = 0; epoch < 9; epoch++)
    for (const [next] of scanSync(trainStep(net, softmaxCrossEntropy, by), state, share.epoch(epoch, 0))) state = next
  return { numbers: tree.leaves(state.params).flatMap((t) => toArray(t as Tensor)), history: {}, step: state.step }
}

/** Equal on any number of ranks but for rounding. */
export const close: { readonly [name: string]: (comm: Communicator) => Promise<Left> } = {
  perceptron: async (comm) => leftBy(await run(comm, perceptron(0), rows)),
  'plain steps': async (comm) => leftBy(await run(comm, perceptron(0), rows, { fit: { compiled: false } })),
  'examples with weights': async (comm) =>
    leftBy(await run(comm, perceptron(0), rows, { loss: softmaxCrossEntropy.with({ weights }) })),
  'a probe, a penalty, labels that do not count': async (comm) =>
    leftBy(
      await run(comm, perceptron(0), rows, {
        loss: softmaxCrossEntropy.with({ ignore: 0 }),
        fit: { probe: sam(0.05), penalty: l2(1e-2) },
      }),
    ),
  'synchronised batch norm': async (comm) =>
    leftBy(await run(comm, convolutional(syncBatchNorm(comm, 4)), images, { by: sgd(0.05) })),
  'a rule that stops': async (comm) =>
    leftBy(await run(comm, perceptron(0), rows, { by: adam(0.3), fit: { epochs: 40, stop: [stop.patience(1)] } })),
  'a plain metric and states in the midst of an epoch': async (comm) =>
    leftBy(
      await run(comm, linear(5, 3), examples({ ...rows.data, target: random.normal(key(7), [n, 3], 'float64') }), {
        loss: leastSquares,
        fit: { every: 2, metrics: { average } },
      }),
    ),
  'a loop of one’s own': async (comm) => byHand(comm),
}

/** Equal to the bit. */
export const exact: typeof close = {
  'perceptron with dropout': async (comm) =>
    leftBy(await run(comm, perceptron(0.3), rows, { fit: { exact: 4, dtype: 'float64' } })),
  'convolution with batch norm': async (comm) =>
    leftBy(await run(comm, convolutional(batchNorm(4)), images, { fit: { exact: 4 } })),
  'plain steps, examples with weights': async (comm) =>
    leftBy(
      await run(comm, perceptron(0.2), rows, {
        loss: softmaxCrossEntropy.with({ weights }),
        fit: { exact: 2, compiled: false },
      }),
    ),
  'a run that is resumed': async (comm) => {
    const net = perceptron(0.3)
    const from = await run(comm, net, rows, { fit: { exact: 3, epochs: 1 } })
    return leftBy(await run(comm, net, rows, { fit: { exact: 3, from, key: undefined, dtype: undefined } }))
  },
}

/** All of them. */
export const trainings = async (comm: Communicator): Promise<{ readonly [name: string]: Left }> => {
  const found: Record<string, Left> = {}
  for (const [name, train] of Object.entries({ ...close, ...exact })) found[name] = await train(comm)
  return found
}
