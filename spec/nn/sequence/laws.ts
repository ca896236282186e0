// What makes a layer a layer of sequences: causes come first, padding changes nothing, places matter only where they are given.
import {
  type AnyLayer,
  type AnyTensor,
  attention,
  bidirectional,
  type Context,
  compose,
  crossAttention,
  define,
  eachStep,
  embedding,
  eqTree,
  fromNested,
  full,
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
  ones,
  op,
  predict,
  random,
  recur,
  rnn,
  rnnCell,
  type Shape,
  type Tensor,
  type Tree,
  tie,
  toArray,
  transformerDecoder,
  transformerEncoder,
  tree,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import { closeTrees } from '../../law/diff.ts'

/** Values whose structure depends on options. */
// biome-ignore lint/suspicious/noExplicitAny: records of cotangents are taken apart by name
type Loose = any
type Variables = { readonly params: Loose; readonly state: unknown }

const normal = (seed: number, shape: Shape): Tensor => random.normal(key(seed), shape, 'float64')
const variables = (of: AnyLayer): never => init(of, key(1), { dtype: 'float64' }) as never
const value = (of: AnyLayer, x: unknown): Tensor => predict(of, variables(of), x as never) as Tensor
const steps = (x: Tensor, from: number, to: number): Tensor => op.slice(x, [null, [from, to]]) as Tensor

/** A layer that asks a memory, as a layer of what it asks with; the memory is the same numbers each time. */
const decoding = (of: AnyLayer): AnyLayer =>
  define([-1, 4], { of }, (input, { of }) =>
    (of as never as (x: object) => Tensor)({ input, memory: normal(9, [2, 5, 4]) }),
  )

t.test('what comes later changes nothing before it, to the bit', async (t) => {
  const [x, other] = [normal(2, [2, 5, 4]), normal(3, [2, 2, 4])]
  const changed = op.concat([steps(x, 0, 3), other], 1) as Tensor
  const causal: Readonly<Record<string, AnyLayer>> = {
    attention: attention(4, 2, { causal: true }),
    rotary: attention(4, 2, { causal: true, rotary: true }),
    block: transformerEncoder(4, 2, { causal: true }),
    decoder: decoding(transformerDecoder(4, 2)),
    cross: decoding(crossAttention(4, 2, { causal: true })),
    rnn: rnn(4, 3),
    gru: gru(4, 3),
    lstm: lstm(4, 3),
  }
  for (const [name, of] of Object.entries(causal)) {
    const [a, b] = [value(of, x), value(of, changed)]
    t.ok(eqTree.equals(steps(a, 0, 3), steps(b, 0, 3)), name)
    t.notOk(eqTree.equals(a, b), `${name} sees what it is given`)
  }
  const ask = normal(4, [2, 5, 4])
  const of = crossAttention(4, 2, { causal: true })
  const [a, b] = [x, changed].map((memory) => value(of, { input: ask, memory })) as [Tensor, Tensor]
  t.ok(eqTree.equals(steps(a, 0, 3), steps(b, 0, 3)), 'a memory')
  t.notOk(eqTree.equals(a, b))
  const seeing = decoding(transformerDecoder(4, 2, { causal: false }))
  t.notOk(eqTree.equals(steps(value(seeing, x), 0, 3), steps(value(seeing, changed), 0, 3)), 'unless it may')
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

/** Values and cotangents of a masked layer, for a cotangent that is 0 at padding. */
const both = (of: AnyLayer, x: object, dy: (y: Tensor) => Tensor) => {
  const { params, state } = variables(of) as { readonly params: never; readonly state: never }
  const step = of.apply(params, state, { mode: 'eval' }, x as never)
  const back = step.pullback(dy(step.value as Tensor) as never)
  return { value: step.value as Tensor, params: back.params() as Tree, input: back.input() as Record<string, Tensor> }
}

t.test('whatever stands in padding changes no bit of values and gradients, not even NaN', async (t) => {
  const x = normal(2, [2, 5, 4])
  const rows = [
    [1, 1, 1, 0, 0],
    [1, 0, 1, 1, 0],
  ]
  const mask = fromNested(rows, 'float64')
  const hidden = (fill: number): Tensor => {
    const here = op.broadcast(op.reshape(mask, [2, 5, 1]), x.shape)
    return op.where(here, x as never, full(x.shape, fill, 'float64') as never) as Tensor
  }
  const ask = normal(4, [2, 3, 4])
  const here: Readonly<Record<string, readonly [AnyLayer, (padded: Tensor) => object]>> = {
    attention: [attention(4, 2, { masked: true }) as AnyLayer, (padded) => ({ input: padded, mask })],
    causal: [attention(4, 2, { masked: true, causal: true }) as AnyLayer, (padded) => ({ input: padded, mask })],
    cross: [crossAttention(4, 2, { masked: true }) as AnyLayer, (padded) => ({ input: ask, memory: padded, mask })],
    encoder: [transformerEncoder(4, 2, { masked: true }) as AnyLayer, (padded) => ({ input: padded, mask })],
    decoder: [
      transformerDecoder(4, 2, { masked: true, inputMasked: true }) as AnyLayer,
      (padded) => ({ input: padded, memory: padded, mask, inputMask: mask }),
    ],
  }
  for (const [name, [of, given]] of Object.entries(here)) {
    const dy = (y: Tensor): Tensor => normal(5, y.shape)
    const plain = both(of, given(hidden(0)), dy)
    for (const fill of [1e300, Number.NaN, Number.POSITIVE_INFINITY]) {
      const found = both(of, given(hidden(fill)), dy)
      t.ok(eqTree.equals(found as never, plain as never), `${name}: ${fill}`)
    }
  }
})

t.test('what is above 0 is seen, and what is not seen does not count, however low the scores', async (t) => {
  const of = attention(1, 1, { masked: true })
  const [one, none] = [fromNested([[1]], 'float64'), fromNested([0], 'float64')]
  const input = { W: fromNested([[1e16], [-1e16], [1]], 'float64'), b: zeros([3], 'float64') }
  const at = (x: readonly number[], mask: readonly number[]): readonly number[] =>
    toArray(
      predict(
        of,
        { params: { input, output: { W: one, b: none } }, state: {} } as never,
        {
          input: fromNested([x.map((v) => [v])], 'float64'),
          mask: fromNested([mask], 'float64'),
        } as never,
      ) as Tensor,
    )
  t.same(at([1, 0.5], [1, 0])[0], 1, 'a score of −1e32 is above that of padding')
  for (const seen of [0.1, 0.5, 2, 7]) t.same(at([1, 1], [0, seen])[0], 1, `${seen} is seen`)
  for (const unseen of [0, -0, -1, Number.NaN]) t.same(at([1, 1], [0, unseen]), [0, 0], `${unseen} is not`)
})

t.test('a step that may look at nothing gets zeros, and no gradient goes through it', async (t) => {
  const x = normal(2, [1, 3, 4])
  const nothing = { input: x, mask: zeros([1, 3], 'float64') }
  const later = { input: x, mask: fromNested([[0, 1, 1]], 'float64') }
  const pairs = {
    input: x,
    mask: fromNested(
      [
        [
          [0, 0, 0],
          [1, 0, 0],
          [1, 1, 1],
        ],
      ],
      'float64',
    ),
  }
  const cases: readonly (readonly [AnyLayer, object, number])[] = [
    [attention(4, 2, { masked: true }) as AnyLayer, nothing, 3],
    [attention(4, 2, { masked: true, causal: true }) as AnyLayer, later, 1],
    [attention(4, 2, { masked: 'pairs' }) as AnyLayer, pairs, 1],
    [crossAttention(4, 2, { masked: true }) as AnyLayer, { ...nothing, memory: x }, 3],
  ]
  for (const [of, given, blind] of cases) {
    const only = (): Tensor => op.concat([normal(3, [1, blind, 4]), zeros([1, 3 - blind, 4], 'float64')], 1) as Tensor
    const { value, params, input } = both(of, given, only)
    t.ok(
      toArray(steps(value, 0, blind)).every((v) => v === 0),
      `${of.kind}: zeros`,
    )
    const all = tree.leaves([params, input] as never) as readonly Tensor[]
    t.ok(
      all.every((d) => toArray(d).every((v) => v === 0)),
      `${of.kind}: no gradient`,
    )
  }
})

t.test('dropout drops weights of attention in training', async (t) => {
  const x = normal(2, [2, 5, 4])
  const { params, state } = variables(attention(4, 2)) as { readonly params: never; readonly state: never }
  const value = (drop: number, mode: 'train' | 'eval') =>
    attention(4, 2, { drop }).apply(params, state, { mode, key: key(3) }, x as never).value as Tensor
  t.ok(eqTree.equals(value(0.5, 'eval'), value(0, 'train')), 'and not in evaluation')
  t.notOk(closeTrees(value(0.5, 'train'), value(0, 'train'), 1e-3))
  const { output } = params as { readonly output: { readonly b: Tensor } }
  t.ok(eqTree.equals(value(1, 'train'), op.broadcast(output.b, [2, 5, 4]) as Tensor), 'all of them leave the bias')
})

t.test('without places, attention knows no order', async (t) => {
  const of = attention(4, 2)
  const x = normal(2, [2, 3, 4])
  const order = fromNested([2, 0, 1], 'int32')
  const permuted = (a: Tensor): Tensor =>
    op.transpose(op.gather(op.transpose(a, [1, 0, 2]) as Tensor, order) as Tensor, [1, 0, 2]) as Tensor
  for (const layer of [of, transformerEncoder(4, 2), decoding(transformerDecoder(4, 2, { causal: false }))] as const)
    t.ok(closeTrees(value(layer, permuted(x)), permuted(value(layer, x)), 1e-13), layer.kind)
  const turned = attention(4, 2, { rotary: true })
  t.notOk(closeTrees(value(turned, permuted(x)), permuted(value(turned, x)), 1e-3), 'with places, it does')
})

/** The value of a layer and its cotangents, for some cotangent of the value. */
const through = (of: AnyLayer, x: unknown, { params, state } = variables(of) as Variables, context?: Context) => {
  const step = of.apply(params as never, state as never, context ?? { mode: 'eval' }, x as never)
  let seed = 10
  const dy = tree.map(step.value as Tree, (part) => normal(seed++, part.shape))
  const back = step.pullback(dy as never)
  return { value: step.value as Tree, params: back.params() as Loose, input: back.input() as Loose }
}

t.test('no padding reaches a result or a gradient, whatever it holds', async (t) => {
  const rows = [
    [1, 1, 1, 0, 0],
    [0, 1, 0, 1, 1],
  ]
  const [x, mask] = [normal(2, [2, 5, 3]), fromNested(rows, 'float64')]
  const seen = op.broadcast(op.reshape(mask, [2, 5, 1]) as Tensor, x.shape) as Tensor
  const holding = (v: number): Tensor =>
    op.where(seen, x, op.shift(zeros(x.shape, 'float64'), v) as never) as unknown as Tensor
  const options = { masked: true, layers: 2, bidirectional: true, carry: 'out' } as const
  const layers: readonly AnyLayer[] = [
    rnn(3, 2, options),
    gru(3, 2, options),
    lstm(3, 2, options),
    bidirectional((direction) => lstm(3, 2, { ...direction, masked: true })),
  ]
  for (const of of layers) {
    const zero = through(of, { input: holding(0), mask })
    for (const v of [7, Number.NaN, Number.POSITIVE_INFINITY])
      t.ok(eqTree.equals(through(of, { input: holding(v), mask }) as Tree, zero as Tree), `${of.kind}, ${v}`)
    t.ok(
      toArray(zero.input.input).every((d, i) => (d === 0) === (toArray(seen)[i] === 0)),
      'the cotangent of padding is 0, of a step it is not',
    )
    // The second sequence without its padding, which is not all at its end.
    const short = op.gather(op.slice(x, [1]) as Tensor, fromNested([1, 3, 4], 'int32')) as Tensor
    const alone = predict(of, variables(of), {
      input: op.reshape(short, [1, 3, 3]),
      mask: ones([1, 3], 'float64'),
    } as never)
    const [carries, own] = [zero.value, alone].map((y) => (y as Loose).carry ?? {})
    t.ok(
      closeTrees(
        tree.map(carries as Tree, (part) => op.slice(part, [[1, 2]]) as Tensor),
        own,
        1e-14,
      ),
      'the carry',
    )
  }
})

t.test('a mask of zeros leaves what is carried as it was, and a last output is that of the last step', async (t) => {
  const of = gru(3, 2, { masked: true, carry: 'both', outputs: 'last' })
  const carry = normal(4, [2, 2])
  const x = { input: normal(2, [2, 3, 3]), mask: zeros([2, 3], 'float64'), carry }
  const y = predict(of, variables(of), x as never) as Loose
  t.ok(eqTree.equals(y, { output: carry, carry } as never))
})

t.test('layers and directions are layers and directions by hand', async (t) => {
  const x = normal(2, [2, 4, 3])
  const made = { rnn, gru, lstm } as unknown as Readonly<Record<string, (...all: unknown[]) => AnyLayer>>
  for (const [name, make] of Object.entries(made)) {
    const whole = make(3, 2, { layers: 2, bidirectional: true })
    const parts = variables(whole) as Variables
    const both = (inputs: number): AnyLayer =>
      bidirectional((direction) => make(inputs, 2, direction)) as unknown as AnyLayer
    const byHand = compose(named('0', both(3) as never), named('1', both(4) as never)) as unknown as AnyLayer
    const params = (of: Loose): Loose => ({
      0: { forward: of.l0, backward: of.l0_reverse },
      1: { forward: of.l1, backward: of.l1_reverse },
    })
    const [a, b] = [through(whole, x, parts), through(byHand, x, { params: params(parts.params), state: {} })]
    t.ok(closeTrees({ ...a, params: params(a.params) } as Tree, b as Tree, 1e-13), name)

    const last = make(3, 2, { layers: 2, bidirectional: true, outputs: 'last', carry: 'out' })
    const { output, carry } = predict(last, parts as never, x as never) as Loose
    const [h, g] = name === 'lstm' ? [carry.l1.h, carry.l1_reverse.h] : [carry.l1, carry.l1_reverse]
    t.ok(eqTree.equals(output, op.concat([h, g], -1) as Tensor), `${name}: the last output is what is carried`)
    const ends = [op.slice(a.value as Tensor, [null, 3, [0, 2]]), op.slice(a.value as Tensor, [null, 0, [2, 4]])]
    t.ok(closeTrees([h, g] as never, ends as never, 1e-14), `${name}: that of the last step in each direction`)
  }
})

t.test('a sequence in two pieces is the whole one, if what is carried goes on', async (t) => {
  const x = normal(2, [2, 5, 3])
  for (const make of [rnn, gru, lstm]) {
    const [first, second] = [make(3, 2, { layers: 2, carry: 'out' }), make(3, 2, { layers: 2, carry: 'both' })]
    const v = variables(first as never)
    const all = predict(first as never, v, x as never) as Loose
    const begun = predict(first as never, v, steps(x, 0, 2) as never) as Loose
    const ended = predict(second as never, v, { input: steps(x, 2, 5), carry: begun.carry } as never) as Loose
    t.ok(closeTrees(op.concat([begun.output, ended.output], 1) as Tensor, all.output, 1e-14), 'outputs')
    t.ok(closeTrees(ended.carry, all.carry, 1e-14), 'what is carried')
  }
})

t.test('dropout lies between layers only', async (t) => {
  const x = normal(2, [2, 4, 3])
  const [plain, dropped] = [gru(3, 2, { layers: 2 }), gru(3, 2, { layers: 2, drop: 1 })]
  const v = variables(plain) as Variables
  t.ok(eqTree.equals(predict(dropped, v as never, x as never), predict(plain, v as never, x as never)), 'evaluation')
  const { params } = through(dropped, x, v, { mode: 'train', key: key(1) })
  const isZero = (part: Tensor): boolean => toArray(part).every((d) => d === 0)
  t.ok(isZero(params.l0.input.W) && isZero(params.l1.input.W), 'nothing comes through')
  t.notOk(isZero(params.l1.hidden.W), 'behind the last layer nothing is dropped')
})

t.test('derivatives with masks, layers, directions and carries, of both orders', async (t) => {
  const few = { entries: 2, directions: 1 } as const
  const mask = fromNested(
    [
      [1, 1, 0],
      [0, 1, 1],
    ],
    'float64',
  )
  const input = normal(2, [2, 3, 2])
  const options = { masked: true, layers: 2, bidirectional: true, carry: 'out' } as const
  const layers: readonly AnyLayer[] = [
    rnn(2, 1, options),
    gru(2, 1, options),
    lstm(2, 1, options),
    bidirectional((direction) => gru(2, 1, { ...direction, masked: true })),
  ]
  for (const of of layers)
    t.ok(gradCheck(of, { ...(variables(of) as object), input: { input, mask } } as never, few).pass, of.kind)
})

t.test('recur is the network unrolled, and the cells are steps of their sequences', async (t) => {
  const x = normal(2, [2, 4, 3])
  const [h, c] = [zeros([2, 2], 'float64'), zeros([2, 2], 'float64')]
  const pairs: readonly (readonly [AnyLayer, AnyLayer, AnyLayer, Tree])[] = [
    [rnnCell(3, 2), rnn(3, 2), rnn(3, 2, { carry: 'both' }), h],
    [gruCell(3, 2), gru(3, 2), gru(3, 2, { carry: 'both' }), h],
    [lstmCell(3, 2), lstm(3, 2), lstm(3, 2, { carry: 'both' }), { h, c }],
  ]
  for (const [cell, whole, carrying, carry] of pairs) {
    const all = predict(recur(cell as never), variables(cell), { input: x, carry } as never) as unknown as {
      readonly output: Tensor
    }
    t.ok(closeTrees(all.output, value(whole, x), 1e-13), cell.kind)
    /** The cell step by step, traced as a whole. */
    const byHand = (given: { readonly params: Tree; readonly input: Tensor; readonly carry: Tree }): Tree => {
      const outputs: Tensor[] = []
      let carry = given.carry
      for (let i = 0; i < 4; i++) {
        const part = { input: op.slice(given.input, [null, i]), carry }
        const one = cell.apply(given.params as never, {} as never, { mode: 'eval' }, part as never).value as Loose
        outputs.push(one.output)
        carry = one.carry
      }
      return { output: op.stack(outputs, 1) as Tensor, carry }
    }
    const looped = through(recur(cell as never) as never, { input: x, carry }, variables(cell))
    const { params } = variables(cell) as Variables
    const [unrolled, back] = vjp(byHand)({ params: params as Tree, input: x, carry })
    let seed = 10
    const found = back(tree.map(unrolled, (part) => normal(seed++, part.shape)) as never) as Loose
    t.ok(closeTrees(looped.value, unrolled, 1e-14), `${cell.kind}: unrolled`)
    t.ok(closeTrees(looped.params, found.params, 1e-13), `${cell.kind}: gradients of parameters`)
    t.ok(closeTrees(looped.input, { input: found.input, carry: found.carry }, 1e-13), `${cell.kind}: of the input`)
    const sequence = through(carrying as never, { input: x, carry }, variables(cell))
    t.ok(closeTrees(looped as Tree, sequence as Tree, 1e-13), `${cell.kind}: value and gradients of the sequence`)
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
    /recur: expected a sequence of at least one step, got \[2, 0, 2\]/,
  )
  t.throws(
    () => predict(of, variables(of), { input: x.input, carry: zeros([2, 3], 'float64') } as never),
    /recur at carry: expected \[batch, 2\], got \[2, 3\]/,
  )
  t.throws(
    () => predict(of, variables(of), { input: x.input, carry: zeros([5, 2], 'float64') } as never),
    /recur at carry: expected 2 examples, as 'input' has, got \[5, 2\] \[batch-mismatch\]/,
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
  t.throws(
    () => predict(of, variables(of), zeros([2, 0, 3], 'float64') as never),
    /eachStep: expected a sequence of at least one step, got \[2, 0, 3\]/,
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
