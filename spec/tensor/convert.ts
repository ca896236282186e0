import fc from 'fast-check'
import ndarray from 'ndarray'
import {
  eqTensor,
  fromArray,
  fromNdarray,
  fromNested,
  item,
  type Nested,
  op,
  ShapeError,
  type Tensor,
  TracedError,
  toArray,
  toNdarray,
  toNested,
  toTypedArray,
  unsafeFromBuffer,
  ValueError,
  vjp,
} from 'pullback'
import t from 'tap'
import { layouts, tensors } from '../arbitrary/tensor.ts'
import { check } from '../support/property.ts'

t.test('fromNested', async (t) => {
  t.same(
    fromNested([
      [1, 2, 3],
      [4, 5, 6],
    ]).shape,
    [2, 3],
  )
  t.equal(fromNested(1).dtype, 'float32')
  t.equal(fromNested(1, 'float64').dtype, 'float64')
  t.same(fromNested([]).shape, [0])
  t.same(fromNested([[], []]).shape, [2, 0])
  t.throws(() => fromNested([[1, 2], [3]]), /expected 2 entries at \[1\], as in the first row, got 1/)
  t.throws(() => fromNested([[1], 2] as Nested), ShapeError)
  t.throws(() => fromNested([1, [2]] as Nested), /expected a number at \[1\], got an array/)
  t.throws(() => fromNested([1, 'two'] as never), /expected a number at \[1\], got 'two'/)
  t.throws(() => fromNested([1, undefined] as never), ValueError)
  t.throws(() => fromNested([1, 2.5], 'int32'), /whole numbers of 32 bits, got 2.5/)
  t.throws(() => fromNested([2 ** 31], 'int32'), ValueError)
})

t.test('fromArray', async (t) => {
  t.equal(fromArray(Float64Array.of(1), [1]).dtype, 'float64')
  t.equal(fromArray(Int32Array.of(1), [1]).dtype, 'int32')
  t.equal(fromArray(Uint8Array.of(1), [1]).dtype, 'float32')
  t.equal(fromArray([1], [1]).dtype, 'float32')
  const source = Float32Array.of(1, 2)
  const copy = fromArray(source, [2])
  source[0] = 9
  t.same(toNested(copy), [1, 2], 'copies')
  t.throws(() => fromArray([1, 2, 3], [2, 2]), /expected 4 numbers for \[2, 2\], got 3/)
})

t.test('unsafeFromBuffer', async (t) => {
  const source = Float32Array.of(1, 2)
  const adopted = unsafeFromBuffer(source, [2])
  source[0] = 9
  t.same(toNested(adopted), [9, 2], 'does not copy')
  t.throws(() => unsafeFromBuffer(source, [3]), ShapeError)
  t.throws(
    () => unsafeFromBuffer(Uint8Array.of(1) as never, [1]),
    /Float32Array, Float64Array or Int32Array, got \[object Uint8Array\]/,
  )
})

t.test('scijs ndarrays', async (t) => {
  const array = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3])
  t.same(toNested(fromNdarray(array.transpose(1, 0))), [
    [1, 4],
    [2, 5],
    [3, 6],
  ])
  t.same(toNested(fromNdarray(array.step(1, -1))), [
    [3, 2, 1],
    [6, 5, 4],
  ])
  t.same(toNested(fromNdarray(array.pick(0, null))), [1, 2, 3])
  t.equal(fromNdarray(ndarray(Uint8Array.of(255), [1]), 'int32').dtype, 'int32')
  t.equal(fromNdarray(ndarray([1, 2])).dtype, 'float32')
  t.throws(() => fromNdarray(ndarray([1.5]), 'int32'), ValueError)
  t.throws(
    () => fromNdarray(ndarray(BigInt64Array.of(1n), [1]) as never),
    /an ndarray over an array of numbers, got bigint64/,
  )
  const out = toNdarray(
    op.transpose(
      fromNested([
        [1, 2],
        [3, 4],
      ]),
    ),
  )
  out.set(0, 1, 9)
  t.same([out.get(0, 0), out.get(0, 1), out.shape], [1, 9, [2, 2]], 'a copy, that may be written to')
})

t.test('a tensor is an ndarray at run time', async (t) => {
  const x = op.transpose(
    fromNested([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  )
  t.equal(x.get(2, 1), 6)
  t.same([x.shape, x.stride, x.dimension, x.size, x.dtype], [[3, 2], [1, 3], 2, 6, 'float32'])
  t.same((x as unknown as ReturnType<typeof ndarray>).pick(2, -1).shape, [2], 'with the methods of one')
})

t.test('round trips, whatever the layout', async () => {
  check(tensors, (x) =>
    layouts(x).every(
      ([, y]) =>
        eqTensor.equals(fromArray(toTypedArray(y), y.shape), x) &&
        eqTensor.equals(fromNdarray(toNdarray(y)) as Tensor, x) &&
        eqTensor.equals(fromArray(toArray(y), y.shape, 'float64'), x) &&
        (x.size === 0 || eqTensor.equals(fromNested(toNested(y) as Nested, 'float64') as Tensor, x)),
    ),
  )
  check(fc.array(fc.array(fc.double({ noNaN: true }), { minLength: 2, maxLength: 2 })), (rows) => {
    const back = toNested(fromNested(rows, 'float64'))
    return rows.length === 0 || JSON.stringify(back) === JSON.stringify(rows)
  })
})

t.test('item', async (t) => {
  t.equal(item(fromNested([[7]])), 7)
  t.throws(() => item(fromNested([1, 2]) as never), /item: expected one entry, got \[2\]/)
})

t.test('numbers of traced tensors cannot be read', async (t) => {
  type Vector = Tensor<readonly [1]>
  const inside = (look: (x: Vector) => unknown) => () =>
    vjp((x: Vector) => {
      look(x)
      return x
    })(fromNested([1]))
  const equal = (x: Vector) => eqTensor.equals(x, fromNested([1]))
  for (const read of [item, toArray, toNested, toNdarray, toTypedArray, equal]) t.throws(inside(read), TracedError)
  t.throws(
    inside((x) => x.get(0)),
    /get: expected a tensor with its numbers, got a traced one; within vjp, grad, layers and losses use operations only/,
  )
  t.throws(
    inside((x) => x.stride),
    TracedError,
  )
  t.throws(
    inside((x) => x.offset),
    TracedError,
  )
  t.throws(
    inside((x) => (x as unknown as { data: unknown }).data),
    TracedError,
  )
  t.doesNotThrow(
    inside((x) => [x.shape, x.dtype, x.size, x.dimension]),
    'shape and format can',
  )
})
