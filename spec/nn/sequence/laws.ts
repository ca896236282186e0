// What makes a layer a layer of sequences: causes come first, padding changes nothing, places matter only where they are given.
import {
  type AnyLayer,
  type AnyTensor,
  attention,
  bidirectional,
  compose,
  eachStep,
  embedding,
  eqTree,
  fromNested,
  gradCheck,
  gru,
  gruCell,
  init,
  input,
  int,
  key,
  layer,
  linear,
  lstm,
  lstmCell,
  named,
  op,
  predict,
  random,
  recur,
  rnn,
  type Shape,
  type Tensor,
  type Tree,
  tie,
  toArray,
  transformerEncoder,
  zeros,
} from 'pullback'
import t from 'tap'
import { closeTrees } from '../../law/diff.ts'

const normal = (seed: number, shape: Shape): Tensor => random.normal(key(seed), shape, 'float64')
const variables = (of: AnyLayer): never => init(of, key(1), { dtype: 'float64' }) as never
const value = (of: AnyLayer, x: unknown): Tensor => predict(of, variables(of), x as never) as Tensor
const steps = (x: Tensor, from: number, to: number): Tensor => op.slice(x, [null, [from, to]]) as Tensor

t.test('what comes later changes nothing before it, to the bit', async (t) => {
  const [x, other] = [normal(2, [2, 5, 4]), normal(3, [2, 2, 4])]
  const changed = op.concat([steps(x, 0, 3), other], 1) as Tensor
  const causal: Readonly<Record<string, AnyLayer>> = {
    attention: attention(4, 2, { causal: true }),
    rotary: attention(4, 2, { causal: true, rotary: true }),
    block: transformerEncoder(4, 2, { causal: true }),
    rnn: rnn(4, 3),
    gru: gru(4, 3),
    lstm: lstm(4, 3),
  }
  for (const [name, of] of Object.entries(causal)) {
    const [a, b] = [value(of, x), value(of, changed)]
    t.ok(eqTree.equals(steps(a, 0, 3), steps(b, 0, 3)), name)
    t.notOk(eqTree.equals(a, b), `${name} sees what it is given`)
  }
})

t.test('padding changes nothing', async (t) => {
  const x = normal(2, [2, 3, 4])
  const mask = fromNested(
    [
      [1, 1, 1, 0, 0],
      [1, 1, 1, 0, 0],
    ],
    'float64',
  )
  const padded = op.concat([x, normal(3, [2, 2, 4])], 1) as Tensor
  const pairs: Readonly<Record<string, readonly [plain: AnyLayer, masked: AnyLayer]>> = {
    gru: [gru(4, 3), gru(4, 3, { masked: true })],
    'lstm, last': [lstm(4, 3, { outputs: 'last' }), lstm(4, 3, { masked: true, outputs: 'last' })],
    'rnn, reverse': [rnn(4, 3, { reverse: true }), rnn(4, 3, { masked: true, reverse: true })],
    attention: [attention(4, 2), attention(4, 2, { masked: true })],
    block: [transformerEncoder(4, 2), transformerEncoder(4, 2, { masked: true })],
  }
  for (const [name, [plain, masked]] of Object.entries(pairs)) {
    const [a, b] = [value(plain, x), value(masked, { input: padded, mask })]
    t.ok(closeTrees(a, b.shape.length === 3 ? steps(b, 0, 3) : b, 1e-14), name)
    if (name === 'gru')
      t.ok(
        toArray(steps(b, 3, 5)).every((v) => v === 0),
        'the output of padding is 0',
      )
  }
})

t.test('a step that may look at nothing gets the bias alone, and no gradient goes through it', async (t) => {
  const of = attention(4, 2, { masked: true })
  const x = { input: normal(2, [1, 3, 4]), mask: zeros([1, 3], 'float64') }
  const { params, state } = variables(of) as {
    readonly params: { readonly output: { readonly b: Tensor } }
    readonly state: never
  }
  const step = of.apply(params as never, state, { mode: 'eval' }, x as never)
  t.same(
    toArray(step.value),
    [0, 1, 2].flatMap(() => toArray(params.output.b)),
  )
  const dx = step.pullback(normal(3, [1, 3, 4]) as never).input() as unknown as { readonly input: Tensor }
  t.ok(toArray(dx.input).every((v) => v === 0))
})

t.test('without places, attention knows no order', async (t) => {
  const of = attention(4, 2)
  const x = normal(2, [2, 3, 4])
  const order = fromNested([2, 0, 1], 'int32')
  const permuted = (a: Tensor): Tensor =>
    op.transpose(op.gather(op.transpose(a, [1, 0, 2]) as Tensor, order) as Tensor, [1, 0, 2]) as Tensor
  t.ok(closeTrees(value(of, permuted(x)), permuted(value(of, x)), 1e-13))
  const turned = attention(4, 2, { rotary: true })
  t.notOk(closeTrees(value(turned, permuted(x)), permuted(value(turned, x)), 1e-3), 'with places, it does')
})

t.test('recur is the network unrolled, and the cells are steps of their sequences', async (t) => {
  const x = normal(2, [2, 4, 3])
  const [h, c] = [zeros([2, 2], 'float64'), zeros([2, 2], 'float64')]
  const pairs: readonly (readonly [AnyLayer, AnyLayer, Tree])[] = [
    [gruCell(3, 2), gru(3, 2), h],
    [lstmCell(3, 2), lstm(3, 2), { h, c }],
  ]
  for (const [cell, whole, carry] of pairs) {
    const all = predict(recur(cell as never), variables(cell), { input: x, carry } as never) as unknown as {
      readonly output: Tensor
    }
    t.ok(closeTrees(all.output, value(whole, x), 1e-13), cell.kind)
    let state: Tree = carry
    for (let i = 0; i < 4; i++) {
      const one = predict(cell, variables(cell), { input: op.slice(x, [null, i]), carry: state } as never) as never as {
        readonly output: Tensor
        readonly carry: Tree
      }
      state = one.carry
      t.ok(eqTree.equals(one.output, op.slice(all.output, [null, i]) as Tensor), `step ${i}`)
    }
  }
  const back = value(gru(3, 2, { reverse: true }), x)
  t.ok(closeTrees(back, op.flip(value(gru(3, 2), op.flip(x, 1)), 1), 1e-14), 'reverse is the sequence turned around')
})

