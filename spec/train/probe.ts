// A step whose gradient is taken at another point: sharpness-aware minimization. Golden values are parameters after three steps of SGD with
// both passes written out in PyTorch 1.13, float64.
import {
  accumulate,
  adam,
  batchNorm,
  compose,
  dropout,
  ema,
  examples,
  fit,
  fromNested,
  inParts,
  key,
  l2,
  leastSquares,
  linear,
  named,
  op,
  type Params,
  type Probe,
  random,
  sam,
  scanSync,
  sgd,
  start,
  type Tensor,
  tanh,
  toArray,
  trainStep,
  tree,
  zeros,
} from 'pullback'
import t from 'tap'
import { closeTrees, sameTree } from '../law/diff.ts'
import { lawsOfStep, type Step } from '../law/program.ts'

t.test('golden values', async (t) => {
  const variables = { params: { W: fromNested([[0.5, -1]], 'float64'), b: fromNested([0.25], 'float64') }, state: {} }
  const input = fromNested(
    [
      [1, 2],
      [3, -1],
      [0, 1],
    ],
    'float64',
  )
  const batch = { input, target: fromNested([[1], [2], [-1]], 'float64') }
  const net = linear(2, 1)
  for (const [probe, expected] of [
    [sam(), [0.502141144294609, -0.331422612761612, 0.360494289814452]],
    [sam(0.5, { adaptive: true }), [0.465827146634713, -0.273247362409299, 0.35848055211584]],
  ] as const) {
    let run = start(net, sgd(0.1), key(0), { variables: variables as never })
    const step = trainStep(net, leastSquares, sgd(0.1), { probe })
    for (const [next] of scanSync(step, run, [batch, batch, batch])) run = next
    const found = [...toArray(run.params.W), ...toArray(run.params.b)]
    t.ok(
      found.every((x, i) => Math.abs(x - (expected[i] as number)) < 1e-12),
      'as written out',
      { found, expected },
    )
  }
})

const net = compose(
  named('L1', linear(3, 4)),
  named('N', batchNorm(4)),
  tanh,
  dropout({ drop: 0.5 }),
  named('L2', linear(4, 2)),
)
const batch = (n: number) => ({ input: random.normal(key(n), [6, 3]), target: random.normal(key(n + 1), [6, 2]) })

t.test('the loss, the output and the next state are those of the parameters, with the same dropout', async (t) => {
  const begun = start(net, adam(0.1), key(1))
  const [plain, first] = trainStep(net, leastSquares, adam(0.1))(begun, batch(2))
  const [there, same] = trainStep(net, leastSquares, adam(0.1), { probe: sam(0) })(begun, batch(2))
  t.ok(sameTree(there.params, plain.params), 'a radius of 0 is no probe')
  const [moved, second] = trainStep(net, leastSquares, adam(0.1), { probe: sam(0.5) })(begun, batch(2))
  t.notOk(closeTrees(moved.params, plain.params, 1e-4))
  t.same([same.loss, second.loss], [first.loss, first.loss])
  t.ok(sameTree(second.output, first.output))
  t.ok(sameTree(moved.state, plain.state), 'running moments move once')
})

t.test('a parameter of zeros, and a gradient of zeros', async (t) => {
  const [none, some] = [
    { a: zeros([2]), b: zeros([0]) },
    { a: fromNested([3, 4]), b: zeros([0]) },
  ]
  t.same(toArray(sam(1)(some, none).a), [3, 4], 'stays')
  t.same(toArray(sam(1, { adaptive: true })(none, some).a), [0, 0])
  t.same(
    toArray(sam(1)(none, { a: fromNested([3e30, 4e30]), b: zeros([0]) }).a).map((x) => x.toFixed(3)),
    ['0.600', '0.800'],
    'squares do not overflow',
  )
})

t.test('a program gives the same bits, around a penalty, averages and sums of gradients', async (t) => {
  const by = ema(0.9, accumulate(2, adam(0.05)))
  const options = { probe: sam(0.1, { adaptive: true }), penalty: l2(1e-3) }
  const step = trainStep(net, leastSquares, by, options) as unknown as Step
  const { reason } = lawsOfStep(t, 'a step', step, start(net, by, key(5)), [1, 3, 5, 7, 9, 11].map(batch), [1, 4])
  t.equal(reason, undefined, 'what stands in the way of a program')
})

t.test('in parts, and by fit', async (t) => {
  const small = named('L1', linear(3, 2))
  const [by, options] = [sgd(0.1), { probe: sam(0.5) }]
  const begun = start(small, by, key(1), { dtype: 'float64' })
  const data = {
    input: random.normal(key(3), [6, 3], 'float64'),
    target: random.normal(key(4), [6, 2], 'float64'),
  }
  const [whole] = trainStep(small, leastSquares, by, options)(begun, data)
  const [parted] = trainStep(inParts(4, small), leastSquares, by, options)(begun, data)
  t.ok(closeTrees(parted.params, whole.params, 1e-12))
  const { params, state } = begun
  const fitted = fit(small, leastSquares, by, {
    ...options,
    train: examples(data),
    size: 6,
    epochs: 1,
    key: key(1),
    compiled: true,
    variables: { params, state },
  })
  let last: { readonly params: Params<typeof small> } = begun
  for await (last of fitted);
  t.ok(closeTrees(last.params, whole.params, 1e-12))
})

t.test('what is no probe', async (t) => {
  t.throws(() => sam(-1), /^sam: expected radius that is finite and not negative, got -1 \[out-of-range\]$/)
  t.throws(() => sam(1, { adaptive: 'no' as never }), /^sam: expected adaptive that is true or false, got 'no'/)
  const of = (probe: unknown) => trainStep(net, leastSquares, sgd(1), { probe: probe as Probe })
  t.throws(
    () => of(0.05),
    /^trainStep: expected a probe, a function of the parameters and their gradient, got 0.05; sam\(0.05\) is one \[wr/,
  )
  const begun = start(net, sgd(1), key(1))
  const lost: Probe = (params) => tree.map(params, (p) => op.scale(p as Tensor, Number.MAX_VALUE)) as typeof params
  t.throws(() => trainStep(net, leastSquares, sgd(1), { probe: lost, guard: 'updates' })(begun, batch(1)), {
    name: 'ValueError',
    message: /all that the network and the loss give is finite: it is the update, the penalty or the probe/,
  })
  t.throws(() => of(() => undefined)(begun, batch(1)), { name: 'StructureError', message: /at probe/ })
  t.throws(() => of((p: typeof begun.params) => ({ L1: p.L1 }))(begun, batch(1)), { message: /at probe/ })
})
