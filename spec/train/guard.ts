import {
  compose,
  defineLoss,
  elementwise,
  fromNested,
  key,
  leastSquares,
  linear,
  named,
  op,
  residual,
  sgd,
  start,
  type Tensor,
  toArray,
  trainStep,
  ValueError,
} from 'pullback'
import t from 'tap'

const net = compose(named('L1', linear(2, 2)), named('root', elementwise(op.sqrt)), named('L2', linear(2, 1)))
const run = start(net, sgd(0.1), key(0))
const params = {
  L1: {
    W: fromNested([
      [1, 0],
      [0, 1],
    ]),
    b: fromNested([0, 0]),
  },
  L2: { W: fromNested([[1, 1]]), b: fromNested([0]) },
}
const at = { ...run, params: params as typeof run.params, step: 17 }
const batch = (x: readonly number[]) => ({
  input: fromNested([x, [1, 1]]) as Tensor<readonly [number, 2]>,
  target: fromNested([[1], [1]]),
})

t.test('a loss that is NaN names the layer and the minibatch where it began', async (t) => {
  const step = trainStep(net, leastSquares, sgd(0.1))
  t.throws(() => step(at, batch([-1, 4]) as never), {
    name: 'ValueError',
    path: ['root'],
    message:
      'trainStep at root: expected a loss that is finite, got NaN or ∞ in minibatch 17; the first that is not finite is root (sqrt): 1 of 4 numbers; explain shows every node',
  })
  t.throws(() => step(at, batch([Number.NaN, 4]) as never), /the first that is not finite is input: 1 of 4 numbers/)
})

t.test('parameters made NaN or infinite by an update', async (t) => {
  const step = trainStep(net, leastSquares, sgd(0.1))
  const [after, { loss }] = step(at, batch([0, 4]) as never)
  t.ok(Number.isFinite(loss), 'the gradient of a root at 0 is what is not')
  t.ok(toArray(after.params.L1.W).some((x) => !Number.isFinite(x)))
  t.throws(
    () => step(after, batch([1, 4]) as never),
    /in minibatch 18; not finite before it ran: the parameters L1\.W, L1\.b; so the update after minibatch 17 made it/,
  )
  const guarded = trainStep(net, leastSquares, sgd(0.1), { guard: 'updates' })
  t.throws(() => guarded(at, batch([0, 4]) as never), {
    path: ['root'],
    message:
      /expected an update that is finite, got NaN or ∞ in minibatch 17; the first gradient that is not finite comes out of root \(sqrt\)/,
  })
  const wild = trainStep(net, leastSquares, sgd(1e38), { guard: 'updates' })
  t.throws(
    () =>
      wild(
        { ...at, params: { ...at.params, L2: { ...at.params.L2, b: fromNested([9]) } } } as never,
        batch([1e-4, 4]) as never,
      ),
    /all that the network and the loss give is finite/,
  )
})

t.test('what is no layer: the loss, and what is between layers', async (t) => {
  const messageOf = (layer: never, loss: never, x: number): string => {
    const begun = start(layer as typeof net, sgd(0.1), key(0))
    const weights = { W: fromNested([[1]]), b: fromNested([0]) }
    const params = Object.fromEntries(Object.keys(begun.params).map((name) => [name, weights]))
    try {
      trainStep(layer as typeof net, loss, sgd(0.1), { guard: 'updates' })({ ...begun, params } as never, {
        input: fromNested([[x]]) as never,
        target: fromNested([[1]]) as never,
      })
    } catch (e) {
      return (e as Error).message
    }
    return ''
  }
  const ofOutput = (f: (y: Tensor) => Tensor) =>
    defineLoss('own', (y: Tensor) => op.reshape(f(y), [1]) as never) as never
  const one = named('L1', linear(1, 1)) as never
  const two = compose(residual(named('L1', linear(1, 1))), named('L2', linear(1, 1))) as never
  const within = messageOf(one, ofOutput(op.log), -1)
  t.match(within, /^trainStep: .* in minibatch 0; the first that is not finite is loss: 1 of 1 numbers; explain/)
  t.match(messageOf(one, ofOutput(op.sqrt), 0), /the first gradient that is not finite comes out of loss; explain/)
  t.match(
    messageOf(two, leastSquares as never, 3e38),
    /^trainStep at L2: .* the first that is not finite is the input of L2 \(linear\): 1 of 1 numbers/,
  )
})

t.test('a run without a guard, and a run without a fault', async (t) => {
  const free = trainStep(net, leastSquares, sgd(0.1), { guard: 'none' })
  t.ok(Number.isNaN(free(at, batch([-1, 4]) as never)[1].loss))
  const guarded = trainStep(net, leastSquares, sgd(0.1), { guard: 'updates' })
  t.ok(Number.isFinite(guarded(at, batch([1, 4]) as never)[1].loss))
  t.throws(() => trainStep(net, leastSquares, sgd(0.1), { guard: 'all' } as never), ValueError)
})

t.test('finite parameters whose sum overflows are finite', async (t) => {
  const layer = linear(2, 1)
  const large = { W: fromNested([[3e38, 3e38]]) as Tensor<readonly [1, 2]>, b: fromNested([0]) as Tensor<readonly [1]> }
  const guarded = trainStep(layer, leastSquares, sgd(0.1), { guard: 'updates' })
  const begun = start(layer, sgd(0.1), key(0), { variables: { params: large, state: {} } })
  const [after] = guarded(begun, { input: fromNested([[0, 0]]), target: fromNested([[1]]) })
  t.ok(toArray(op.sum(after.params.W)).includes(Number.POSITIVE_INFINITY))
  t.ok(toArray(after.params.W).every(Number.isFinite))
  const mixed = { W: fromNested([[Number.POSITIVE_INFINITY, 0]]) as Tensor<readonly [1, 2]>, b: large.b }
  const broken = { ...begun, params: mixed, optimizer: begun.optimizer }
  t.throws(() => guarded(broken, { input: fromNested([[0, 0]]), target: fromNested([[1]]) }), ValueError)
})