t.test('recur in blocks gives the same numbers, forward and backward', async (t) => {
  const cell = gruCell(3, 2)
  const x = { input: normal(2, [2, 7, 3]), carry: normal(3, [2, 2]) }
  const { params, state } = variables(cell) as { readonly params: never; readonly state: never }
  for (const reverse of [false, true])
    for (const checkpoint of [1, 3, 7, 10]) {
      const [plain, blocks] = [recur(cell, { reverse }), recur(cell, { reverse, checkpoint })]
      const of = (layer: typeof plain) => {
        const step = layer.apply(params, state, { mode: 'train', key: key(4) }, x as never)
        const back = step.pullback(step.value)
        return { value: step.value, params: back.params(), input: back.input() } as unknown as Tree
      }
      t.ok(closeTrees(of(plain), of(blocks), 1e-14), `${checkpoint}${reverse ? ', reverse' : ''}`)
    }
  t.ok(gradCheck(recur(cell, { checkpoint: 2 }), { params, state, input: x } as never).pass)
  t.throws(
    () => recur(cell, { checkpoint: 0 }),
    /recur: expected a checkpoint of steps that is a whole number from 1, got 0/,
  )
})

t.test('recur with a cell of one’s own', async (t) => {
  const cell = layer({
    kind: 'decay',
    input: { input: [2], carry: [2] },
    params: { rate: { shape: [2], draw: (k, shape, dtype) => random.uniform(k, shape, { dtype }) } },
    forward: ({ rate }, { input: x, carry }) => {
      const next = op.add(op.mul(carry, op.broadcast(rate, carry.shape)), x)
      return { output: op.tanh(next), carry: next }
    },
  })
  const of = recur(cell)
  const x = { input: normal(2, [2, 3, 2]), carry: normal(3, [2, 2]) }
  t.ok(gradCheck(of, { ...(variables(of) as object), input: x } as never).pass)
  t.throws(
    () => predict(of, variables(of), { input: zeros([2, 0, 2], 'float64'), carry: x.carry } as never),
    /recur: expected a sequence of at least one step, got 0/,
  )
  t.throws(
    () => predict(of, variables(of), { input: x.input, carry: zeros([2, 3], 'float64') } as never),
    /recur at carry: expected \[batch, 2\], got \[2, 3\]/,
  )
  t.throws(() => recur(linear(3, 2) as never), /recur: expected a cell that takes \{ input, carry \}/)
  t.throws(() => recur(cell, { backward: true } as never), /options among reverse, checkpoint, got 'backward'/)
})

t.test('eachStep and bidirectional', async (t) => {
  const x = normal(2, [2, 4, 3])
  const of = eachStep(linear(3, 2))
  const [a, v] = [value(of, x), variables(linear(3, 2))]
  for (let i = 0; i < 4; i++)
    t.ok(
      closeTrees(
        op.slice(a, [null, i]) as Tensor,
        predict(linear(3, 2), v, op.slice(x, [null, i]) as never) as Tensor,
        1e-14,
      ),
    )
  t.ok(gradCheck(of, { ...(variables(of) as object), input: x } as never).pass)
  t.same(eachStep(compose(input(int([])), embedding(3, 2))).input, int([-1]))
  t.throws(() => eachStep(op.relu as never), /eachStep: expected a layer/)
  t.throws(
    () => predict(of, variables(of), zeros([3], 'float64') as never),
    /eachStep: expected \[batch, any, 3\], got \[3\]/,
  )
  const both = bidirectional((direction) => gru(3, 2, direction))
  const { params } = variables(both) as { readonly params: { readonly forward: never; readonly backward: never } }
  const y = value(both, x)
  t.ok(
    closeTrees(
      op.slice(y, [null, null, [0, 2]]) as Tensor,
      predict(gru(3, 2), { params: params.forward, state: {} }, x as never) as Tensor,
    ),
  )
  const reversed = predict(gru(3, 2, { reverse: true }), { params: params.backward, state: {} }, x as never) as Tensor
  t.ok(closeTrees(op.slice(y, [null, null, [2, 4]]) as Tensor, reversed))
})

t.test('a chain that begins with an embedding takes whole numbers of any shape', async (t) => {
  const net = compose(named('embed', embedding(5, 3)), named('read', gru(3, 2)))
  const { params, state } = variables(net) as { readonly params: never; readonly state: never }
  t.same((predict(net, { params, state }, zeros([2, 4], 'int32') as never) as Tensor).shape, [2, 4, 2])
  t.throws(
    () => predict(net, { params, state }, zeros([2, 4, 3], 'float64') as never),
    /expected labels or indices in int32, got float64/,
  )
  t.same(compose(input(int([4])), net).input, int([4]))
})

t.test('an embedding shares its vectors with an output layer', async (t) => {
  const net = compose(input(int([2])), named('embed', embedding(5, 3)), named('out', eachStep(linear(3, 5))))
  const tied = tie(net, 'embed.W', 'out.W')
  const tokens = fromNested([[1, 4]], 'int32') as AnyTensor
  const report = gradCheck(tied, { ...(variables(tied) as object), input: tokens } as never)
  t.ok(report.pass)
})
