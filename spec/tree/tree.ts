import {
  type AnyTensor,
  fromNested,
  op,
  StructureError,
  type Tensor,
  type Tree,
  toArray,
  tree,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import * as O from '#fp/Option'
import { trees } from '../arbitrary/tree.ts'
import { sameTree } from '../law/diff.ts'
import { check } from '../support/property.ts'

const times = (k: number) => (x: AnyTensor) => op.scale(x as Tensor, k)

t.test('map', async () => {
  check(
    trees,
    (a) =>
      sameTree(
        tree.map(a, (x) => x),
        a,
      ) && sameTree(tree.map(tree.map(a, times(2)), times(2)), tree.map(a, times(4))),
  )
})

t.test('rebuild puts back what leaves takes', async (t) => {
  check(trees, (a) => sameTree(tree.rebuild(a, tree.leaves(a)), a))
  const [x, y] = [zeros([1]), zeros([2])]
  const back = tree.rebuild({ b: x, a: [y, x] }, [y, x, x])
  t.same(Object.keys(back), ['b', 'a'], 'the order of the record stays')
})

t.test('zipWith goes by name, not by position', async (t) => {
  const a = { W: fromNested([1]), b: fromNested([2]) }
  const b = { b: fromNested([20]), W: fromNested([10]) }
  const sum = tree.zipWith(a, b, (x, y) => op.add(x as Tensor, y as Tensor))
  t.same([toArray(sum.W), toArray(sum.b)], [[11], [22]])
  t.same(
    tree.leaves(a).map((x) => toArray(x)),
    [[1], [2]],
  )
  t.same(
    tree.leaves(b).map((x) => toArray(x)),
    [[10], [20]],
    'leaves come in the order of the names',
  )
  check(trees, (x) =>
    sameTree(
      tree.zipWith(x, x, (p) => p),
      x,
    ),
  )
})

t.test('structures that differ', async (t) => {
  const x = zeros([1])
  const zip = (a: Tree, b: Tree) => () => tree.zipWith(a, b, (p) => p)
  t.throws(zip({ L1: { W: x, b: x } }, { L1: { W: x } }), /zipWith at L1: expected the names W, b, got the names W/)
  t.throws(zip({ W: x }, { W: x, b: x }), StructureError)
  t.throws(zip({ W: x }, { V: x }), StructureError)
  t.throws(zip({ W: x }, x), /expected the names W, got a tensor \[1\]/)
  t.throws(zip(x, { W: x }), StructureError)
  t.throws(zip({ a: {} }, { a: x }), /at a: expected an empty record, got a tensor \[1\]/)
  for (const [bad, what] of [
    [3, '3'],
    [null, 'null'],
    [undefined, 'undefined'],
    [() => x, 'a function'],
  ] as const)
    t.throws(() => tree.leaves({ L1: { W: bad } } as unknown as Tree), {
      message: `leaves at L1.W: expected a tensor, or a record or an array of them, got ${what}`,
    })
  t.throws(() => tree.map({ a: 3 } as unknown as Tree, (p) => p), StructureError)
  t.throws(zip({ __proto__: null, a: x } as unknown as Tree, { b: x }), StructureError)
})

t.test('reduce', async (t) => {
  const sizes = tree.reduce({ b: zeros([2]), a: zeros([3]) }, '', (s, x) => `${s}${x.size}`)
  t.equal(sizes, '32', 'in the order of the names')
})

t.test('traverse', async (t) => {
  const params = { L1: { W: zeros([2, 2]), b: zeros([2]) } }
  const small = tree.traverse(O.Applicative)
  t.ok(O.isSome(small(params, (x) => (x.size < 9 ? O.some(x) : O.none))))
  t.ok(O.isNone(small(params, (x) => (x.size < 3 ? O.some(x) : O.none))))
  const checked = tree.traverse(E.Applicative)(params, (x) => (x.size < 3 ? E.right(x) : E.left(`${x.size} entries`)))
  t.same(checked, E.left('4 entries'))
  check(trees, (a) => {
    const same = tree.traverse(O.Applicative)(a, O.some)
    return O.isSome(same) && sameTree(same.value, a)
  })
})

t.test('through traced trees', async (t) => {
  const [, back] = vjp((p: { readonly a: Tensor; readonly b: Tensor }) => tree.map(p, times(2)))({
    b: fromNested([1]),
    a: fromNested([2]),
  })
  const d = back({ a: fromNested([1]), b: fromNested([10]) })
  t.same([toArray(d.a), toArray(d.b)], [[2], [20]])
})
