import fc from 'fast-check'
import {
  adam,
  examples,
  fit,
  fromArray,
  fromNested,
  key,
  linear,
  op,
  softmaxCrossEntropy,
  toArray,
  toNested,
} from 'pullback'
import t from 'tap'
import { rowsOf, rowsWhenNeeded } from '../../lib/data/examples.ts'
import { Gathered } from '../../lib/tensor/gathered.ts'
import { raw, stored } from '../../lib/tensor/view.ts'
import type { Tensor } from '../../lib/type/tensor.ts'
import { check } from '../support/property.ts'

t.test('rows that are gathered when needed are those that are gathered at once', async () => {
  const shapes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 20 }))
  const given = shapes.chain(([n, width]) =>
    fc.tuple(fc.constant([n, width] as const), fc.array(fc.nat(n - 1), { maxLength: 8 })),
  )
  check(given, ([[n, width], ids]) => {
    const data = {
      x: fromArray(
        Array.from({ length: n * width }, (_, i) => i),
        [n, width],
      ) as Tensor,
      y: fromArray(
        Array.from({ length: n }, (_, i) => i),
        [n],
        'int32',
      ),
    }
    const rows = fromArray(ids, [ids.length], 'int32') as Tensor<readonly [number], 'int32'>
    const [late, early] = [rowsWhenNeeded(data, rows), rowsOf(data, rows)]
    return (
      JSON.stringify([toNested(late.x), toNested(late.y)]) === JSON.stringify([toNested(early.x), toNested(early.y)]) &&
      late.x.dtype === early.x.dtype &&
      late.y.dtype === 'int32'
    )
  })
})

t.test('a handle is never seen by kernels', async (t) => {
  const late = rowsWhenNeeded(
    fromNested([
      [1, 2],
      [3, 4],
    ]),
    fromNested([1], 'int32'),
  ) as Tensor
  t.ok((stored(late).buffer as unknown) instanceof Gathered)
  t.ok(raw(late).buffer instanceof Float32Array)
  t.equal(raw(late).buffer, raw(late).buffer, 'gathered once')
  t.same(toArray(late), [3, 4])
})

t.test('rows of a view are gathered at once', async (t) => {
  const turned = op.transpose(
    fromNested([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ) as Tensor
  const late = rowsWhenNeeded(turned, fromNested([2, 0], 'int32')) as Tensor
  t.same(toNested(late), [
    [3, 6],
    [1, 4],
  ])
})

t.test('fit reads its examples through them', async (t) => {
  const input = fromNested([
    [0, 1],
    [1, 0],
    [0, 2],
    [2, 0],
    [1, 3],
  ])
  const train = examples({ input, target: fromNested([0, 1, 0, 1, 0], 'int32') })
  let targets: readonly number[] = []
  const counted = (_: Tensor, target: Tensor<readonly [number], 'int32'>): number => {
    targets = [...targets, ...toArray(target)]
    return 0
  }
  const options = { train, key: key(0), epochs: 1, size: 2, metrics: { counted } }
  for await (const _ of fit(linear(2, 2), softmaxCrossEntropy, adam(0.1), options as never));
  t.same([...targets].sort(), [0, 0, 0, 1, 1])
})
