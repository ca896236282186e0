// Transformations around others: accumulation, averages, projection, groups.
import {
  accumulate,
  adam,
  adamw,
  averaged,
  chain,
  clipByGlobalNorm,
  compose,
  ema,
  examples,
  fit,
  fromNested,
  key,
  leastSquares,
  linear,
  maxNorm,
  momentum,
  named,
  op,
  type Params,
  partition,
  predict,
  projected,
  random,
  rmsprop,
  type Schedule,
  scanSync,
  schedule,
  scheduleFreeAdamw,
  sgd,
  start,
  type Tensor,
  tanh,
  toArray,
  toNested,
  trainStep,
  tree,
} from 'pullback'
import t from 'tap'
import { closeTrees, sameTree } from '../law/diff.ts'
import { type Equal, yes } from '../type/equal.ts'

const net = compose(named('enc', linear(3, 4)), tanh, named('head', linear(4, 2)))
type P = Params<typeof net>
const batch = {
  input: random.normal(key(1), [8, 3], 'float64'),
  target: random.normal(key(2), [8, 2], 'float64'),
}
const half = (from: number) => tree.map(batch, (x) => op.slice(x as Tensor, [[from, from + 4]])) as typeof batch
const options = { dtype: 'float64' } as const

t.test('accumulated over k minibatches: as one minibatch k times as large', async (t) => {
  const inner = adam(0.1)
  const gathering = accumulate(2, inner)
  const many = trainStep(net, leastSquares, gathering)
  let run = start(net, gathering, key(0), options)
  const first = run.params
  run = many(run, half(0))[0]
  t.equal(run.params, first, 'nothing moves in between')
  run = many(run, half(4))[0]
  const [large] = trainStep(net, leastSquares, inner)(start(net, inner, key(0), options), batch)
  t.ok(closeTrees(run.params, large.params, 1e-9))
  t.equal(run.optimizer.inner[0].count, 1, 'the inner state counts updates')
  t.equal(run.optimizer.count, 0)
  yes<Equal<(typeof run)['optimizer']['sum'], P>>()
})

t.test('averages of the parameters', async (t) => {
  const optimizer = ema(0.5, sgd(0.1))
  const step = trainStep(net, leastSquares, optimizer)
  const begun = start(net, optimizer, key(0), options)
  t.equal(begun.optimizer.average, begun.params, 'begun with the first')
  const [after] = step(begun, batch)
  const mean = tree.zipWith(begun.params, after.params, (a, b) => op.scale(op.add(a as Tensor, b as Tensor), 0.5))
  t.ok(closeTrees(after.optimizer.average, mean, 1e-14))
  t.ok(
    sameTree(
      predict(net, averaged(after), batch.input),
      predict(net, { ...after, params: after.optimizer.average }, batch.input),
    ),
  )
  t.equal(averaged(after).step, 1, 'all else stays')
  yes<Equal<typeof after, ReturnType<typeof averaged<P, typeof after>>>>()
})

t.test('the average of schedule-free learning: as the program of its authors gives it', async (t) => {
  const gradients = [
    [0.1, -0.4],
    [-0.3, 0.05],
    [2, -0.2],
  ]
  for (const [optimizer, expected] of [
    [scheduleFreeAdamw(0.1), [0.926296572620344, -1.87613072889652]],
    [
      scheduleFreeAdamw(schedule.linearWarmup(0.1, { steps: 2 }), { b1: 0.5, b2: 0.9, weightDecay: 0.1 }),
      [0.920287252157242, -1.92818783743152],
    ],
  ] as const) {
    let params = { x: fromNested([1, -2], 'float64') as Tensor }
    let state = optimizer.init(params)
    for (const g of gradients) {
      const [updates, next] = optimizer.update({ x: fromNested(g, 'float64') as Tensor }, state, params)
      params = { x: op.add(params.x, updates.x) }
      state = next
    }
    const found = toArray(state.average.x)
    t.ok(
      found.every((x, i) => Math.abs(x - (expected[i] as number)) < 1e-12),
      'golden values',
      { found, expected },
    )
  }
  const train = examples(batch)
  const begun = { train, validation: train, key: key(0), epochs: 2, size: 8, dtype: 'float64' } as const
  for await (const state of fit(net, leastSquares, scheduleFreeAdamw(0.1), { ...begun, evaluated: averaged })) {
    t.ok(sameTree(state.best?.params as P, averaged(state).params), 'the best is the average')
    t.notOk(sameTree(state.params, averaged(state).params))
  }
})

t.test('projected after the update', async (t) => {
  const rows = fromNested([
    [3, 4],
    [0.3, 0.4],
    [0, 0],
  ])
  t.same(
    toArray(maxNorm(1)({ W: rows }).W).map((x) => x.toFixed(6)),
    ['0.600000', '0.800000', '0.300000', '0.400000', '0.000000', '0.000000'],
    'as PyTorch’s renorm over axis 0',
  )
  t.same(toNested(maxNorm(2)({ b: fromNested([5, -1]) }).b), [2, -1])
  const large = maxNorm(1)({ W: fromNested([[3e38, -3e38]]) }).W
  t.ok(Math.abs(toArray(large)[0] as number) - Math.SQRT1_2 < 1e-6, 'lengths overflow nowhere')
  const kernels = maxNorm(1)({ W: random.normal(key(1), [2, 3, 3, 4]) }).W
  for (const s of toNested(op.sum(op.mul(kernels, kernels), [1, 2, 3]))) t.ok(s <= 1 + 1e-6)
  const once = maxNorm(0.5)(batch)
  t.ok(closeTrees(maxNorm(0.5)(once), once, 1e-14), 'once is enough')

  const optimizer = projected(adam(0.5), maxNorm(0.1, ['enc.W']))
  const [after] = trainStep(net, leastSquares, optimizer)(start(net, optimizer, key(0), options), batch)
  for (const s of toNested(op.sum(op.mul(after.params.enc.W, after.params.enc.W), 1))) t.ok(Math.sqrt(s) < 0.1 + 1e-12)
  t.ok(
    toArray(after.params.head.W).some((x) => Math.abs(x) > 0.1),
    'and the others as they are',
  )
})

