import { inspect } from 'node:util'
import fc from 'fast-check'
import ndarray from 'ndarray'
import {
  DTypeError,
  fromNested,
  op,
  range,
  ShapeError,
  StructureError,
  shaped,
  type Tensor,
  ValueError,
  zeros,
} from 'pullback'
import t from 'tap'
import { type Fields, plainMethods } from '../../lib/tensor/plainView.ts'
import { bundledOutput } from '../support/bundle.ts'
import { check } from '../support/property.ts'

type Array_ = ReturnType<typeof ndarray>

/** The same array twice: with ndarray's compiled methods, and with the plain ones. */
const pair = (shape: readonly number[]): readonly [Array_, Array_] => {
  const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i)
  const make = (d: Fields['data'], s: readonly number[], stride: readonly number[], offset: number): Fields =>
    Object.assign(Object.create(plainMethods('float64', s.length, make)), { data: d, shape: s, stride, offset })
  const compiled = ndarray(data, [...shape])
  return [compiled, make(data, shape, compiled.stride, 0) as unknown as Array_]
}
const fields = (a: Array_) => ({
  shape: [...a.shape],
  stride: [...a.stride],
  offset: a.offset,
  size: a.size,
  dtype: a.dtype,
  dimension: a.dimension,
})
const same = (a: Array_, b: Array_): boolean => JSON.stringify(fields(a)) === JSON.stringify(fields(b))

t.test('the eval-free view does what ndarray does', async (t) => {
  const cases = fc.tuple(
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
  )
  check(cases, ([shape, picks]) => {
    const [a, b] = pair(shape)
    const at = shape.map((n, i) => (picks[i] as number) % n)
    const order = shape.map((_, i) => i).reverse()
    const steps = shape.map((_, i) => ((picks[i] as number) % 2 === 0 ? -1 : 2))
    const some = at.map((i, axis) => (axis % 2 === 0 ? i : -1))
    return (
      same(a, b) &&
      a.get(...at) === b.get(...at) &&
      a.index(...at) === b.index(...at) &&
      same(a.transpose(...order), b.transpose(...order)) &&
      same(a.lo(...at), b.lo(...at)) &&
      same(a.hi(...at), b.hi(...at)) &&
      same(a.step(...steps), b.step(...steps)) &&
      same(a.pick(...some), b.pick(...some)) &&
      JSON.stringify([...a.order].map((i) => Math.abs(a.stride[i] as number))) ===
        JSON.stringify([...b.order].map((i) => Math.abs(b.stride[i] as number)))
    )
  })
  const [, plain] = pair([2, 2])
  plain.set(1, 0, 42)
  t.equal(plain.get(1, 0), 42)
  const [scalar, plainScalar] = pair([])
  t.equal(plainScalar.get(), scalar.get())
})

t.test('everything works where code must not be compiled', async (t) => {
  const program = `
    import { compose, fromNdarray, fromNested, key, linear, named, op, relu, scanSync, sgd, softmaxCrossEntropy, start, toNdarray, toNested, trainStep } from 'pullback'
    const net = compose(named('L1', linear(2, 4)), relu, named('L2', linear(4, 2)))
    const batch = { input: fromNested([[0, 1], [1, 0]]), target: fromNested([0, 1], 'int32') }
    const losses = Array.from(scanSync(trainStep(net, softmaxCrossEntropy, sgd(0.5)), start(net, sgd(0.5), key(0)), Array(50).fill(batch)), ([, m]) => m.loss)
    console.log(losses[49] < losses[0], toNested(fromNdarray(toNdarray(op.transpose(fromNested([[1, 2], [3, 4]]))).transpose(1, 0))).join())
  `
  t.equal((await bundledOutput(program, '--disallow-code-generation-from-strings')).trim(), 'true 1,2,3,4')
})

t.test('console.log shows a tensor as show does', async (t) => {
  t.equal(inspect(fromNested([[1, 2]])), 'float32 [1, 2]\n[[1, 2]]')
})

t.test('shaped', async (t) => {
  const x = op.reshape(range(0, 6), [3, 2]) as Tensor
  t.equal(shaped(x, [-1, 2]), x)
  t.throws(() => shaped(x, [-1, 3]), /shaped: expected \[any, 3\], got \[3, 2\]/)
  t.throws(() => shaped(x, [6]), ShapeError)
  t.throws(() => shaped([1, 2] as never, [2]), StructureError)
})

t.test('sizes beyond memory, and unknown number formats', async (t) => {
  t.throws(() => zeros([1e9, 1e9]), /allocate: expected as many numbers as memory holds, got 1000000000000000000/)
  t.throws(() => range(0, 1e12), ValueError)
  t.throws(() => zeros([2], 'float16' as never), /float32, float64 or int32, got 'float16'/)
  t.throws(() => op.cast(zeros([2]), 'int8' as never), DTypeError)
  t.throws(() => op.add(zeros([2]), 1 as never), /add: expected a tensor, got 1; fromNested makes one of numbers/)
  t.throws(() => op.mul(2 as never, zeros([2])), /mul: expected a tensor, got 2/)
})
