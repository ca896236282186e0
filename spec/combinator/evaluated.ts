// What is frozen or in evaluation stays as it is while the rest trains. Cases from reports on other libraries: keras-team/keras 6570, 9522,
// 9965 and 20285, pytorch/pytorch 10856 and 86590, chemprop/chemprop 952, fgnt/padertorch 141.
import {
  type AnyLayer,
  apply,
  batchNorm,
  compose,
  define,
  dropout,
  evaluated,
  explain,
  fanout,
  freeze,
  gradCheck,
  init,
  input,
  join,
  key,
  leastSquares,
  linear,
  named,
  predict,
  random,
  repeat,
  residual,
  sgd,
  start,
  summary,
  tanh,
  thaw,
  tie,
  toArray,
  trainStep,
  type tree,
} from 'pullback'
import t from 'tap'
import { sameTree } from '../law/diff.ts'
import { lawsOfLayer } from '../law/layer.ts'

const x = random.normal(key(1), [8, 4])
const batch = { input: x, target: random.normal(key(2), [8, 2]) }
const train = { mode: 'train', key: key(3) } as const
const block = compose(named('L', linear(4, 4)), named('bn', batchNorm(4)), tanh, dropout({ drop: 0.5 }))
const net = compose(named('enc', block), named('out', linear(4, 2)))

/** Whether a layer gives in training what it gives in evaluation, and keeps its state. */
const rests = (layer: AnyLayer, given: tree.Tree = x): boolean => {
  const variables = init(layer, key(0))
  const step = apply(layer, variables, train, given as never)
  return (
    sameTree(step.value as tree.Tree, predict(layer, variables, given as never) as tree.Tree) &&
    sameTree(step.state, variables.state as tree.Tree)
  )
}

t.test('nothing moves where the whole network is frozen and trained on', async (t) => {
  const layer = freeze(net, 'enc')
  const optimizer = sgd(0)
  const begun = start(layer, optimizer, key(0))
  const step = trainStep(layer, leastSquares, optimizer)
  let run = begun
  for (let i = 0; i < 50; i++) run = step(run, batch)[0]
  t.ok(sameTree(run.state, begun.state))
  t.ok(sameTree(predict(layer, run, x), predict(layer, begun, x)))
  const learning = trainStep(layer, leastSquares, sgd(0.1))(begun, batch)[0]
  t.notOk(sameTree(learning.params, begun.params), 'the head is trained')
  t.ok(sameTree(learning.state, begun.state), 'the rest is not')
  t.ok(sameTree(thaw(learning).params.enc, thaw(begun).params.enc), 'and comes back from thaw as it was')
  t.equal(thaw(layer), net)
})

t.test('parts whose parameters are all frozen run as in evaluation, wherever they are', async (t) => {
  t.ok(rests(freeze(net, 'enc')), 'by the name of a record')
  t.ok(rests(freeze(block, 'L.W', 'L.b', 'bn.scale', 'bn.shift')), 'by the names of all tensors')
  t.ok(rests(freeze(freeze(net, 'enc.L', 'enc.bn.shift'), 'enc.bn.scale')), 'one after the other')
  t.ok(rests(freeze(batchNorm(4), 'scale', 'shift')), 'a layer without a name')
  const deep = repeat(2, residual(compose(named('bn', batchNorm(4)), named('L', linear(4, 4)))))
  t.ok(rests(freeze(deep, '0.bn', '1.bn')))
  const branches = compose(fanout({ a: compose(named('bn', batchNorm(4)), tanh), b: linear(4, 4) }), join.sum)
  t.ok(rests(freeze(branches, 'a')))
  t.ok(
    rests(
      freeze(
        define([4], { bn: batchNorm(4), L: linear(4, 2) }, (x, { bn, L }) => L(bn(x))),
        'bn',
      ),
    ),
  )
  const twins = compose(named('a', batchNorm(4)), tanh, named('b', batchNorm(4)))
  t.ok(rests(freeze(tie(twins, 'a', 'b'), 'a')), 'tied')
  t.ok(rests(freeze(tie(twins, 'a.scale', 'b.scale'), 'a', 'b.shift')), 'tied in part')
  t.ok(rests(freeze(compose(evaluated(dropout({ drop: 0.5 })), named('bn', batchNorm(4))), 'bn')))
})

