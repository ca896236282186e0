import { fromNested, ones, StructureError, showIssues, tree, zeros } from 'pullback'
import t from 'tap'
import * as T from '#fp/These'
import { sameTree } from '../law/diff.ts'

const params = { enc: { W: zeros([2, 3]), b: zeros([2]) }, out: { W: zeros([1, 2]) } }
const other = { enc: { W: ones([2, 3]), b: ones([2]) }, out: { W: ones([1, 2]) } }

t.test('load', async (t) => {
  for (const from of [other, tree.flatten(other)]) {
    const all = tree.load(params, from)
    t.ok(T.isRight(all) && sameTree(all.right, other))
  }
  const some = tree.load(params, {
    enc: { W: ones([3, 2]), b: fromNested([1, 1], 'float64') },
    out: { W: ones([1, 2]), b: ones([1]) },
  })
  if (!T.isBoth(some)) throw new Error('some fit')
  t.ok(sameTree(some.right, { ...params, out: { W: other.out.W } }))
  t.equal(
    showIssues(some.left),
    `enc.W: expected [2, 3], got [3, 2] [shape-mismatch]
enc.b: expected float32, got float64: convert it with cast [dtype-mismatch]
out.b: expected nothing, got [1] [unknown-name]`,
  )
  const nothing = tree.load(params, { L1: { W: ones([2, 3]) } })
  t.ok(T.isLeft(nothing) && nothing.left.length === 4)
  const twice = { 'enc.b': ones([2]), enc: { b: zeros([2]) } }
  const message = /load: expected each name once, got 'enc.b' twice/
  t.throws(() => tree.load(params, twice), message, 'neither is silently dropped')
  t.throws(() => tree.load(twice, params), message)
})

t.test('rename', async (t) => {
  const renamed = tree.rename(params, { enc: 'encoder.first', 'out.W': 'head' })
  t.same(Object.keys(tree.flatten(renamed)), ['encoder.first.W', 'encoder.first.b', 'head'])
  t.equal(renamed.encoder.first.W, params.enc.W)
  t.equal(renamed.head, params.out.W)
  t.ok(sameTree(tree.rename(renamed, { 'encoder.first': 'enc', head: 'out.W' }), params))
  t.ok(sameTree(tree.rename(params, {}), params))
  const alike = { W: params.enc.W, W2: params.out.W, L1: params.enc, L10: params.out }
  const apart = tree.rename(alike, { W: 'V', L1: 'first' })
  t.same(Object.keys(tree.flatten(apart)).sort(), ['L10.W', 'V', 'W2', 'first.W', 'first.b'], 'W is no part of W2')
  t.equal(apart.W2, alike.W2)
  t.equal(apart.L10.W, alike.L10.W)
  t.throws(() => tree.rename(params, { encoder: 'x' } as never), /expected one of the names enc, out, got 'encoder'/)
  t.throws(() => tree.rename(params, { enc: 'out' }), /expected each name once, got 'out.W' twice/)
  t.throws(() => tree.rename(params, { enc: 'a', 'enc.W': 'b' }), StructureError)
  t.throws(() => tree.rename(params, { enc: 'out.W' }), StructureError)
})
