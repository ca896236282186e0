import {
  type AnyTensor,
  fromNested,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  op,
  random,
  type Scalar,
  StructureError,
  type Tensor,
  type Tree,
  toArray,
  toNested,
  vjp,
  vmap,
} from 'pullback'
import t from 'tap'
import { closeTrees, sameTree } from '../law/diff.ts'

const normal = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, 'float64')
const unit = (n: number, i: number): number[] => Array.from({ length: n }, (_, j) => Number(i === j))
const vector = (xs: readonly number[], like: Tensor): Tensor =>
  op.reshape(fromNested([...xs], 'float64'), like.shape) as Tensor
const part = (x: Tensor, i: number): AnyTensor => op.slice(x, [i]) as AnyTensor

t.test('linearize: the value and jvp, forward computed once', async (t) => {
  let forward = 0
  const f = (x: Tensor) => {
    forward++
    return { y: op.softmax(op.mul(x, x)), best: op.argmax(x), c: normal(9, 2) }
  }
  const x = normal(1, 2, 3)
  const [value, push] = linearize(f)(x)
  t.ok(sameTree(value, f(x)))
  forward = 0
  for (const seed of [2, 3]) {
    const dx = normal(seed, 2, 3)
    const [, tangent] = jvp(f)(x, dx)
    t.ok(sameTree(push(dx), tangent))
    t.same([toArray(tangent.best), tangent.best.dtype, toArray(tangent.c)], [[0, 0], 'int32', [0, 0]])
    t.ok(closeTrees(push(op.scale(dx, 3)).y, op.scale(push(dx).y, 3)), 'linear')
  }
  t.equal(forward, 2, 'only those of jvp')
  t.throws(() => push(normal(1, 3)), {
    name: 'ShapeError',
    message: 'pushforward: expected a direction [2, 3], as the argument, got [3]',
  })
  t.throws(() => linearize(() => 3 as unknown as Tensor)(x), StructureError)
})

t.test('the rows are those of vjp, the columns those of jvp', async (t) => {
  const wide = (x: Tensor) => op.tanh(op.matmul(x, op.transpose(x)))
  const narrow = (x: Tensor) => op.sum(op.exp(x), 0)
  for (const f of [wide, narrow]) {
    const x = normal(1, 3, 2)
    const y = f(x)
    const J = jacobian(f)(x)
    t.same(J.shape, [...y.shape, 3, 2])
    const [m, n] = [y.size, x.size]
    const rows = op.reshape(J, [m, n])
    for (let i = 0; i < m; i++)
      t.ok(closeTrees(part(rows, i), op.reshape(vjp(f)(x)[1](vector(unit(m, i), y)), [n])), `row ${i}`)
    const columns = op.transpose(rows)
    for (let j = 0; j < n; j++)
      t.ok(closeTrees(part(columns, j), op.reshape(jvp(f)(x, vector(unit(n, j), x))[1], [m])), `column ${j}`)
  }
})

t.test('trees, integers and formats', async (t) => {
  type At = {
    readonly a: Tensor<readonly [2]>
    readonly n: Tensor<readonly [1], 'int32'>
    readonly b: readonly [Scalar]
  }
  const at: At = {
    a: fromNested([2, 3], 'float64'),
    n: fromNested([1], 'int32'),
    b: [fromNested(5, 'float64')],
  }
  const few = ({ a, b: [b] }: At) => ({ y: op.mul(op.sum(a), b) })
  const many = ({ a, b: [b], n }: At) => ({
    y: op.mul(op.broadcast(a, [3, 2]), op.broadcast(b, [3, 2])),
    n,
    best: op.argmax(a),
  })
  const J = jacobian(few)(at)
  t.same([toNested(J.y.a), toNested(J.y.n), J.y.n.dtype, toNested(J.y.b[0])], [[5, 5], [0], 'int32', 5])
  const K = jacobian(many)(at)
  t.same(
    toNested(op.slice(K.y.a, [0])),
    [
      [
        [5, 0],
        [0, 5],
      ],
    ].flat(),
  )
  t.same(toNested(K.y.b[0]), [
    [2, 3],
    [2, 3],
    [2, 3],
  ])
  t.same(
    [K.n.a, K.n.n, K.n.b[0], K.best.a].map((x) => [x.shape, x.dtype, toArray(x).every((v) => v === 0)]),
    [
      [[1, 2], 'float64', true],
      [[1, 1], 'int32', true],
      [[1], 'float64', true],
      [[2], 'float64', true],
    ],
    'integers have no derivative',
  )
  const casting = (x: Tensor<readonly [2], 'float32'>) => op.cast(op.concat([x, x]), 'float64')
  t.same(
    [jacobian(casting)(fromNested([1, 2])).dtype, jacobian(casting)(fromNested([1, 2])).shape],
    ['float32', [4, 2]],
  )
})

