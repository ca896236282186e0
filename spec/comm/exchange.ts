// Steps that exchange numbers: once, in one order, with the same bits from a program.
import {
  adam,
  allReduce,
  batches,
  chain,
  clipByGlobalNorm,
  compile,
  compose,
  dropout,
  engine,
  examples,
  freeze,
  fromNested,
  grad,
  gradCheck,
  key,
  linear,
  named,
  ones,
  op,
  profile,
  random,
  relu,
  sgd,
  sharded,
  softmaxCrossEntropy,
  start,
  type Tensor,
  toArray,
  toNested,
  trainStep,
  tree,
  useEngine,
  zeros,
} from 'pullback'
import t from 'tap'
import { sumOverRanks } from '../../lib/comm/sumOverRanks.ts'
import { scoped } from '../../lib/diff/scope.ts'
import { exchanged } from '../../lib/kernel/exchange.ts'
import type { ProgramCall } from '../../lib/kernel/program.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { fresh, raw } from '../../lib/tensor/view.ts'
import { alike } from '../support/alike.ts'
import { blind } from '../support/blind.ts'
import { engines, on } from '../support/engines.ts'

const net = compose(named('L1', linear(5, 7)), relu, named('L2', linear(7, 3)))
const data = examples({ input: random.normal(key(1), [29, 5]), target: zeros([29], 'int32') })
const source = batches({ size: 12, key: key(5) })(data)

/** The parameters after some epochs on one of some ranks that are all alike, as numbers, and the messages. */
const trained = (size: number, options: { readonly exact?: number } = {}, isCompiled = false) => {
  const comm = alike(size)
  const plain = trainStep(net, softmaxCrossEntropy, adam(0.01), { comm, ...options })
  const step = isCompiled ? compile(plain) : plain
  let state = start(net, adam(0.01), key(0))
  for (let epoch = 0; epoch < 3; epoch++)
    for (const batch of sharded(comm, { block: options.exact })(source).epoch(epoch, 0)) [state] = step(state, batch)
  return { numbers: tree.leaves(state.params).map((x) => toArray(x as Tensor)), messages: comm.messages() }
}

for (const e of [...engines, blind()])
  t.test(`a program exchanges what the step does, on ${e.name}`, async (t) =>
    on(e, () => {
      for (const options of [{}, { exact: 3 }]) {
        const plain = trained(2, options)
        t.same(trained(2, options, true), plain, JSON.stringify(options))
        t.equal(plain.messages, 9, 'one message a step, and none while it is recorded')
      }
    }),
  )

t.test('a step that is begun again in a larger memory exchanges once', async (t) => {
  const before = useEngine(wasm())
  try {
    const comm = alike(2)
    const x = random.normal(key(1), [1000, 1000])
    const bytes = engine().bytes
    const y = scoped(() => {
      const sum = sumOverRanks(x, comm)
      const large = Array.from({ length: 40 }, (_, i) => op.scale(sum, i))
      return op.sum(large[3] as Tensor)
    })
    t.ok(engine().bytes > bytes, 'the memory has grown')
    t.equal(comm.messages(), 1)
    t.equal(toArray(y)[0], toArray(op.sum(op.scale(op.scale(x, 2), 3)))[0])
  } finally {
    useEngine(before)
  }
})

t.test('an exchange keeps its arguments', async (t) => {
  const x = fromNested([
    [1, 2],
    [3, 4],
  ])
  const twice = compile((x: Tensor) => {
    const [all] = exchanged([raw(op.transpose(x))], (n) => {
      for (let i = 0; i < n.length; i++) (n as Float32Array)[i] = (n[i] as number) * 10
      return undefined
    })
    const tenfold = fresh([2, 2], all as Float32Array) as Tensor
    return [op.scale(x, 1), op.add(op.transpose(x), tenfold)] as const
  })
  for (let i = 0; i < 3; i++)
    t.same(twice(x).map(toArray), [
      [1, 2, 3, 4],
      [11, 33, 22, 44],
    ])
  t.same(toArray(x), [1, 2, 3, 4])
})

const wide = compose(
  named('a', linear(300, 1000)),
  relu,
  named('b', linear(1000, 1000)),
  relu,
  named('c', linear(1000, 4)),
)

t.test('gradients of the last layers are under way while the first ones are made', async (t) => {
  const comm = alike(2)
  const step = compile(trainStep(wide, softmaxCrossEntropy, sgd(0.1), { comm }))
  const batch = { input: random.normal(key(1), [4, 300]), target: zeros([4], 'int32') }
  for (const part of sharded(comm)(batches({ size: 8 })(examples(batch))).epoch(0, 0))
    step(start(wide, sgd(0.1), key(0)), part)
  const calls = step.programs[0]?.calls as readonly ProgramCall[]
  const at = calls.flatMap((c, i) => (c.kernel === 'exchange' ? [i] : []))
  const lastProduct = calls.findLastIndex((c) => c.kernel === 'matmul')
  t.equal(at.length, 3, 'both large gradients, and the small ones together')
  t.ok((at[0] as number) < lastProduct, 'the first is begun before the last product')
})