t.test('other parts go on', async (t) => {
  t.notOk(rests(freeze(net, 'out')), 'a part before')
  t.notOk(rests(freeze(net, 'enc.L')), 'a part beside: dropout and batch normalisation')
  t.notOk(rests(freeze(batchNorm(4), 'scale')), 'a part of which something is trained')
  t.notOk(rests(freeze(tie(compose(named('a', batchNorm(4)), named('b', batchNorm(4))), 'a.scale', 'b.scale'), 'b')))
  const variables = init(freeze(net, 'enc.bn'), key(0))
  const { state } = apply(freeze(net, 'enc.bn'), variables, train, x)
  t.ok(sameTree(state, variables.state), 'while dropout drops, running moments stay')
})

t.test('unless that is asked for', async (t) => {
  const alive = freeze.with({ mode: 'train' })
  const layer = alive(net, 'enc')
  const variables = init(layer, key(0))
  const { state, value } = apply(layer, variables, train, x)
  const whole = apply(net, thaw(variables) as never, train, x)
  t.ok(sameTree(value, whole.value))
  t.ok(sameTree(state.enc, whole.state.enc), 'running moments move')
  t.ok(sameTree(state.frozen, variables.state.frozen), 'parameters do not')
  t.ok(rests(alive.with({ mode: 'eval' })(net, 'enc')))
  t.notOk(rests(freeze(alive(net, 'enc.bn'), 'enc.L', 'out')), 'what is frozen later does not undo it')
  t.notOk(rests(freeze(compose(alive(net, 'enc.bn'), named('top', linear(2, 2))), 'enc', 'out', 'top')))
  const later = freeze(alive(net, 'enc.bn'), 'enc.L', 'out')
  const begun = init(later, key(0))
  const after = apply(later, begun, train, x).state
  t.notOk(sameTree(after.enc, begun.state.enc), 'and running moments move on then too')
  t.throws(() => freeze.with({ mode: 'test' as 'eval' }), /^freeze: expected the mode 'eval' or 'train', got 'test'/)
})

t.test('any part in evaluation', async (t) => {
  lawsOfLayer(t, 'batch normalisation', evaluated(compose(input([3]), batchNorm(3))) as AnyLayer)
  lawsOfLayer(t, 'a chain', evaluated(block) as AnyLayer)
  t.ok(rests(evaluated(net)))
  t.ok(rests(evaluated(batchNorm(4, { affine: false }))))
  const learning = compose(named('enc', evaluated(block)), named('out', linear(4, 2)))
  const { params, state } = init(learning, key(0))
  t.ok(sameTree(init(net, key(0)) as never, { params, state } as never), 'names and first weights stay')
  t.ok(gradCheck(learning, { params, state, input: x }).pass, 'and scale and shift are trained')
  const optimizer = sgd(0.1)
  const begun = start(learning, optimizer, key(0))
  const [after] = trainStep(learning, leastSquares, optimizer)(begun, batch)
  t.ok(sameTree(after.state, begun.state))
  t.notOk(sameTree(after.params.enc.bn, begun.params.enc.bn))
  t.ok(rests(evaluated(repeat(2, compose(evaluated(dropout({ drop: 0.5 })), named('bn', batchNorm(4)))))))
})

t.test('what looks into a network sees through it', async (t) => {
  t.equal(summary(evaluated(net)), summary(net))
  const layer = freeze(compose(named('enc', evaluated(block)), named('out', linear(4, 2))), 'enc.bn')
  const graph = explain(layer, init(layer, key(0)), x, { context: train })
  t.same(
    graph.nodes.map(({ kind }) => kind),
    ['input', 'linear', 'batchNorm', 'tanh', 'dropout', 'linear'],
  )
  const variables = init(layer, key(0))
  t.equal(graph.nodes.at(-1)?.activation.max, Math.max(...toArray(apply(layer, variables, train, x).value)))
})
