import fc from 'fast-check'
import {
  categoryDiff,
  chainRule,
  type Diff,
  fromNested,
  grad,
  item,
  lift,
  op,
  random,
  type Scalar,
  type Tensor,
  toArray,
  vjp,
} from 'pullback'
import t from 'tap'
import { numbers } from '../arbitrary/tensor.ts'
import { sameTree } from '../law/diff.ts'
import { check } from '../support/property.ts'

type Function = Diff<number, number>
const functions: readonly Function[] = [
  (x) => [x * x, (d) => 2 * x * d],
  (x) => [Math.sin(x), (d) => Math.cos(x) * d],
  (x) => [x / (1 + x * x), (d) => ((1 - x * x) / (1 + x * x) ** 2) * d],
]

t.test('differentiable functions form a category', async () => {
  const { id, compose } = categoryDiff
  const arrow = fc.constantFrom(...functions)
  check(
    fc.tuple(arrow, arrow, arrow, numbers, numbers),
    ([f, g, h, x, d]) => {
      const same = (p: Function, q: Function): boolean => {
        const [[y, back], [z, forth]] = [p(x), q(x)]
        return Object.is(y, z) && Object.is(back(d), forth(d))
      }
      return (
        same(compose(compose(h, g), f), compose(h, compose(g, f))) &&
        same(compose(f, id()), f) &&
        same(compose(id(), f), f) &&
        same(compose(g, f), chainRule(f, g))
      )
    },
    1000,
  )
})

const x = random.normal(random.key(1), [2, 2], 'float64') as Tensor
const d = random.normal(random.key(2), [2, 2], 'float64') as Tensor
type Pair = { readonly a: Tensor; readonly b: Tensor }
const f = ({ a, b }: Pair) => ({ s: op.add(a, op.mul(a, b)), m: op.matmul(a, op.relu(b)) })

t.test('lift and vjp are inverse', async (t) => {
  const at = { a: x, b: d }
  const [y, back] = vjp(f)(at)
  const [z, forth] = vjp(lift(vjp(f)))(at)
  t.ok(sameTree(y, z))
  t.ok(sameTree(back({ s: d, m: x }), forth({ s: d, m: x })))
  t.ok(sameTree(lift(vjp(f))(at), f(at)), 'on plain tensors')
})

t.test('a lifted Diff uses its own pullback, and nests', async (t) => {
  let calls = 0
  const twice: Diff<Tensor<readonly []>, Scalar> = (a) => [
    op.scale(a, 2),
    (da) => {
      calls++
      return op.scale(da, 2)
    },
  ]
  const g = grad((a: Scalar) => lift(twice)(op.mul(a, a)))
  t.equal(item(g(fromNested(3, 'float64'))), 12)
  t.equal(calls, 1)
  t.equal(item(grad(g)(fromNested(3, 'float64'))), 4)
})

t.test('a lifted Diff is a function of its argument alone', async (t) => {
  const [two, five] = [fromNested(2, 'float64'), fromNested(5, 'float64')]
  type F = (x: Scalar) => Scalar
  const closed = (z: Scalar): F => lift((y: Scalar) => [op.mul(z, y), (e: Scalar) => op.mul(e, z)] as const)
  const nested: F = (x) => grad((z: Scalar) => closed(z)(x))(five)
  const sibling: F = (x) => closed(x)(op.mul(x, x))
  for (const f of [nested, sibling])
    t.throws(() => grad(f)(two), /lift: expected a function of its argument alone, got one that has closed over/)
  const outer: F = (x) => grad((z: Scalar) => closed(x)(z))(five)
  t.equal(item(grad(outer)(two)), 1, 'a tensor of an outer derivative is a constant to it')
  const short = lift(
    (a: { readonly x: Scalar; readonly n: Tensor<readonly [], 'int32'> }) => [a.x, (e: Scalar) => ({ x: e })] as never,
  )
  t.throws(
    () => grad((x: Scalar) => short({ x, n: fromNested(1, 'int32') }) as Scalar)(two),
    /pullback of lift: expected the names n, x, got the names x/,
  )
})

t.test('operations as Diffs', async (t) => {
  const [y, back] = op.mul.diff([x, d])
  t.ok(sameTree(y, op.mul(x, d)))
  t.ok(sameTree(back(x), [op.mul(x, d), op.mul(x, x)]))
  t.equal(op.mul.operation, 'mul')
  const [value] = op.mul.pull(x, d)
  t.same(toArray(value), toArray(y))
  const one = fromNested([[1]], 'float64')
  t.equal(op.matmul.pull(one, one)[1].name, 'matmulPullback', 'a pullback has a name, for stack traces')
})
