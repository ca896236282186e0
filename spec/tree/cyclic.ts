// A record within itself has no end: whatever goes through trees says so, and where.
import {
  adam,
  cast,
  codecOf,
  compact,
  eqTree,
  examples,
  grad,
  gradCheck,
  l2,
  ones,
  op,
  revive,
  stopGradient,
  type Tensor,
  type Tree,
  toBytes,
  tree,
  vmap,
  zeros,
} from 'pullback'
import t from 'tap'

type Open = { [name: string]: Tree }

const record = (): Tree => {
  const made: Open = { a: zeros([2]) }
  made.within = { self: made }
  return made
}
const array = (): Tree => {
  const made: Tree[] = [zeros([2])]
  made.push([made])
  return made
}
const first = (x: Tree) => op.sum(tree.leaves(x)[0] as Tensor)

t.test('records and arrays that contain themselves', async (t) => {
  const through: { readonly [name: string]: (x: Tree) => unknown } = {
    map: (x) => tree.map(x, (a) => a),
    zipWith: (x) => tree.zipWith(x, x, (a) => a),
    leaves: tree.leaves,
    entries: tree.entries,
    rebuild: (x) => tree.rebuild(x, [zeros([2])]),
    flatten: tree.flatten as (x: Tree) => unknown,
    load: (x) => tree.load(x, { a: zeros([2]) }),
    rename: (x) => (tree.rename as (x: Tree, names: object) => unknown)(x, {}),
    eqTree: (x) => eqTree.equals(x, Array.isArray(x) ? array() : record()),
    cast: (x) => (cast as (x: Tree, to: 'float64') => unknown)(x, 'float64'),
    examples,
    compact,
    revive,
    init: (x) => adam().init(x),
    l2: l2(0.1),
    grad: grad(first),
    vmap: vmap((x: Tree) => x),
    stopGradient,
    gradCheck: (x) => gradCheck(first, x),
  }
  for (const [name, f] of Object.entries(through)) {
    t.throws(() => f(record()), { message: /at within.self: .* a record that contains itself/ }, name)
    t.throws(() => f(array()), { message: /at 1.0: .* an array that contains itself/ }, name)
  }
  t.throws(() => toBytes(record()), /a record that contains itself/)
  t.equal(codecOf({ a: zeros([2]) }).decode(record())._tag, 'Left')
})

t.test('a tree may contain a part twice, if not within itself', async (t) => {
  const shared = { b: ones([2]) }
  const twice = { first: shared, second: [shared, shared] }
  t.equal(tree.leaves(twice).length, 3)
  t.ok(
    eqTree.equals(
      twice,
      tree.map(twice, (x) => x),
    ),
  )
  t.equal(revive(structuredClone(twice)).second.length, 2)
})
