import fc from 'fast-check'
import { fromNested, ones, StructureError, type Tensor, type Tree, toArray, tree, zeros } from 'pullback'
import t from 'tap'
import { tensorOf } from '../arbitrary/tensor.ts'
import { sameTree } from '../law/diff.ts'
import { check } from '../support/property.ts'

const params = { enc: { L1: { W: zeros([3, 2]), b: zeros([3]) } }, out: { W: zeros([1, 3]), b: zeros([1]) } }
type P = typeof params

t.test('flatten and unflatten', async (t) => {
  t.same(Object.keys(tree.flatten(params)), ['enc.L1.W', 'enc.L1.b', 'out.W', 'out.b'])
  t.same(tree.flatten(params)['enc.L1.W'].shape, [3, 2])
  t.ok(sameTree(tree.unflatten(tree.flatten(params)), params))
  t.same(Object.keys(tree.flatten({ layers: [{ b: zeros([1]) }] })), ['layers.0.b'])
  t.throws(
    () => tree.flatten({ 'a.b': zeros([1]) }),
    /flatten: expected names of at least one letter and without dots, got 'a.b'/,
  )
  t.throws(() => tree.flatten({ L: { '': zeros([1]) } }), /flatten at L: /)
  t.throws(
    () => tree.unflatten({ 'L.W': zeros([1]), L: zeros([1]) }),
    /expected 'L' to be a tensor or a record, got both/,
  )
  t.throws(() => tree.unflatten({ 'm.L': zeros([1]), 'm.L.W': zeros([1]) }), /'m.L'/)
  t.throws(() => tree.unflatten({ 'a..b': zeros([1]) }), /unflatten at a: expected names of at least one letter/)
  t.throws(() => tree.flatten({ a: 5 } as never), /flatten at a: expected a tensor/)
  const names = Array.from({ length: 20_000 }, (_, i) => [`n${i}.W`, zeros([])] as const)
  t.equal(Object.keys(tree.unflatten(Object.fromEntries(names))).length, 20_000, 'in linear time')
  const record: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      tensorOf([1]),
      fc.dictionary(fc.constantFrom('W', 'b', 'constructor', '__proto__'), tie('tree'), { minKeys: 1, maxKeys: 3 }),
    ),
  })).tree
  check(
    record.filter((a) => !('dtype' in a)),
    (a) => sameTree(tree.unflatten(tree.flatten(a) as { readonly [name: string]: Tensor }) as Tree, a),
  )
})

t.test('lenses', async (t) => {
  const bias = tree.at<P>()('enc.L1.b')
  const moved = bias.set(ones([3]))(params)
  t.same(toArray(moved.enc.L1.b), [1, 1, 1])
  t.equal(moved.out, params.out, 'what was not touched is shared')
  t.same(toArray(params.enc.L1.b), [0, 0, 0], 'the old record stays')
  t.equal(tree.at<P>()('enc').get(params), params.enc, 'inner records too')
  const stacked = { layers: [zeros([1]), zeros([1])] }
  const { layers } = tree
    .at<typeof stacked>()('layers.1')
    .set(ones([1]))(stacked)
  t.ok(Array.isArray(layers) && layers[0] === stacked.layers[0], 'a list stays a list')
  t.same(layers.map(toArray), [[0], [1]])
  t.same(toArray(tree.modify(bias, () => ones([3]))(params).enc.L1.b), [1, 1, 1])
  t.throws(
    () =>
      tree
        .at<Tree>()('enc.L9' as never)
        .get(params),
    StructureError,
  )
  t.throws(
    () =>
      tree
        .at<Tree>()('enc.L1.W.x' as never)
        .set(params as never)(params),
    StructureError,
  )
  const list = { layers: [zeros([1]), zeros([1])] }
  t.same(
    toArray(
      tree
        .at<typeof list>()('layers.1')
        .set(ones([1]))(list).layers[1] as Tensor,
    ),
    [1],
  )
})

t.test('the laws of a lens', async () => {
  const lens = tree.at<P>()('out.b')
  check(fc.tuple(tensorOf([1]), tensorOf([1])), ([a, b]) => {
    const [x, y] = [a, b] as unknown as readonly [Tensor<readonly [1]>, Tensor<readonly [1]>]
    return (
      sameTree(lens.get(lens.set(x as never)(params)), x) &&
      sameTree(lens.set(lens.get(params))(params), params) &&
      sameTree(lens.set(y as never)(lens.set(x as never)(params)), lens.set(y as never)(params))
    )
  })
  check(fc.constant(fromNested([1])), () => true)
})