t.test('empty arguments, and values that do not depend on the argument', async (t) => {
  t.same(jacobian((x: Tensor) => op.exp(x))(normal(1, 0, 2)).shape, [0, 2, 0, 2])
  t.same(jacobian((x: Tensor) => op.sum(x, 0))(normal(1, 0, 2)).shape, [2, 0, 2])
  t.same(toNested(jacobian((_: Tensor) => normal(1, 1))(normal(2, 2))), [[0, 0]])
  t.throws(() => jacobian((_: Tensor) => 3 as unknown as Tree)(normal(1, 2)), StructureError)
  t.throws(() => jacobian((x: Tensor) => x)(3 as unknown as Tensor), StructureError)
})

t.test('the Hessian is symmetric, and its columns are those of hvp', async (t) => {
  const f = (x: Tensor) => op.sum(op.mul(op.exp(x), op.broadcast(op.sum(op.mul(x, x)), x.shape))) as Scalar
  const x = normal(1, 2, 2)
  const H = hessian(f)(x)
  t.same(H.shape, [2, 2, 2, 2])
  const rows = op.reshape(H, [4, 4])
  t.ok(closeTrees(rows, op.transpose(rows)))
  for (let i = 0; i < 4; i++)
    t.ok(closeTrees(part(rows, i), op.reshape(hvp(f)(x, vector(unit(4, i), x)), [4]), 1e-11), `column ${i}`)
  const g = ({ a, b }: { readonly a: Tensor; readonly b: Scalar }) => op.mul(op.sum(op.mul(a, a)), b) as Scalar
  const G = hessian(g)({ a: fromNested([1, 2], 'float64'), b: fromNested(3, 'float64') })
  t.same([G.a.a, G.a.b, G.b.a, G.b.b].map(toArray), [[6, 0, 0, 6], [2, 4], [2, 4], [0]])
  t.throws(() => hessian((x: Tensor) => x as unknown as Scalar)(x), /grad: expected a function to a scalar/)
})

t.test('nest', async (t) => {
  const f = (x: Tensor<readonly [2]>) => op.mul(x, op.mul(x, x))
  const [x, y] = [fromNested([1, 2], 'float64'), fromNested([3, 4], 'float64')]
  const third = jacobian(jacobian(f))(x)
  t.same(
    [third.shape, toArray(third)],
    [
      [2, 2, 2],
      [6, 0, 0, 0, 0, 0, 0, 12],
    ],
  )
  const both = op.reshape(op.concat([x, y]), [2, 2])
  t.same(toArray(vmap(jacobian(f))(both)), [3, 0, 0, 12, 27, 0, 0, 48], 'vmap of jacobian')
  const total = (z: Tensor<readonly [2, 2]>) => op.sum(vmap(jacobian(f))(z)) as Scalar
  t.same(toArray(grad(total)(both)), [6, 12, 18, 24], 'grad of vmap of jacobian')
  const forward = (z: Scalar) => op.broadcast(op.exp(z), [2])
  t.ok(closeTrees(vmap(jacobian(forward))(x), op.transpose(op.broadcast(op.exp(x), [2, 2]))), 'forward')
  const along = jacobian((z: Scalar) => linearize(forward)(z)[1](z)) // z exp z
  t.ok(closeTrees(along(fromNested(1, 'float64')), op.broadcast(fromNested(2 * Math.E, 'float64'), [2])))
})
