// Long chains and graphs of many paths: each call goes backward once.
import {
  fromNested,
  grad,
  hvp,
  item,
  jvp,
  lift,
  linearize,
  op,
  type Scalar,
  type Tensor,
  toArray,
  vmap,
} from 'pullback'
import t from 'tap'

const scalar = (x: number): Scalar => fromNested(x, 'float64')
const one = scalar(1)
type F = (x: Scalar) => Scalar
const repeated =
  (n: number, f: F): F =>
  (x) => {
    let y = x
    for (let i = 0; i < n; i++) y = f(y)
    return y
  }

t.test('a chain of 100,000 operations', async (t) => {
  const chain = repeated(100_000, (y) => op.shift(y, 1e-5))
  const f: F = (x) => op.mul(chain(x), x) // x (x + 1)
  const x = scalar(3)
  const near = (y: Scalar, value: number) => t.ok(Math.abs(item(y) - value) < 1e-8, `${item(y)} is ${value}`)
  near(grad(f)(x), 7)
  near(jvp(f)(x, one)[1], 7)
  near(linearize(f)(x)[1](scalar(2)), 14)
  near(hvp(f)(x, one), 2)
})

t.test('a mapped chain', async (t) => {
  const f = repeated(10_000, (y) => op.shift(y, 1e-4))
  const xs = fromNested([1, 2], 'float64')
  t.same(toArray(grad((x: Tensor<readonly [2]>): Scalar => op.sum(vmap(f)(x)))(xs)), [1, 1])
  t.same(toArray(vmap(grad(f))(xs)), [1, 1])
})

t.test('diamonds of 2³⁰ paths', async (t) => {
  let [forward, backward] = [0, 0]
  const doubled = lift<Scalar, Scalar>((x) => {
    forward++
    return [
      op.add(x, x),
      (d) => {
        backward++
        return op.add(d, d)
      },
    ]
  })
  const counted = repeated(30, (y) => op.scale(op.add(doubled(y), y), 2 / 3))
  t.ok(Math.abs(item(grad(counted)(one)) / 2 ** 30 - 1) < 1e-12)
  t.same([forward, backward], [30, 30], 'each call once')
  const sums = repeated(30, (y) => op.add(y, y))
  const products = repeated(30, (y) => op.mul(y, y)) // x^(2³⁰)
  const n = 2 ** 30
  const x = scalar(1)
  for (const [f, first, second] of [
    [sums, n, 0],
    [products, n, n * (n - 1)],
  ] as const) {
    t.equal(item(grad(f)(x)), first)
    t.equal(item(jvp(f)(x, one)[1]), first)
    t.equal(item(linearize(f)(x)[1](scalar(2))), 2 * first)
    t.ok(Math.abs(item(hvp(f)(x, one)) - second) <= 1e-12 * second)
    t.same(toArray(vmap(grad(f))(fromNested([1, 1], 'float64'))), [first, first])
  }
})
