// Trains a network on the MNIST digits by several ranks that share each minibatch: the processes that mpirun has started,
// or workers of this machine. With --exact the digest of the parameters is the same for any number of them.
import { createHash } from 'node:crypto'
import { isMainThread, Worker } from 'node:worker_threads'
import {
  adam,
  type Communicator,
  compose,
  dim,
  evaluate,
  fit,
  key,
  linear,
  metric,
  named,
  oneProcess,
  relu,
  softmaxCrossEntropy,
  toBytes,
} from 'pullback'
import { mpi } from 'pullback/mpi'
import { inRank, startRanks } from 'pullback/workers'
import { last } from './support/last.ts'
import { first, mnist } from './support/mnist.ts'
import { must } from './support/must.ts'
import { options, seed, size } from './support/options.ts'
import { percent } from './support/progress.ts'

const given = options('parallel', 'trains a network on the MNIST digits by several ranks', {
  ranks: size(1, 'workers that share the work, unless mpirun has started processes', 64),
  exact: { initial: false, about: 'the same digest for any number of ranks, in more time' },
  digits: size(60_000, 'digits to learn from', 60_000),
  epochs: size(3, 'how many times to go over them', 1000),
  batch: size(128, 'digits in a minibatch, of all ranks together', 60_000),
  hidden: size(128, 'units of the hidden layer'),
  seed,
})

const { OMPI_COMM_WORLD_SIZE, PMI_SIZE } = process.env
const processes = Number(OMPI_COMM_WORLD_SIZE ?? PMI_SIZE ?? 1)

/** What each rank does. It is what a process alone would do, but for `comm`; and the first rank speaks for all. */
const work = async (comm: Communicator): Promise<void> => {
  const { epochs, batch, exact } = given
  const { train, test } = await mnist()
  const hidden = dim('hidden', given.hidden)
  const net = compose(named('L1', linear(784, hidden)), relu, named('L2', linear(hidden, 10)))
  const run = { train: first(train, given.digits), comm, exact, key: key(given.seed), epochs, size: batch }
  const state = await last(fit(net, softmaxCrossEntropy, adam(0.001), run))
  const metrics = { accuracy: metric.accuracy }
  const { accuracy = Number.NaN } = await evaluate(net, state, softmaxCrossEntropy, test, { comm, metrics })
  if (comm.rank !== 0) return
  console.log(`${comm.size} of ${comm.name}: ${(state.seconds / epochs).toFixed(2)} s an epoch`)
  console.log(`test accuracy ${percent(accuracy)}`)
  console.log(`digest ${createHash('sha256').update(toBytes(state.params)).digest('hex').slice(0, 16)}`)
}

if (!isMainThread) await inRank(work)
else if (processes > 1) await work(must(mpi()))
else if (given.ranks === 1) await work(oneProcess)
else await startRanks(given.ranks, () => new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) })).result
