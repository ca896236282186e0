// Options that are not known, or not what they should be, are errors under the name of the function that was called, with what there is.
import * as pullback from 'pullback'
import { StructureError, ValueError } from 'pullback'
import t from 'tap'

type Call = (...args: readonly unknown[]) => unknown
const named = { ...pullback, ...pullback.schedule } as unknown as { readonly [name: string]: Call }

const adam = ['b1', 'b2', 'eps']
const decay = ['weightDecay', 'where']
/** What goes before the options, options that are good, and all of their names. */
const table: Readonly<Record<string, readonly [before: readonly unknown[], good: object, names: readonly string[]]>> = {
  sgd: [[0.1], { momentum: 0.9, nesterov: true }, ['momentum', 'nesterov']],
  momentum: [[0.9], { nesterov: true }, ['nesterov']],
  adagrad: [[0.1], { initial: 1 }, ['initial', 'eps']],
  adadelta: [[0.1], { decay: 0.5 }, ['decay', 'eps']],
  rmsprop: [[0.1], { momentum: 0.9, centered: true, decay: 0.5 }, ['decay', 'eps', 'centered', 'momentum']],
  adam: [[0.1], { b1: 0.5 }, adam],
  amsgrad: [[0.1], { b2: 0.5 }, adam],
  adamw: [[0.1], { weightDecay: 0.1, where: ['W'], eps: 1 }, [...adam, ...decay]],
  adamax: [[0.1], { eps: 0.5 }, adam],
  nadam: [[0.1], { momentumDecay: 0.1 }, [...adam, 'momentumDecay']],
  radam: [[0.1], { b1: 0.5 }, adam],
  lion: [[0.1], { b1: 0.5, weightDecay: 0.1 }, ['b1', 'b2', ...decay]],
  lamb: [[0.1], { b1: 0.5, weightDecay: 0.1, where: ['W'] }, [...adam, ...decay]],
  adafactor: [[0.1], { clip: 2, least: 1e-2, power: 0.5 }, ['power', 'eps', 'clip', 'least', ...decay]],
  muon: [[0.1], { momentum: 0.9, steps: 3, weightDecay: 0.1 }, ['momentum', 'nesterov', 'steps', ...adam, ...decay]],
  scheduleFreeAdamw: [[0.1], { b1: 0.5, weightDecay: 0.1 }, [...adam, ...decay]],
  scheduleFree: [[0.1, pullback.chain()], { b1: 0.5 }, ['b1']],
  sam: [[0.1], { adaptive: true }, ['adaptive']],
  lookahead: [[pullback.sgd(0.1)], { every: 3, share: 0.8 }, ['every', 'share']],
  scaleByFactoredRms: [[], { power: 0.5 }, ['power', 'eps']],
  scaleByMuon: [[], { nesterov: false, b1: 0.5 }, ['momentum', 'nesterov', 'steps', ...adam]],
  scaleByAdagrad: [[], { initial: 1 }, ['initial', 'eps']],
  scaleByAdadelta: [[], { eps: 1 }, ['decay', 'eps']],
  scaleByRms: [[], { decay: 0.5 }, ['decay', 'eps']],
  scaleByDeviation: [[], { decay: 0.5 }, ['decay', 'eps']],
  scaleByAdam: [[], { b1: 0.5 }, adam],
  scaleByAmsgrad: [[], { b1: 0.5 }, adam],
  scaleByAdamax: [[], { b1: 0.5 }, adam],
  scaleByNadam: [[], { b1: 0.5, momentumDecay: 1 }, [...adam, 'momentumDecay']],
  scaleByRadam: [[], { b1: 0.5 }, adam],
  scaleByLion: [[], { b1: 0.5 }, ['b1', 'b2']],
  lbfgs: [[() => 0], { history: 3 }, ['history', 'steps', 'gradient', 'change', 'tries']],
  step: [[1], { every: 3, factor: 0.5 }, ['every', 'factor']],
  multiStep: [[1], { at: [2] }, ['at', 'factor']],
  polynomial: [[1], { steps: 3, power: 2, end: 0.5 }, ['steps', 'end', 'power']],
  linearWarmup: [[1], { steps: 3, from: 0.5 }, ['steps', 'from']],
  cosine: [[1], { steps: 3, end: 0.5 }, ['steps', 'end']],
  cosineRestarts: [[1], { first: 3, factor: 2 }, ['first', 'factor', 'end']],
  oneCycle: [[1], { steps: 30, anneal: 'linear' }, ['steps', 'warmup', 'startFactor', 'endFactor', 'anneal']],
  join: [[[() => 1, () => 2]], { at: [3] }, ['at']],
  reduceOnPlateau: [
    [1],
    { factor: 0.5, better: 'larger', absolute: true },
    ['factor', 'patience', 'threshold', 'absolute', 'cooldown', 'least', 'better'],
  ],
  minibatches: [[2], { from: 1 }, ['from']],
  epochs: [[], { count: 1, size: 2 }, ['count', 'size', 'key', 'from']],
  batches: [[], { size: 2, last: 'drop' }, ['size', 'key', 'last']],
}

