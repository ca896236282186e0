import fc from 'fast-check'
import { eqTree, fromNested, StructureError, type Tensor, type Tree, tree, zeros } from 'pullback'
import t from 'tap'
import { layouts, tensorOf } from '../arbitrary/tensor.ts'
import { trees, treesOf } from '../arbitrary/tree.ts'
import { check } from '../support/property.ts'

const { equals } = eqTree
/** So few trees that many are equal. */
const few = treesOf(tensorOf([1], fc.constantFrom(0, 1)), ['a', 'b'])

t.test('an equivalence', async () => {
  check(trees, (a) => equals(a, a), 1000)
  check(fc.tuple(few, few), ([a, b]) => equals(a, b) === equals(b, a), 1000)
  check(fc.tuple(few, few, few), ([a, b, c]) => !(equals(a, b) && equals(b, c)) || equals(a, c), 1000)
})

t.test('equality does not depend on construction or memory layout', async () => {
  const turned = (a: Tree): Tree =>
    Array.isArray(a) || tree.leaves(a)[0] === a
      ? a
      : Object.fromEntries(
          Object.entries(a)
            .reverse()
            .map(([k, v]) => [k, turned(v)]),
        )
  check(trees, (a) => equals(turned(a), a))
  check(trees, (a) =>
    equals(
      tree.map(a, (x) => layouts(x as Tensor).find(([name]) => name === 'flipped')?.[1] ?? x),
      a,
    ),
  )
})

t.test('differences', async (t) => {
  const [x, y] = [zeros([2]), fromNested([0, 1])]
  const different: readonly (readonly [Tree, Tree])[] = [
    [x, y],
    [x, zeros([2], 'float64')],
    [x, { x }],
    [{ x }, { y: x }],
    [{ x }, { x, y }],
    [{ x, y }, { x }],
    [[x], { 0: x }],
    [[x], [x, x]],
    [{ L: { x } }, { L: { x: y } }],
    [{}, []],
    [{ toString: x }, {}],
  ]
  for (const [i, [a, b]] of different.entries()) t.notOk(equals(a, b) || equals(b, a), `${i}`)
  t.throws(() => equals(3 as never, {}), StructureError)
})
