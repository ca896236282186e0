import fc from 'fast-check'
import {
  batches,
  type Examples,
  epochs,
  examples,
  fromNested,
  key,
  minibatches,
  op,
  range,
  StructureError,
  select,
  shuffled,
  type Tensor,
  toArray,
  toNested,
  ValueError,
  zeros,
} from 'pullback'
import t from 'tap'
import { pipe } from '#fp/function'
import { check } from '../support/property.ts'

const data = { input: op.reshape(range(0, 10), [5, 2]), target: fromNested([0, 1, 2, 3, 4], 'int32') }
const order = <E extends { readonly target: Tensor<readonly number[], 'int32'> }>(batches: Iterable<E>): number[] =>
  [...batches].flatMap((b) => toArray(b.target))

t.test('minibatches', async (t) => {
  const batches = [...pipe(examples(data), minibatches(2))]
  t.same(
    batches.map((b) => toNested(b.input)),
    [
      [
        [0, 1],
        [2, 3],
      ],
      [
        [4, 5],
        [6, 7],
      ],
      [[8, 9]],
    ],
    'the last one holds what is left',
  )
  t.same(
    batches.map((b) => toNested(b.target)),
    [[0, 1], [2, 3], [4]],
    'inputs and targets stay together',
  )
  const again = minibatches(2)(examples(data))
  t.same(order(again), order(again), 'each pass begins anew')
  t.same([...minibatches(2)(examples({ input: zeros([0, 2]) }))], [])
  t.throws(() => minibatches(0), /minibatches: expected examples in a batch: a whole number of at least 1, got 0/)
  t.throws(() => minibatches(1.5), ValueError)
  t.throws(() => minibatches(2, { from: -1 }), /batches to pass over: a whole number of at least 0, got -1/)
  t.throws(() => epochs({ size: 2, from: 0.5 }), ValueError)
  t.throws(
    () => epochs({ size: 2, count: Number.NaN }),
    /epochs: expected epochs: a whole number of at least 0, got NaN/,
  )
  t.throws(() => epochs({ size: 0 }), ValueError)
})

t.test('shuffled', async () => {
  check(fc.tuple(fc.integer(), fc.integer({ min: 1, max: 6 })), ([seed, size]) => {
    const batches = [...pipe(examples(data), shuffled(key(seed)), minibatches(size))]
    const together = batches.every((b) =>
      toArray(b.target).every((y, i) => toArray(op.slice(b.input, [i]))[0] === 2 * y),
    )
    return (
      together &&
      order(batches)
        .sort((a, b) => a - b)
        .join() === '0,1,2,3,4'
    )
  })
})

t.test('epochs', async (t) => {
  const all = examples(data)
  const shuffles = order(epochs({ count: 2, size: 2, key: key(0) })(all))
  t.equal(shuffles.length, 10)
  t.notSame(shuffles.slice(0, 5), shuffles.slice(5), 'each in an order of its own')
  t.same(order(epochs({ count: 2, size: 5 })(all)), [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
  const whole = [...epochs({ count: 3, size: 2, key: key(0) })(all)]
  for (let from = 0; from <= 9; from++)
    t.same(order(epochs({ count: 3, size: 2, key: key(0), from })(all)), order(whole.slice(from)), `from ${from}`)
  t.same(
    [...epochs({ size: 2 })(examples({ input: zeros([0, 2]) }))],
    [],
    'without examples there is no end to wait for',
  )
  let n = 0
  for (const _ of epochs({ size: 2 })(all)) if (++n === 100) break
  t.equal(n, 100, 'without a count there is no end')
})

t.test('select', async (t) => {
  t.same(toArray(select(examples(data), fromNested([4, 4], 'int32')).target), [4, 4])
  const mixed = shuffled(key(0))(examples(data))
  t.same(
    toArray(select(mixed, fromNested([0], 'int32')).target),
    order(minibatches(1)(mixed)).slice(0, 1),
    'by their places in the order',
  )
})

t.test('bad input', async (t) => {
  t.throws(
    () => examples({ input: zeros([5, 2]), target: zeros([4]) }),
    /examples at target: expected 5 examples along the first axis, got \[4\]/,
  )
  t.throws(() => examples({ input: zeros([]) }), /got \[\]/)
  t.throws(() => examples({}), StructureError)
  t.throws(() => examples({ input: [[1], [2]] } as never), /examples at input.0.0: expected a tensor/)
})

t.test('a value that is not examples', async (t) => {
  const record = { input: zeros([4, 2]), target: zeros([4]) }
  const takers: Readonly<Record<string, unknown>> = {
    minibatches: minibatches(2),
    epochs: epochs({ size: 2 }),
    batches: batches({ size: 2 }),
    shuffled: shuffled(key(0)),
    select: (all: unknown) => select(all as Examples<typeof record>, fromNested([0], 'int32')),
  }
  for (const [name, f] of Object.entries(takers))
    for (const [given, said] of [
      [record, 'the names input, target'],
      [undefined, 'undefined'],
    ] as const)
      t.throws(() => (f as (all: unknown) => unknown)(given), {
        name: StructureError.name,
        message: `${name}: expected examples, got ${said}; examples({ input, target }) makes them of tensors`,
      })
})
