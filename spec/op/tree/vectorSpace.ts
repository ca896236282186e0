import fc from 'fast-check'
import { approxEqual, getVectorSpace, type Tensor, type Tree, tree } from 'pullback'
import t from 'tap'
import { tensorOf } from '../../arbitrary/tensor.ts'
import { check } from '../../support/property.ts'

type P = { readonly L1: { readonly W: Tensor; readonly b: Tensor }; readonly s: Tensor }
const params: fc.Arbitrary<P> = fc.record({ L1: fc.record({ W: tensorOf([2, 3]), b: tensorOf([2]) }), s: tensorOf([]) })
const close = (a: Tree, b: Tree): boolean => {
  const ys = tree.leaves(b)
  return tree.leaves(a).every((x, i) => approxEqual(x, ys[i] as Tensor, { relative: 1e-12, absolute: 1e-12 }))
}
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * (1 + Math.abs(a))

t.test('the axioms of a vector space with an inner product', async () => {
  check(
    fc.tuple(params, params, params, fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })),
    ([u, v, w, j, k]) => {
      const V = getVectorSpace(u)
      return (
        close(V.concat(u, V.concat(v, w)), V.concat(V.concat(u, v), w)) &&
        close(V.concat(u, v), V.concat(v, u)) &&
        close(V.concat(u, V.empty), u) &&
        close(V.concat(u, V.inverse(u)), V.empty) &&
        close(V.inverse(u), V.scale(-1, u)) &&
        close(V.scale(1, u), u) &&
        close(V.scale(j, V.scale(k, u)), V.scale(j * k, u)) &&
        close(V.scale(j, V.concat(u, v)), V.concat(V.scale(j, u), V.scale(j, v))) &&
        close(V.scale(j + k, u), V.concat(V.scale(j, u), V.scale(k, u))) &&
        near(V.dot(u, v), V.dot(v, u)) &&
        near(V.dot(V.concat(u, v), w), V.dot(u, w) + V.dot(v, w)) &&
        near(V.dot(V.scale(k, u), v), k * V.dot(u, v)) &&
        V.dot(u, u) >= 0
      )
    },
  )
})

t.test('vectors of different structure', async (t) => {
  const V = getVectorSpace<Tree>({})
  t.throws(() => V.concat({ a: getVectorSpace<Tree>({}).empty }, { b: {} }), /expected the names a, got the names b/)
})
