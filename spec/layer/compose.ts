import fc from 'fast-check'
import {
  type AnyLayer,
  compose,
  gradCheck,
  identity,
  init,
  key,
  linear,
  named,
  relu,
  ShapeError,
  StructureError,
  show,
  type Tensor,
  type Tree,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import { chainOf, layerLists, networks } from '../arbitrary/network.ts'
import { sameTree } from '../law/diff.ts'
import { caseOf, cotangents, training } from '../law/layer.ts'
import { check } from '../support/property.ts'

/** Two layers that do the same: parameters and their first values, forward, backward, and the order of names. */
const same = (f: AnyLayer, g: AnyLayer): boolean => {
  const [a, b] = [caseOf(f, 2, [3]), caseOf(g, 2, [3])]
  return (
    JSON.stringify(Object.keys(f.params)) === JSON.stringify(Object.keys(g.params)) &&
    sameTree(a.params, b.params) &&
    sameTree(f.apply(a.params, {}, training, a.x).value as Tree, g.apply(b.params, {}, training, b.x).value as Tree) &&
    sameTree(cotangents(f, a.params, {}, a.x), cotangents(g, b.params, {}, b.x))
  )
}

t.test('associative and unital, records included', async () => {
  const split = layerLists(3).chain((layers) =>
    fc.tuple(
      fc.constant(layers),
      fc.integer({ min: 0, max: layers.length }),
      fc.integer({ min: 0, max: layers.length }),
    ),
  )
  check(split, ([layers, p, q]) => {
    const [i, j] = [Math.min(p, q), Math.max(p, q)]
    const [f, g, h] = [layers.slice(0, i), layers.slice(i, j), layers.slice(j)].map((part) => chainOf(...part)) as [
      AnyLayer,
      AnyLayer,
      AnyLayer,
    ]
    const flat = chainOf(...layers)
    return (
      same(chainOf(chainOf(f, g), h), chainOf(f, chainOf(g, h))) &&
      same(chainOf(f, g, h), flat) &&
      same(chainOf(identity, flat), flat) &&
      same(chainOf(flat, identity), flat)
    )
  })
})

t.test('random networks have right derivatives', async () => {
  check(
    networks(3),
    (net) => {
      const { params, x } = caseOf(net, 2, [3])
      const report = gradCheck(net, { params, input: x }, { context: training })
      if (!report.pass) console.error(show(report))
      return report.pass
    },
    40,
  )
})

t.test("the composite's pullback is the composition of the pullbacks", async (t) => {
  const [f, g] = [named('f', linear(3, 4)), named('g', linear(4, 2))]
  const net = compose(f, relu, g)
  const { params, x } = caseOf(net, 3)
  const { f: pf, g: pg } = params as unknown as { f: Tree; g: Tree }
  const dy = zeros([3, 2], 'float64') as Tensor
  const s1 = f.apply({ f: pf } as never, {}, training, x as never)
  const s2 = relu.apply({}, {}, training, s1.value)
  const s3 = g.apply({ g: pg } as never, {}, training, s2.value as never)
  const c3 = s3.pullback(dy as never)
  const c2 = s2.pullback(c3.input())
  const c1 = s1.pullback(c2.input() as never)
  const whole = net.apply(params as never, {}, training, x as never).pullback(dy as never)
  t.ok(sameTree(whole.input() as Tree, c1.input() as Tree))
  t.ok(sameTree(whole.params() as Tree, { ...c1.params(), ...c3.params() } as Tree))
})

t.test('a cotangent that nobody asks for is not computed', async (t) => {
  let asked = 0
  const counted: AnyLayer = {
    ...relu,
    apply: (p, s, c, x) => {
      const step = relu.apply(p, s, c, x as Tensor)
      return {
        ...step,
        pullback: (dy) => ({
          params: () => ({}),
          input: () => {
            asked++
            return dy
          },
        }),
      }
    },
  }
  const net = chainOf(counted, named('L', linear(3, 2)) as AnyLayer)
  const { params, x } = caseOf(net, 2, [3])
  const c = net.apply(params, {}, training, x).pullback(zeros([2, 2], 'float64'))
  c.params()
  t.equal(asked, 0, "training never asks for the first layer's input cotangent")
})

t.test('errors at run time', async (t) => {
  t.throws(
    () => chainOf(linear(3, 2), linear(2, 1)),
    /compose: expected each name once, got 'W' twice; wrap one of the two layers in named\(…\)/,
  )
  t.throws(() => chainOf(named('L', linear(3, 2)) as AnyLayer, named('L', linear(2, 1)) as AnyLayer), StructureError)
  t.throws(() => named('' as never, relu), StructureError)
  t.throws(() => named('a.b' as never, relu), /a name without dots, got 'a.b'/)
  const net = compose(named('enc', compose(named('L1', linear(784, 8)), relu)), named('L2', linear(8, 2)))
  const { params } = init(net, key(0))
  const run = (x: unknown) => () => net.apply(params, {}, training, x as never)
  t.throws(run(zeros([32, 28, 28])), { message: 'linear at enc.L1: expected [batch, 784], got [32, 28, 28]' })
  t.throws(run(zeros([32, 10])), ShapeError)
  try {
    run(zeros([32, 10]))()
  } catch (e) {
    t.match(e, {
      _tag: 'ShapeError',
      name: 'ShapeError',
      op: 'linear',
      expected: '[batch, 784]',
      actual: '[32, 10]',
      path: ['enc', 'L1'],
    })
  }
  t.throws(
    run(zeros([2, 784], 'float64')),
    /affine at enc.L1: expected one number format, got float64 and float32; use cast/,
  )
  t.throws(run(zeros([2, 784], 'int32')), /float32 or float64, got int32/)
  const step = net.apply(params, {}, training, zeros([3, 784]) as never)
  t.throws(() => step.pullback(zeros([4, 2]) as never).params(), /gate at enc: /, 'backward too')
  t.throws(
    () => vjp((x: Tensor) => net.apply(params, {}, training, x as never).value as Tensor)(zeros([2, 3])),
    /linear at enc.L1/,
  )
})
