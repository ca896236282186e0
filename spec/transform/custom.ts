import {
  checkpoint,
  customVjp,
  DTypeError,
  fromNested,
  grad,
  gradCheck,
  hvp,
  item,
  jacobian,
  jvp,
  op,
  random,
  type Scalar,
  ShapeError,
  StructureError,
  show,
  stopGradient,
  type Tensor,
  TracedError,
  type Tree,
  toArray,
  vjp,
  vmap,
} from 'pullback'
import t from 'tap'
import { closeTrees, lawsOfDiff, sameTree } from '../law/diff.ts'
import { floats, lawsOfVmap } from '../law/vmap.ts'

const normal = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, 'float64')
const scalar = (x: number): Scalar => fromNested(x, 'float64')

t.test('stopGradient: the same values, constant to derivatives of every order and kind', async (t) => {
  const x = normal(1, 3)
  const n = fromNested([1, 2], 'int32')
  const tree = { x, n: [n] }
  t.ok(sameTree(stopGradient(tree), tree))
  t.equal(stopGradient(tree).n[0], n, 'integers untouched')
  const f = (y: Tensor): Scalar => op.sum(op.mul(y, stopGradient(op.mul(y, y))))
  t.ok(closeTrees(grad(f)(x), op.mul(x, x)))
  t.same(toArray(hvp(f)(x, x)), [0, 0, 0], 'all levels')
  t.same(toArray(vjp((y: Tensor) => stopGradient(y))(x)[1](x)), [0, 0, 0])
  t.same(toArray(jvp((y: Tensor) => stopGradient(y))(x, x)[1]), [0, 0, 0])
  const each = (y: Scalar) => op.mul(y, stopGradient(y))
  t.ok(closeTrees(vmap(grad(each))(x as Tensor<readonly [3]>), x), 'mapped, then differentiated')
  t.ok(closeTrees(grad((y: Tensor<readonly [3]>): Scalar => op.sum(vmap(each)(y)))(x as Tensor<readonly [3]>), x))
  t.equal(item(grad((y: Scalar) => grad((z: Scalar) => op.mul(z, stopGradient(op.mul(y, z))))(y))(scalar(3))), 0)
})

const softplus = customVjp(
  function softplus(x: Tensor) {
    return op.log(op.shift(op.exp(x), 1))
  },
  (_, x) => (d) => op.mul(d, op.sigmoid(x)),
)

t.test('customVjp: a custom rule', async (t) => {
  for (const shape of [[], [3], [0, 2]]) lawsOfDiff(t, `softplus ${shape}`, softplus, normal(1, ...shape))
  lawsOfVmap(t, 'softplus', softplus as never, [floats([2])])
  type Pair = { readonly a: Tensor; readonly b: Tensor }
  const both = customVjp(
    ({ a, b }: Pair) => [op.mul(a, b), op.exp(a)] as const,
    ([, e], { a, b }) =>
      ([d, f]) => ({ a: op.add(op.mul(d, b), op.mul(f, e)), b: op.mul(d, a) }),
  )
  lawsOfDiff(t, 'trees, and the value in the rule', both, { a: normal(1, 2), b: normal(2, 2) })
})

t.test('gradCheck finds a wrong rule', async (t) => {
  const wrong = customVjp(
    (x: Tensor) => op.mul(x, x),
    (_, x) => (d) => op.mul(d, x),
  )
  const report = gradCheck(wrong, normal(1, 3))
  t.notOk(report.pass)
  t.match(show(report), /FAIL|fail/)
  const second = customVjp(
    (x: Tensor) => op.mul(x, x),
    (_, x) => (d) => op.scale(op.mul(d, stopGradient(x)), 2),
  )
  t.ok(gradCheck(second, normal(1, 3), { order: 1 }).pass)
  t.notOk(gradCheck(second, normal(1, 3)).pass, 'and one that is wrong in the second order')
})

t.test('the rule is all that is known of the function', async (t) => {
  const straight = customVjp(
    (x: Tensor) => fromNested(toArray(x).map(Math.round), 'float64') as Tensor, // reads numbers
    () => (d) => d,
    'round',
  )
  const x = fromNested([0.4, 1.6], 'float64') as Tensor
  const f = (y: Tensor): Scalar => op.sum(op.mul(straight(y), straight(y)))
  t.same(toArray(grad(f)(x)), [0, 4])
  t.same(
    toArray(hvp(f)(x, x)).map((v) => v.toFixed(6)),
    ['0.800000', '3.200000'],
    'of outer derivatives too',
  )
  t.throws(() => vmap(straight)(op.reshape(x, [1, 2])), TracedError)
  const tripled = customVjp(
    (y: Scalar) => op.mul(y, y),
    () => (d) => op.scale(d, 3),
  )
  const g = (y: Scalar) => op.mul(tripled(y), tripled(y)) // value y⁴; by the rule, slope 6 y², and 18 of that
  t.equal(item(grad(g)(scalar(2))), 24)
  t.equal(item(grad(grad(g))(scalar(2))), 18)
  const xs = fromNested([2, 3], 'float64')
  t.same(toArray(vmap(grad(grad(g)))(xs)), [18, 18])
  t.same(toArray(grad((ys: Tensor<readonly [2]>): Scalar => op.sum(vmap(grad(g))(ys)))(xs)), [18, 18])
  const sum = (ys: Tensor<readonly [2]>): Scalar => op.sum(vmap(g)(ys))
  t.same(toArray(hvp(sum)(xs, fromNested([1, 1], 'float64'))), [18, 18])
})