t.test('checks of what ranks make together are not made while a program is recorded', async (t) => {
  // this rank has no examples, and the other one gives ones
  const add = (numbers: { [i: number]: number; readonly length: number }) => {
    for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] as number) + 1
    return () => {}
  }
  const comm = { ...alike(2), begin: add as never }
  const layer = linear(2, 2)
  const optimizer = chain(clipByGlobalNorm(1), sgd(0.1))
  const loss = softmaxCrossEntropy.with({ weights: [1, 2] })
  const step = compile(trainStep(layer, loss, optimizer, { comm, guard: 'updates' }))
  const batch = { input: zeros([0, 2]), target: zeros([0], 'int32'), shard: { first: 0, of: 1 } }
  const [, { loss: found }] = step(start(layer, optimizer, key(0)), batch)
  t.equal(found, 1)
  t.equal(step.reason, undefined)
  t.equal(step.programs.length, 1)
})

t.test('exchanges are waited for in the order in which they were begun', async (t) => {
  const [begun, ended]: [number[], number[]] = [[], []]
  const comm = {
    ...alike(2),
    begin: () => {
      const i = begun.push(begun.length) - 1
      return () => {
        ended.push(i)
      }
    },
  }
  const step = compile(trainStep(wide, softmaxCrossEntropy, adam(0.1), { comm }))
  const batch = { input: zeros([4, 300]), target: zeros([4], 'int32'), shard: { first: 0, of: 8 } }
  step(start(wide, adam(0.1), key(0)), batch)
  t.equal(begun.length > 1, true)
  t.same(ended, begun)
})

t.test('frozen parameters keep their bits, and are not sent', async (t) => {
  const layer = freeze(compose(named('A', linear(5, 60)), named('B', linear(60, 3))), 'A')
  const first = start(layer, sgd(0.1), key(0))
  let sent = 0
  const comm = alike(3)
  const counted = {
    ...comm,
    begin: (numbers: Float32Array, by: 'sum') => {
      sent += numbers.length
      return comm.begin(numbers, by)
    },
  } as typeof comm
  const step = trainStep(layer, softmaxCrossEntropy, sgd(0.1), { comm: counted })
  const part = { input: random.normal(key(1), [3, 5]), target: zeros([3], 'int32'), shard: { first: 0, of: 8 } }
  const [after] = step(first, { ...part, input: op.slice(part.input, [[0, 2]]), target: zeros([2], 'int32') })
  t.same(
    tree.leaves(after.state).map((x) => toArray(x as Tensor)),
    tree.leaves(first.state).map((x) => toArray(x as Tensor)),
  )
  t.equal(sent, 60 * 3 + 3 + 1, 'the gradient of B, and the loss')
})

t.test('what cannot be run alone is not profiled', async (t) => {
  const comm = alike(2)
  const step = trainStep(net, softmaxCrossEntropy, sgd(0.1), { comm })
  const [part] = sharded(comm)(source).epoch(0, 0)
  t.throws(
    () => profile(step, start(net, sgd(0.1), key(0)), part as never),
    /^profile: expected a function that may be run many times by itself, got one that exchanges numbers/,
  )
  t.equal(comm.messages(), 1)
})

t.test('ranks drop other entries, and other ones in each block', async (t) => {
  const net = compose(dropout({ drop: 0.5 }), linear(20, 2))
  const input = ones([8, 20])
  const outputs = (rank: number, options: { readonly exact?: number }) => {
    const batch = { input: op.slice(input, [[0, 4]]), target: zeros([4], 'int32'), shard: { first: 4 * rank, of: 8 } }
    const step = trainStep(net, softmaxCrossEntropy, sgd(0.1), { comm: alike(2, rank), ...options })
    return toNested(step(start(net, sgd(0.1), key(0)), batch)[1].output).map(String)
  }
  for (const options of [{}, { exact: 2 }])
    t.equal(new Set([0, 1].flatMap((rank) => outputs(rank, options))).size, 8, 'all examples differ')
})

t.test('sums over ranks have derivatives of both orders', async (t) => {
  const comm = alike(3)
  const f = (x: Tensor<readonly [2, 3]>) => op.sum(op.mul(op.sin(sumOverRanks(x, comm) as typeof x), x))
  t.ok(gradCheck(f, random.normal(key(1), [2, 3], 'float64')).pass)
  t.same(
    toArray(grad((x: Tensor<readonly [2]>) => op.sum(sumOverRanks(x, comm)))(fromNested([1, 2]))),
    [3, 3],
    'each rank has the sum',
  )
})

t.test('trees of floats and whole numbers', async (t) => {
  const comm = alike(4)
  const mixed = { a: fromNested([1, 2]), n: fromNested([7], 'int32'), e: zeros([0, 3]), s: fromNested(0.5) }
  const sum = allReduce(comm, mixed, 'sum')
  t.same(Object.values(sum).map(toArray), [[4, 8], [28], [], [2]])
  t.equal(comm.messages(), 2, 'one message for a number format')
  t.same(Object.values(allReduce(comm, { a: mixed.a }, 'mean')).map(toArray), [[1, 2]])
  t.throws(() => allReduce(comm, mixed, 'median' as never), /one of sum, mean, max, got 'median'/)
  t.throws(() => allReduce({} as never, mixed, 'sum'), /expected a communicator/)
})
