// Normalizing layers within networks: in training, on numbers far from 0, under vmap, and what a step keeps of them.
import {
  type AnyLayer,
  apply,
  batchNorm,
  compose,
  conv2d,
  count,
  define,
  engine,
  examples,
  flatten,
  freeze,
  fromArray,
  fromNested,
  gradCheck,
  groupNorm,
  init,
  initializer,
  input,
  key,
  layerNorm,
  leastSquares,
  linear,
  minibatches,
  named,
  op,
  predict,
  random,
  relu,
  rmsNorm,
  scanSync,
  sgd,
  show,
  start,
  summary,
  type Tensor,
  tanh,
  toArray,
  toNested,
  trainStep,
  tree,
  useEngine,
  vmap,
} from 'pullback'
import t from 'tap'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { closeTrees, sameTree } from '../law/diff.ts'

const train = { mode: 'train', key: key(1) } as const
const vectors = compose(named('L', linear(3, 4)), named('B', batchNorm(4)), tanh, named('M', linear(4, 2)))
const images = compose(
  input([4, 4, 1]),
  named('C', conv2d(1, 4, { kernel: 3 })),
  named('B', batchNorm(4)),
  relu,
  named('G', groupNorm(2, 4)),
  flatten,
  named('N', layerNorm(16)),
  named('R', rmsNorm(16)),
  named('M', linear(16, 2)),
)

t.test('in networks', async (t) => {
  t.equal(count(vectors), 12 + 4 + 8 + 8 + 2)
  t.match(summary(images), /B {6}batchNorm {2}\[2, 2, 4\] +8/)
  for (const [net, shape] of [
    [vectors, [4, 3]],
    [images, [3, 4, 4, 1]],
  ] as readonly (readonly [AnyLayer, readonly number[]])[]) {
    const { params, state } = init(net, key(0), { dtype: 'float64' })
    const at = { params, state, input: random.normal(key(2), shape, 'float64') }
    const report = gradCheck(net, at as never, { context: train, entries: 12, directions: 3 })
    t.ok(report.pass, show(report))
  }
})

t.test('the moments of a training run, in memory that each step gives back', async (t) => {
  const before = useEngine(wasm({ poison: true }))
  const x = random.normal(key(3), [40, 3])
  const target = random.normal(key(4), [40, 2])
  const optimizer = sgd(0.01)
  const step = trainStep(vectors, leastSquares, optimizer)
  const begun = start(vectors, optimizer, key(0))
  let run = begun
  for (const [next] of scanSync(step, begun, minibatches(10)(examples({ input: x, target })))) run = next
  t.equal(run.step, 4)
  t.notOk(sameTree(run.state, begun.state))
  t.ok(tree.leaves(run.state).every((s) => toArray(s).every(Number.isFinite)))
  const first = apply(vectors, begun, train, op.slice(x, [[0, 10]]) as never)
  const expected = toArray(
    op.mean(
      op.add(
        op.matmul(op.slice(x, [[0, 10]]) as never, op.transpose(begun.params.L.W)),
        op.broadcast(begun.params.L.b, [10, 4]),
      ),
      0,
    ),
  ).map((v) => 0.1 * v)
  t.ok(toArray(first.state.B.mean).every((v, i) => Math.abs(v - (expected[i] as number)) < 1e-6))
  useEngine(before)
})

t.test('state that is frozen with its parameters, and state within graphs', async (t) => {
  const frozen = freeze.with({ mode: 'train' })(vectors, 'B')
  const given = init(frozen, key(0))
  const step = apply(frozen, given, train, random.normal(key(5), [4, 3]))
  t.notOk(sameTree(step.state.B.mean, given.state.B.mean), 'the moments still move where that is asked for')
  const rest = apply(freeze(vectors, 'B'), given, train, random.normal(key(5), [4, 3]))
  t.ok(sameTree(rest.state.B.mean, given.state.B.mean), 'and stay else')
  const graph = define([3], { B: batchNorm(3) }, (x, { B }) => B(B(x)))
  const twice = apply(graph, init(graph, key(0)), train, random.normal(key(6), [5, 3]))
  const once = apply(batchNorm(3), init(batchNorm(3), key(0)), train, random.normal(key(6), [5, 3]))
  const scaled = (m: Tensor) => op.scale(m, 0.9) as Tensor
  t.ok(closeTrees(twice.state.B.mean, scaled(once.state.mean as Tensor), 1e-5), 'from call to call')
})

