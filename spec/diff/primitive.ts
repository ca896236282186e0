import {
  fromNested,
  grad,
  ones,
  random,
  type Scalar,
  ShapeError,
  type Tensor,
  TracedError,
  toArray,
  vjp,
  vmap,
} from 'pullback'
import t from 'tap'
import { fused, primitive } from '../../lib/diff/primitive.ts'
import { mul } from '../../lib/op/elementwise/mul.ts'
import { sum } from '../../lib/op/reduce/sum.ts'
import { transpose } from '../../lib/op/shape/transpose.ts'

const x = random.normal(random.key(1), [3], 'float64') as Tensor

t.test('a pullback computes only what is asked for', async (t) => {
  let asked = 0
  const product = primitive<(a: Tensor, b: Tensor) => Tensor>(
    'product',
    (a, b) => mul(a, b),
    (_, a, b) => (d) => [
      () => {
        asked++
        return mul(d, b)
      },
      () => mul(d, a),
    ],
  )
  vjp((b: Tensor) => product(x, b))(x)[1](x)
  t.equal(asked, 0)
  vjp((a: Tensor) => product(a, x))(x)[1](x)
  t.equal(asked, 1)
})

t.test('a cotangent of the wrong shape', async (t) => {
  const wrong = primitive<(a: Tensor) => Tensor>(
    'wrong',
    (a) => a,
    () => () => [() => fromNested([1], 'float64')],
  )
  t.throws(
    () => vjp(wrong)(x)[1](x),
    { message: 'pullback of wrong: expected a cotangent [3], got [1]' },
    ShapeError.name,
  )
})

t.test('a pullback that reads numbers has no derivative', async (t) => {
  const reading = primitive<(a: Tensor) => Tensor>(
    'reading',
    (a) => a,
    (_, a) => (d) => [() => mul(d, fromNested(toArray(a), 'float64') as Tensor)],
  )
  const f = (a: Tensor) => sum(reading(a)) as Scalar
  t.doesNotThrow(() => grad(f)(x))
  t.throws(() => grad((a: Tensor) => sum(grad(f)(a)) as Scalar)(x), TracedError)
})

t.test('an operation without a batching rule runs for one example after another', async (t) => {
  const turned = primitive<(a: Tensor) => Tensor>(
    'turned',
    (a) => transpose(a) as Tensor,
    () => (d) => [() => transpose(d) as Tensor],
  )
  for (const [n, dtype] of [0, 1, 3].flatMap((size) => [[size, 'float32'] as const, [size, 'float64'] as const])) {
    const y = vmap(turned)(random.normal(random.key(n), [n, 2, 5], dtype) as never)
    t.same([y.shape, y.dtype], [[n, 5, 2], dtype])
  }
})

t.test('fused: the kernel where nothing is traced, the composite elsewhere', async (t) => {
  let kernels = 0
  const square = fused(
    (a: Tensor) => mul(a, a),
    (a) => {
      kernels++
      return mul(a, a)
    },
  )
  square(x)
  t.equal(kernels, 1)
  t.same(
    toArray(vjp(square)(x)[1](x)),
    toArray(mul(x, x)).map((v) => 2 * v),
  )
  t.equal(kernels, 1)
})

t.test('fused: a tuple of results', async (t) => {
  let kernels = 0
  const powers = fused(
    (a: Tensor): readonly [Tensor, Tensor] => [mul(a, a), mul(a, mul(a, a))],
    (a) => {
      kernels++
      return [mul(a, a), mul(a, mul(a, a))]
    },
  )
  powers(x)
  t.equal(kernels, 1)
  const [, cubes] = vjp((a: Tensor) => powers(a)[1])(x)
  const slopes = toArray(cubes(ones(x.shape, 'float64')))
  t.ok(toArray(x).every((v, i) => Math.abs((slopes[i] as number) - 3 * v * v) < 1e-12))
  t.equal(kernels, 1)
})
