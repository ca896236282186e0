import fc from 'fast-check'
import {
  chainRule,
  type Diff,
  fromNested,
  grad,
  identityDiff,
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
import { sameTree } from '../law/diff.ts'
import { check } from '../support/property.ts'

const square: Diff<number, number> = (x) => [x * x, (d) => 2 * x * d]
const sine: Diff<number, number> = (x) => [Math.sin(x), (d) => Math.cos(x) * d]
const cube: Diff<number, number> = (x) => [x ** 3, (d) => 3 * x * x * d]
const same = (f: Diff<number, number>, g: Diff<number, number>) => (x: number) => {
  const [[y, back], [z, forth]] = [f(x), g(x)]
  return Object.is(y, z) && Object.is(back(1.5), forth(1.5))
}

t.test('differentiable functions form a category', async () => {
  const number = fc.double({ min: -3, max: 3, noNaN: true })
  check(number, same(chainRule(chainRule(square, sine), cube), chainRule(square, chainRule(sine, cube))))
  check(number, same(chainRule(identityDiff<number>(), sine), sine))
  check(number, same(chainRule(sine, identityDiff<number>()), sine))
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

t.test('operations as Diffs', async (t) => {
  const [y, back] = op.mul.diff([x, d])
  t.ok(sameTree(y, op.mul(x, d)))
  t.ok(sameTree(back(x), [op.mul(x, d), op.mul(x, x)]))
  t.equal(op.mul.operation, 'mul')
  const [value, pullback] = op.mul.pull(x, d)
  t.same(toArray(value), toArray(y))
  t.equal(pullback.name, 'mulPullback', 'a pullback has a name, for stack traces')
})