t.test('groups by path', async (t) => {
  const optimizer = partition(adam(0.1), { enc: sgd(0.1), 'head.b': rmsprop(0.1, { momentum: 0.9 }) })
  const begun = start(net, optimizer, key(0), options)
  type S = (typeof begun)['optimizer']
  yes<Equal<S['groups']['head.b'][1]['velocity'], P['head']['b']>>()
  yes<Equal<S['rest'][0]['mu'], { readonly head: { readonly W: P['head']['W'] } }>>()
  yes<Equal<keyof S['groups'], 'enc' | 'head.b'>>()

  const [after] = trainStep(net, leastSquares, optimizer)(begun, batch)
  for (const [name, alone] of [
    ['enc', sgd(0.1)],
    ['head.b', rmsprop(0.1, { momentum: 0.9 })],
    ['head.W', adam(0.1)],
  ] as const) {
    const [found] = trainStep(net, leastSquares, alone as never)(start(net, alone as never, key(0), options), batch)
    const part = tree.at<P>()(name)
    t.ok(sameTree(part.get(after.params), part.get((found as { readonly params: P }).params)), `${name} as if alone`)
  }
  t.ok(
    sameTree(
      trainStep(
        net,
        leastSquares,
        partition(sgd(0.1), {}),
      )(start(net, partition(sgd(0.1), {}), key(0), options), batch)[0].params,
      trainStep(net, leastSquares, sgd(0.1))(start(net, sgd(0.1), key(0), options), batch)[0].params,
    ),
    'no groups: all is the rest',
  )
  const alike = { L1: begun.params.enc, L10: begun.params.head }
  const [moved] = partition(sgd(1), { L1: sgd(2), L10: sgd(3) }).update(
    alike,
    partition(sgd(1), { L1: sgd(2), L10: sgd(3) }).init(alike),
    alike,
  )
  t.ok(
    closeTrees(moved.L1, tree.map(alike.L1, (x) => op.scale(x as Tensor, -2)) as never, 1e-14),
    'L10 is no part of L1',
  )
  t.ok(closeTrees(moved.L10, tree.map(alike.L10, (x) => op.scale(x as Tensor, -3)) as never, 1e-14))
  const [one] = partition(sgd(1), { L1: sgd(2) }).update(alike, partition(sgd(1), { L1: sgd(2) }).init(alike), alike)
  t.ok(closeTrees(one.L10, tree.map(alike.L10, (x) => op.scale(x as Tensor, -1)) as never, 1e-14))
  const everything = partition(chain(), { enc: sgd(0.1), head: sgd(0.1) })
  t.same(everything.init(begun.params).rest, [], 'nothing may be left to the rest')
  const wrong = partition(sgd(1), { encoder: sgd(1) })
  t.throws(
    () => start(net, wrong, key(0)),
    /partition: expected one of the names enc, head, got 'encoder' of 'encoder'/,
  )
  const clipped = partition(sgd(1), { enc: chain(clipByGlobalNorm(1), sgd(1)) })
  const bad = { ...begun.params, enc: { ...begun.params.enc, b: op.scale(begun.params.enc.b, Number.NaN) } }
  t.throws(
    () => clipped.update(bad, clipped.init(bad), bad),
    /clipByGlobalNorm at enc.b: expected gradients that are numbers/,
  )
})

t.test('an optimizer’s state does not depend on its rate: a run goes on with another', async (t) => {
  const rate: Schedule = schedule.join([schedule.linearWarmup(0.1, { steps: 2 }), schedule.cosine(0.1, { steps: 4 })], {
    at: [2],
  })
  let run = start(net, adamw(rate), key(0), options)
  for (const [next] of scanSync(trainStep(net, leastSquares, adamw(rate)), run, [batch, batch])) run = next
  t.equal(run.optimizer[2].count, 2)
  const [on] = trainStep(net, leastSquares, adamw(0.05))(run, batch)
  t.equal(on.optimizer[0].count, 3)
  const warm = trainStep(net, leastSquares, adamw(rate))(start(net, adamw(rate), key(0), options), batch)[0]
  t.ok(sameTree(warm.params, start(net, adamw(rate), key(0), options).params), 'the first rate of this schedule is 0')
})

t.test('schedules that are none, within a step', async (t) => {
  const optimizer = sgd(() => -1)
  const run = start(net, optimizer, key(0), options)
  t.throws(
    () => trainStep(net, leastSquares, optimizer)(run, batch),
    /sgd at optimizer: expected a learning rate that is not negative, got -1/,
  )
  const other = start(net, momentum(0.9), key(0), options)
  t.throws(
    () => trainStep(net, leastSquares, optimizer)(other as never, batch),
    /chain at optimizer: expected its own state/,
  )
})
