// A run that is interrupted and goes on: checkpoints in a folder, and the same bits as a run that was never
// interrupted.
import {
  adam,
  batchNorm,
  compose,
  dropout,
  eqTree,
  examples,
  fit,
  fitCodec,
  fromArray,
  key,
  linear,
  named,
  random,
  relu,
  softmaxCrossEntropy,
  start,
  toNested,
} from 'pullback'
import { interruptible, latestCheckpoint, loadCheckpoint, progress, saveCheckpoint } from 'pullback/node'
import { must } from '../support/must.ts'
import { options, seed } from '../support/options.ts'

const given = options('resumed', 'trains, and goes on where it was interrupted by Ctrl-C or killed', {
  out: { initial: 'resumed', about: 'the folder for the checkpoints' },
  epochs: { initial: 30, least: 1, most: 10_000, about: 'how many times to go over the points' },
  until: { initial: 0, least: 0, most: 1_000_000, about: 'interrupts itself after this step, as Ctrl-C does; 0 never' },
  seed,
})

// Is a point inside the unit circle?
const input = random.uniform(key(1), [512, 2], { min: -1.5, max: 1.5 })
const target = fromArray(
  toNested(input).map(([x = 0, y = 0]) => (x * x + y * y < 1 ? 1 : 0)),
  [512],
  'int32',
)
const hidden = compose(linear(2, 32), batchNorm(32), relu, dropout({ drop: 0.1 }))
const [net, optimizer] = [compose(named('hidden', hidden), named('out', linear(32, 2))), adam(0.01)]
const run = { train: examples({ input, target }), key: key(given.seed), epochs: given.epochs }

const isThere = must(await latestCheckpoint(given.out)())._tag === 'Some'
const expected = fitCodec(start(net, optimizer, key(given.seed)))
const from = isThere ? must(await loadCheckpoint(given.out, expected)()).training : undefined
console.log(from === undefined ? 'begins' : `goes on after step ${from.step}`)

const { signal, off } = interruptible()
let state = from
for await (state of progress(fit(net, softmaxCrossEntropy, optimizer, { ...run, from, signal, every: 'step' }), {
  epochs: given.epochs,
})) {
  if (state.position === 0) must(await saveCheckpoint(given.out, state)())
  if (state.step === given.until) process.kill(process.pid, 'SIGINT')
}
off()
if (state === undefined) throw new Error('no step was taken')
must(await saveCheckpoint(given.out, state)())

if (signal.aborted) console.log(`interrupted after step ${state.step}: run it again to go on`)
else {
  let straight: typeof state | undefined
  for await (straight of fit(net, softmaxCrossEntropy, optimizer, run));
  const isSame = eqTree.equals(state.params, straight?.params ?? {})
  console.log(`step ${state.step}, loss ${state.history.loss?.at(-1)}`)
  console.log(
    isSame ? 'the bits of a run that was never interrupted' : 'OTHER BITS than a run that was never interrupted',
  )
}
