// Ranks that are not alike, a loss that overflows, an interrupted rank, and what a shared step refuses.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import {
  allReduce,
  key,
  leastSquares,
  linear,
  oneProcess,
  sgd,
  softmaxCrossEntropy,
  start,
  trainStep,
  zeros,
} from 'pullback'
import { startRanks } from 'pullback/workers'
import t from 'tap'
import { alike } from '../support/alike.ts'
import { bundle } from '../support/bundle.ts'
import { bareWorker, root } from '../support/run.ts'

const program = join(root, 'node_modules', '.cache', 'apart.mjs')
mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
await bundle(
  `import { inRank } from 'pullback/workers'
import { apart } from './spec/support/ranks/apart.ts'
await inRank((comm, name) => apart[name](comm))`,
  program,
)
const found = async (name: string, size = 3): Promise<readonly unknown[]> =>
  startRanks(size, () => new Worker(program, bareWorker), { input: name }).result

t.test('ranks that begin otherwise are named, on every rank', async (t) => {
  for (const [name, what] of [
    ['examples', /^fit: expected the same examples on all 3 ranks \(\w{16}\), got \w{16} on rank 1; every rank runs/],
    ['network', /^fit: expected the same parameters on all 3 ranks/],
    ['key', /^fit: expected the same (parameters|place) on all 3 ranks/],
    ['rate', /^fit: expected the same parameters after epoch 1 on all 3 ranks/],
  ] as const)
    for (const each of await found(name))
      t.match(each, { _tag: 'RankError', code: 'ranks-differ', ranks: [1], message: what }, name)
})

t.test('a loss that is not finite ends all ranks with one error', async (t) => {
  for (const each of await found('overflow'))
    t.match(each, {
      code: 'not-finite',
      message: /^trainStep: expected a loss that is finite, in step \d+ of all ranks/,
    })
})

t.test('an interrupted rank ends all after the same step', async (t) => {
  t.same(await found('interrupted'), [{ step: 7 }, { step: 7 }, { step: 7 }])
})

t.test('a mistake that one rank alone notices is the error of all', async (t) => {
  const failed = await found('label').then(
    () => ({ message: 'none' }),
    (e: Error) => e,
  )
  t.match(failed.message, /rank \d .*labels? .* 0 to 2.* got 9/)
})

t.test('what a shared step refuses', async (t) => {
  const [net, by, comm] = [linear(2, 2), sgd(0.1), alike(2)]
  const batch = { input: zeros([2, 2]), target: zeros([2], 'int32') }
  const { training: _, ...group } = comm
  const run = start(net, by, key(0))
  const refused: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => trainStep(net, softmaxCrossEntropy, by, { comm })(run, batch),
      /a rank's part of a minibatch, \{ input, target, shard \}, got one that does not know its place; sharded\(comm\)/,
    ],
    [
      () => trainStep(net, leastSquares.sum as never, by, { comm }),
      /a loss of which the examples are known, got a plain function .*defineLoss/,
    ],
    [
      () => trainStep(net, softmaxCrossEntropy, by, { comm })(run, { ...batch, shard: { first: 0, of: 12 } } as never),
      /the examples 0 to 6 of 12 on rank 0 of 2, got 2 from 0; give sharded the same communicator/,
    ],
    [
      () =>
        trainStep(net, softmaxCrossEntropy, by, { comm, exact: 4 })(run, {
          ...batch,
          shard: { first: 0, of: 4 },
        } as never),
      /the examples 0 to 0 of 4 on rank 0 of 2 in blocks of 4, got 2 from 0; .* block that exact has/,
    ],
    [
      () => trainStep(net, softmaxCrossEntropy, by, { comm })(run, { ...batch, shard: { first: 0, of: 0 } } as never),
      /at least one example to take the mean over, got an empty batch/,
    ],
    [() => trainStep(net, softmaxCrossEntropy, by, { comm: 2 as never }), /expected a communicator, got 2/],
    [() => trainStep(net, softmaxCrossEntropy, by, { exact: 0 }), /examples in a block \(exact\): .* got 0/],
    [() => trainStep(net, softmaxCrossEntropy, by, { compress: 'zip' as never }), /'bfloat16', or no compression/],
    [
      () => trainStep(net, softmaxCrossEntropy, by, { compress: 'bfloat16', exact: true }),
      /expected compress or exact, got both/,
    ],
    [
      () => trainStep(net, softmaxCrossEntropy, by, { exact: true }),
      /^trainStep: expected a communicator \(comm\) beside compress or exact, got none; comm: oneProcess is one/,
    ],
    [() => trainStep(net, softmaxCrossEntropy, by, { compress: 'bfloat16' }), /beside compress or exact, got none/],
    [
      () => trainStep(net, softmaxCrossEntropy, by, { comm: group as never }),
      /expected a communicator, got the names .*; \{ \.\.\.oneProcess, \.\.\.group \} is one of your own group/,
    ],
    [() => allReduce(oneProcess, batch.target, 'mean'), /^allReduce: expected float32 or float64/],
  ]
  for (const [make, message] of refused) t.throws(make, { message })
  const [, alone] = trainStep(net, softmaxCrossEntropy, by, { comm: oneProcess })(run, batch)
  t.same(alone.loss, trainStep(net, softmaxCrossEntropy, by)(run, batch)[1].loss)
})
