import {
  DTypeError,
  fromNested,
  grad,
  hvp,
  item,
  jvp,
  op,
  random,
  type Scalar,
  ShapeError,
  StructureError,
  type Tensor,
  type Tree,
  toArray,
  toNested,
  vjp,
} from 'pullback'
import t from 'tap'
import { closeTrees, lawsOfDiff } from '../law/diff.ts'

const normal = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, 'float64')
const scalar = (x: number): Scalar => fromNested(x, 'float64')
const dot = (a: Tensor, b: Tensor): number => item(op.sum(op.mul(a, b)))

t.test('a value used by several operations gets the sum of their cotangents', async (t) => {
  const f = (x: Tensor) => op.add(op.mul(x, x), op.tanh(x))
  lawsOfDiff(t, 'shared', f, normal(1, 3))
  t.equal(item(grad((x: Scalar) => op.add(x, op.add(x, x)))(scalar(1))), 3)
})

t.test('unused arguments get zeros', async (t) => {
  const [, back] = vjp(({ a }: { readonly a: Tensor; readonly b: Tensor; readonly n: Tensor<readonly [1], 'int32'> }) =>
    op.scale(a, 2),
  )({
    a: normal(1, 2),
    b: normal(2, 3),
    n: fromNested([5], 'int32'),
  })
  const d = back(fromNested([1, 1], 'float64'))
  t.same(toArray(d.a), [2, 2])
  t.same(toArray(d.b), [0, 0, 0])
  t.same([toArray(d.n), d.n.dtype], [[0], 'int32'], 'integers have no derivative')
  t.same(toArray(vjp((_: Tensor) => normal(3, 2))(normal(1, 2))[1](normal(4, 2))), [0, 0], 'a constant function')
})

t.test('several results', async (t) => {
  lawsOfDiff(t, 'record', (x: Tensor) => ({ a: op.exp(x), b: [op.mul(x, x), x] as const }), normal(1, 2))
})

t.test('derivatives nest', async (t) => {
  const f = (x: Scalar): Scalar => op.mul(op.exp(x), x)
  const x = scalar(0.7)
  t.ok(Math.abs(item(grad(grad(grad(f)))(x)) - Math.exp(0.7) * 3.7) < 1e-12)
  const inner = (y: Scalar) => grad((z: Scalar) => op.mul(z, y))(scalar(1))
  t.equal(item(grad(inner)(scalar(2))), 1, 'traces are not confused: d/dy d/dz z·y = 1')
  const confusing = (y: Scalar) => op.mul(y, grad((z: Scalar) => op.add(z, y))(scalar(1)))
  t.equal(item(grad(confusing)(scalar(1))), 1, 'the classic: x · d/dy (x + y) has derivative 1, not 2')
})

t.test('jvp and vjp are transposed', async (t) => {
  const f = (x: Tensor) => op.softmax(op.matmul(op.tanh(x), op.transpose(x)))
  const [x, v] = [normal(1, 3, 2), normal(2, 3, 2)]
  const [y, dy] = jvp(f)(x, v)
  const w = normal(3, 3, 3)
  t.ok(Math.abs(dot(w, dy) - dot(vjp(f)(x)[1](w), v)) < 1e-12)
  t.same(toNested(y), toNested(f(x)))
  const [, constant] = jvp((_: Tensor) => normal(9, 2))(x, v)
  t.same(toArray(constant), [0, 0])
})

t.test('hvp', async (t) => {
  const f = (x: Tensor) => op.sum(op.mul(op.exp(x), op.sum(op.mul(x, x), 0, { keep: true }) as Tensor)) as Scalar
  const g = (x: Tensor) => op.sum(op.mul(op.exp(x), op.broadcast(op.sum(op.mul(x, x)), x.shape))) as Scalar
  t.throws(() => f(normal(1, 3)), ShapeError)
  const [x, v, w] = [normal(1, 3), normal(2, 3), normal(3, 3)]
  t.ok(Math.abs(dot(hvp(g)(x, v), w) - dot(hvp(g)(x, w), v)) < 1e-11, 'the Hessian is symmetric')
  const h = 1e-5
  const difference = op.scale(op.sub(grad(g)(op.addScaled(x, v, h)), grad(g)(op.addScaled(x, v, -h))), 1 / (2 * h))
  t.ok(closeTrees(hvp(g)(x, v), difference, 1e-8))
})

t.test('values that leak out of an inner derivative', async (t) => {
  const leaking = (x: Scalar): Scalar => {
    let inner: Scalar | undefined
    grad((y: Scalar) => {
      inner = op.mul(y, x)
      return inner
    })(scalar(3))
    return op.mul(inner as Scalar, x)
  }
  t.throws(
    () => grad(leaking)(scalar(2)),
    /vjp: expected a result made of this derivative’s own values, got one that has leaked/,
  )
})

t.test('errors', async (t) => {
  t.throws(
    () => grad((x: Tensor) => x as unknown as Scalar)(normal(1, 2)),
    /grad: expected a function to a scalar, got \[2\]; take its sum, or use vjp/,
  )
  t.throws(() => vjp((_: Tensor) => 3 as unknown as Tree)(normal(1, 2)), {
    message: 'the function given to vjp: expected a tensor, or a record or an array of them, got 3',
  })
  t.throws(() => vjp((x: Tensor) => x)(3 as unknown as Tensor), StructureError)
  const [, back] = vjp((x: Tensor) => ({ y: op.exp(x) }))(normal(1, 2))
  t.throws(() => back({ y: normal(1, 3) }), /pullback at y: expected a cotangent \[2\], as the value, got \[3\]/)
  t.throws(() => back({ z: normal(1, 2) } as never), StructureError)
  t.throws(() => back({ y: random.normal(random.key(1), [2]) }), DTypeError)
  t.throws(
    () => vjp((x: Tensor) => x)(normal(1, 2))[1](random.normal(random.key(1), [2])),
    /a cotangent in float64, as the value, got float32/,
  )
  t.throws(
    () => vjp((async (x: Tensor) => x) as unknown as (x: Tensor) => Tensor)(normal(1, 2)),
    StructureError,
    'a promise is no record',
  )
})