t.test('an option that is not known', async (t) => {
  for (const [name, [before, good, names]] of Object.entries(table)) {
    const call = named[name] as Call
    t.doesNotThrow(() => call(...before, good), `${name} takes what it should`)
    t.throws(() => call(...before, { ...good, misspelt: 1 }), {
      name: StructureError.name,
      message: `${name}: expected options among ${names.join(', ')}, got 'misspelt'`,
    })
    for (const other of [null, 0.5, [good]])
      t.throws(() => call(...before, other), { message: new RegExp(`^${name}: expected a record of options among `) })
  }
})

t.test('an option that is one of some names, or true or false', async (t) => {
  const refused: readonly (readonly [make: () => unknown, message: RegExp])[] = [
    [
      () => pullback.schedule.reduceOnPlateau(1, { better: 'lower' as never }),
      /^reduceOnPlateau: expected better to be one of smaller, larger, got 'lower' \[unknown-choice\]$/,
    ],
    [
      () => pullback.schedule.reduceOnPlateau(1, { absolute: 'no' as never }),
      /^reduceOnPlateau: expected absolute that is true or false, got 'no' \[wrong-argument\]$/,
    ],
    [
      () => pullback.schedule.oneCycle(1, { steps: 30, anneal: 'cos' as never }),
      /^oneCycle: expected anneal to be one of cosine, linear, got 'cos' \[unknown-choice\]$/,
    ],
    [
      () => pullback.rmsprop(1, { centered: 1 as never }),
      /^rmsprop: expected centered that is true or false, got 1 \[wrong-argument\]$/,
    ],
    [
      () => pullback.momentum(0.9, { nesterov: 'false' as never }),
      /^momentum: expected nesterov that is true or false, got 'false' \[wrong-argument\]$/,
    ],
    [
      () => pullback.schedule.multiStep(1, { at: 3 as never }),
      /^multiStep: expected steps in order, .* got 3 \[wrong-argument\]$/,
    ],
  ]
  for (const [make, message] of refused) t.throws(make, { name: ValueError.name, message })
})

t.test("Nesterov's form needs momentum", async (t) => {
  for (const [make, op] of [
    [() => pullback.sgd(0.1, { momentum: 0, nesterov: true }), 'sgd'],
    [() => pullback.momentum(0, { nesterov: true }), 'momentum'],
  ] as const)
    t.throws(make, {
      name: ValueError.name,
      message: `${op}: expected a momentum above 0 for Nesterov's form, got 0`,
    })
  t.throws(() => pullback.sgd(0.1, {} as never), { message: 'sgd: expected momentum from 0 to 1, got undefined' })
  t.doesNotThrow(() => pullback.sgd(0.1, { momentum: 0 }))
})

t.test('what is no transformation', async (t) => {
  const { adam, chain, ema, accumulate, partition, projected, maxNorm, scale, sgd } = pullback
  const uncalled = /got a function; call it: adam is a function, adam\(1e-3\) an optimizer \[wrong-argument\]$/
  for (const [name, make] of Object.entries({
    chain: () => (chain as unknown as Call)(scale(1), adam),
    ema: () => ema(0.9, adam as never),
    accumulate: () => accumulate(2, adam as never),
    partition: () => partition(adam as never, {}),
    lookahead: () => pullback.lookahead(adam as never),
    scheduleFree: () => pullback.scheduleFree(0.1, adam as never),
    'partition at L1': () => partition(sgd(1), { L1: adam as never }),
    projected: () => projected(adam as never, maxNorm(1)),
  }))
    t.throws(make, {
      name: StructureError.name,
      message: new RegExp(`^${name}: expected an optimizer .* ${uncalled.source}`),
    })
  t.throws(() => chain(undefined as never), /got undefined; adam\(1e-3\) makes one/)
  t.throws(() => projected(sgd(1), 3 as never), /projected: expected a projection, .* got 3; maxNorm\(1\) is one/)
})