t.test('errors in a rule have the name of its function', async (t) => {
  const x = normal(1, 2)
  const of = (rule: (d: Tensor) => unknown, name?: string) =>
    customVjp(
      function mine(y: Tensor) {
        return op.exp(y)
      },
      () => (d) => rule(d) as Tensor,
      name,
    )
  const run = (f: (y: Tensor) => Tensor) => () => vjp(f)(x)[1](x)
  t.throws(run(of((d) => op.sum(d))), {
    name: 'ShapeError',
    message: 'pullback of mine: expected a cotangent [2], as the argument, got []',
  })
  t.throws(
    run(of((d) => op.cast(d, 'float32'), 'other')),
    /pullback of other: expected a cotangent in float64, as the argument, got float32/,
  )
  t.throws(run(of((d) => op.cast(d, 'float32'))), DTypeError)
  t.throws(run(of((d) => ({ y: d }))), /pullback of mine: expected a tensor \[2\], got the names y/)
  const anonymous = [(y: Tensor) => op.exp(y)][0] as (y: Tensor) => Tensor
  t.throws(run(customVjp(anonymous, () => (d) => op.sum(d) as never)), /pullback of customVjp: /)
  t.throws(
    () =>
      vmap(of((d) => op.sum(d)))(op.reshape(x, [2, 1])) &&
      vjp(vmap(of((d) => op.sum(d))) as never)(op.reshape(x, [1, 2]) as never)[1](op.reshape(x, [1, 2]) as never),
    ShapeError,
  )
  const nothing = customVjp(
    (_: Tensor) => 3 as unknown as Tree,
    () => () => x,
    'nothing',
  )
  for (const call of [() => nothing(x), () => vjp(nothing)(x), () => vmap(nothing)(x as never)])
    t.throws(call, /nothing: expected a tensor, or a record or an array of them, got 3/)
  const closing = (z: Scalar) =>
    customVjp(
      (y: Scalar) => op.mul(y, z),
      () => (d) => op.mul(d, z),
    )
  t.throws(() => grad((z: Scalar) => closing(z)(z))(scalar(1)), /expected a function of its argument alone/)
})

t.test('checkpoint: the same, computed again backward', async (t) => {
  let runs = 0
  const block = (x: Tensor): Tensor => {
    runs++
    return op.tanh(op.mul(op.exp(x), x))
  }
  const kept = checkpoint(block)
  const x = normal(1, 3)
  const [y, back] = vjp(kept)(x)
  t.equal(runs, 1)
  const d = normal(2, 3)
  const dx = back(d)
  t.equal(runs, 2, 'once forward, once backward')
  back(d)
  t.equal(runs, 3)
  t.ok(sameTree([y, dx], [block(x), vjp(block)(x)[1](d)]), 'the same to the last bit')
  lawsOfDiff(t, 'checkpoint', kept, normal(3, 2, 2))
  lawsOfVmap(t, 'checkpoint', kept as never, [floats([2])])
  t.ok(closeTrees(jacobian(kept)(x), jacobian(block)(x)))

  const nested = checkpoint((z: Tensor) => kept(kept(z)))
  runs = 0
  const [, nestedBack] = vjp(nested)(x)
  t.equal(runs, 2)
  nestedBack(d)
  t.equal(runs, 6, 'two more within the outer one, and again for the inner ones')
  lawsOfDiff(t, 'nested checkpoints', nested, normal(4, 2))

  type At = { readonly w: Tensor; readonly n: Tensor<readonly [1], 'int32'> }
  const trees = checkpoint(({ w, n }: At) => ({ y: op.exp(w), n }))
  lawsOfDiff(t, 'trees', (w: Tensor) => trees({ w, n: fromNested([1], 'int32') }).y, normal(5, 2))
  t.throws(() => vjp(checkpoint((_: Tensor) => 3 as unknown as Tensor))(x), StructureError)
  t.throws(() => grad((z: Scalar) => checkpoint((v: Scalar) => op.mul(v, z))(z))(scalar(1)), TracedError)
  t.throws(() => vjp(kept)(x)[1](normal(1, 2)), ShapeError)
})
