import fc from 'fast-check'
import { StructureError, type Tree, tree, zeros } from 'pullback'
import t from 'tap'
import { sameTree } from '../law/diff.ts'
import { check } from '../support/property.ts'
import { type Equal, yes } from '../type/equal.ts'

const params = { enc: { L1: { W: zeros([3, 2]), b: zeros([3]) } }, out: { W: zeros([1, 3]), b: zeros([1]) } }
type P = typeof params
type W = P['enc']['L1']['W']

t.test('the parts of a tree, and their types', async (t) => {
  const inside = tree.only(params, 'enc.L1.W', 'out')
  yes<Equal<typeof inside, { readonly enc: { readonly L1: { readonly W: W } }; readonly out: P['out'] }>>()
  t.same(Object.keys(tree.flatten(inside)), ['enc.L1.W', 'out.W', 'out.b'])
  t.equal(inside.out, params.out, 'a record as a whole is the record itself')
  const outside = tree.without(params, 'enc.L1.W', 'out')
  yes<Equal<typeof outside, { readonly enc: { readonly L1: { readonly b: P['enc']['L1']['b'] } } }>>()
  t.same(Object.keys(tree.flatten(outside)), ['enc.L1.b'])
  const rest = tree.without(params, 'enc.L1.W', 'enc.L1.b')
  yes<Equal<typeof rest, { readonly out: P['out'] }>>()
  t.same(Object.keys(rest), ['out'], 'records of which nothing is left go away')
  t.same(tree.without(params, 'enc', 'out'), {})
  t.same(tree.only(params), {})
  t.equal(tree.without(params), params)
  t.ok(sameTree(tree.only(params, 'enc', 'enc.L1.W'), { enc: params.enc }), 'a name within another adds nothing')
  const list = { layers: [zeros([1]), zeros([2])], b: zeros([3]) }
  t.same(Object.keys(tree.flatten(tree.without(list, 'layers.0'))), ['b', 'layers.1'])
  yes<Equal<keyof tree.Only<typeof list, 'layers.0' | 'b'>, 'layers' | 'b'>>()
  yes<Equal<keyof tree.Only<typeof list, 'layers.0'>['layers'], '0'>>()
  yes<Equal<keyof tree.Without<typeof list, 'layers.0'>['layers'], `${number}`>>()
})

t.test('both parts together are the tree', async () => {
  const paths = ['enc', 'enc.L1', 'enc.L1.W', 'enc.L1.b', 'out', 'out.W', 'out.b'] as const
  check(fc.subarray([...paths]), (chosen) => {
    const back = tree.overlay(params, tree.without(params, ...chosen) as Tree, tree.only(params, ...chosen) as Tree)
    const sizes = [tree.only(params, ...chosen), tree.without(params, ...chosen)].map(
      (part) => tree.leaves(part as Tree).length,
    )
    return sameTree(back, params) && (sizes[0] as number) + (sizes[1] as number) === 4
  })
})

t.test('lists stay lists', async (t) => {
  const list = { layers: [zeros([1]), zeros([2])], b: zeros([3]) }
  const [first, other] = [zeros([1]), zeros([2])]
  const laid = tree.overlay(list, { layers: { 1: other } }, { layers: { 0: first } })
  t.ok(Array.isArray(laid.layers))
  t.equal(laid.layers.length, 2)
  t.equal(laid.layers[0], first)
  t.equal(laid.layers[1], other)
  t.not(list.layers[0], first, 'the tree is left as it was')
})

t.test('bad input', async (t) => {
  t.throws(() => tree.only(params, 'enc.L2' as never), /only: expected one of the names L1, got 'L2' of 'enc.L2'/)
  t.throws(() => tree.without(params, 'out.W.x' as never), /without: expected no name within a tensor, got 'x' of/)
  t.throws(() => tree.only(params, '' as never), StructureError)
  t.throws(() => tree.only({ a: {} }, 'a.b' as never), /expected one of an empty record, got 'b' of 'a.b'/)
  t.throws(
    () => tree.overlay(params, { enc: { L9: zeros([1]) } }),
    /overlay: expected a name of the tree, got 'enc.L9'/,
  )
  t.throws(() => tree.overlay(params, { enc: zeros([1]) }), /a record for a record/)
  // @ts-expect-error no such name
  t.throws(() => tree.without(params, 'encoder'), StructureError)
})