t.test('numbers about 10,000 in float32', async (t) => {
  const x = random.normal(key(7), [256, 8])
  const far = op.shift(x, 1e4)
  for (const layer of [batchNorm(8), layerNorm(8), groupNorm(2, 8)] as readonly AnyLayer[]) {
    const given = init(layer, key(0)) as { readonly params: object; readonly state: object }
    const exact = init(layer, key(0), { dtype: 'float64' }) as typeof given
    const found = layer.apply(given.params, given.state, train, far).value as Tensor
    const said = layer.apply(exact.params, exact.state, train, op.cast(far, 'float64')).value as Tensor
    t.ok(closeTrees(op.cast(found, 'float64'), said, 1e-3), layer.kind)
  }
})

t.test('a state that nobody differentiates', async (t) => {
  const layer = batchNorm(2)
  const { params, state } = init(layer, key(0), { dtype: 'float64' })
  const x = random.normal(key(8), [4, 2], 'float64')
  const report = gradCheck((x: Tensor) => layer.apply(params, state, train, x).state.mean as Tensor, x as Tensor)
  t.ok(
    report.checked.every(({ analytic }) => analytic === 0),
    'its derivative is zero',
  )
})

t.test('mapped over minibatches, each by its own moments', async (t) => {
  for (const layer of [batchNorm(3), layerNorm(3), rmsNorm(3), groupNorm(3, 3)] as readonly AnyLayer[]) {
    const { params, state } = init(layer, key(0), { dtype: 'float64' }) as { params: object; state: object }
    const run = (x: Tensor): Tensor => layer.apply(params, state, train, x).value as Tensor
    const x = random.normal(key(9), [2, 4, 3], 'float64')
    const each = [0, 1].map((i) => op.reshape(run(op.slice(x, [i]) as Tensor), [1, 4, 3]) as Tensor)
    t.ok(closeTrees(vmap(run)(x as never) as Tensor, op.concat(each) as Tensor), layer.kind)
  }
})

t.test('what they begin with', async (t) => {
  const { params, state } = init(batchNorm(2), key(0))
  t.same(
    [params, state].map((r) => Object.values(r).map((v) => toNested(v))),
    [
      [
        [1, 1],
        [0, 0],
      ],
      [
        [0, 0],
        [1, 1],
      ],
    ],
  )
  t.same(init(batchNorm(2, { affine: false }), key(0)).params, {})
  t.same(
    toNested(init(batchNorm(2, { scale: initializer.zeros, shift: initializer.constant(3) }), key(0)).params.shift),
    [3, 3],
  )
  t.same(Object.keys(init(rmsNorm([2, 3]), key(0)).params), ['scale'])
  for (const [dtype, x, y] of [
    ['float32', 1e-4, 0.27819744],
    ['float64', 1e-8, 0.55723961821095],
  ] as const) {
    const found = toArray(predict(rmsNorm(1), init(rmsNorm(1), key(0), { dtype }), fromArray([x], [1, 1], dtype)))
    t.ok(Math.abs((found[0] as number) / y - 1) < 1e-6, `epsilon is that of ${dtype} unless given: ${found}`)
  }
  t.same(init(layerNorm([2, 3]), key(0)).params.scale.shape, [2, 3])
  t.same(
    toNested(predict(batchNorm(1, { epsilon: 0 }), init(batchNorm(1), key(0)), fromNested([[3]]))),
    [[3]],
    'one example',
  )
  t.equal(engine().name, 'wasm')
})
