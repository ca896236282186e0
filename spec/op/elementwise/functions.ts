// Comparisons, rounding, angles, powers and bounds of entries.
import { fromNested, op, random, type Shape, type Tensor, toNested, ValueError, vjp } from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../../law/diff.ts'

const { POSITIVE_INFINITY: inf, NaN: nan } = Number
const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
const positive = (seed: number, shape: Shape): Tensor =>
  random.uniform(random.key(seed), shape, { min: 0.2, max: 2, dtype: 'float64' })
const shapes: readonly Shape[] = [[], [2, 3], [0, 3]]
const of = (...xs: number[]): Tensor => fromNested(xs, 'float64')
/** The derivative of each entry. */
const slopes = (f: (x: Tensor) => Tensor, x: Tensor): unknown =>
  toNested(vjp(f)(x)[1](fromNested(new Array(x.size).fill(1), 'float64')))

const unary: readonly (readonly [string, (x: Tensor) => Tensor, (seed: number, shape: Shape) => Tensor])[] = [
  ['sin', op.sin, normal],
  ['cos', op.cos, normal],
  ['log1p', op.log1p, positive],
  ['expm1', op.expm1, normal],
  ['square', op.square, normal],
  ['power 3', (x) => op.power(x, 3), normal],
  ['power 7', (x) => op.power(x, 7), normal],
  ['power −2', (x) => op.power(x, -2), positive],
  ['power 2.5', (x) => op.power(x, 2.5), positive],
  ['power 0.3', (x) => op.power(x, 0.3), positive],
  ['power 66', (x) => op.power(x, 66), positive],
  ['clamp', (x) => op.clamp(x, -0.5, 0.5), normal],
  ['sign', (x) => op.mul(op.sign(x), op.square(x)), normal],
]
for (const [name, f, draw] of unary)
  t.test(name, async (t) => {
    for (const shape of shapes) lawsOfDiff(t, `${name} ${shape}`, f, draw(1, shape))
  })

t.test('atan2', async (t) => {
  for (const shape of shapes)
    lawsOfDiff(t, `${shape}`, ({ y, x }: { y: Tensor; x: Tensor }) => op.atan2(y, x), {
      y: normal(1, shape),
      x: normal(2, shape),
    })
})

t.test('atan2 far from 1 and near 0', async (t) => {
  const steep = (dtype: 'float32' | 'float64', y: number, x: number): unknown => {
    const one = (n: number): Tensor => fromNested([n], dtype) as Tensor
    const { y: dy, x: dx } = vjp((a: { y: Tensor; x: Tensor }) => op.atan2(a.y, a.x))({ y: one(y), x: one(x) })[1](
      one(1),
    )
    return [...(toNested(dy) as number[]), ...(toNested(dx) as number[])]
  }
  t.same(steep('float64', 2 ** -600, 2 ** -600), [2 ** 599, -(2 ** 599)])
  t.same(steep('float64', 2 ** 700, 2 ** 700), [2 ** -701, -(2 ** -701)])
  t.same(steep('float64', 0, 2 ** -600), [2 ** 600, -0])
  t.same(steep('float32', 2 ** -83, 2 ** -83), [2 ** 82, -(2 ** 82)])
  t.same(steep('float64', 0, 0), [nan, nan], 'the origin')
})

t.test('comparisons', async (t) => {
  const [a, b] = [of(1, 2, 3, nan, inf, -inf, 0, 1e308), of(2, 2, 2, nan, inf, inf, -0, -1e308)]
  const said = {
    greater: [0, 0, 1, 0, 0, 0, 0, 1],
    greaterEqual: [0, 1, 1, 0, 1, 0, 1, 1],
    less: [1, 0, 0, 0, 0, 1, 0, 0],
    lessEqual: [1, 1, 0, 0, 1, 1, 1, 0],
    equal: [0, 1, 0, 0, 1, 0, 1, 0],
    notEqual: [1, 0, 1, 1, 0, 1, 0, 1],
  } as const
  for (const [name, values] of Object.entries(said)) {
    const f = op[name as keyof typeof said] as (x: Tensor, y: Tensor) => Tensor
    t.same(toNested(f(a, b)), values, name)
    t.same(
      slopes((x) => f(x, b), a),
      new Array(8).fill(0),
      `${name} is a constant`,
    )
    t.throws(() => f(a, of(1)), /two tensors of one shape/)
  }
  t.same(toNested(op.less(of(5e-324), of(0))), [0], 'denormals')
  t.same(toNested(op.less(of(0), of(5e-324))), [1])
})

t.test('rounding', async (t) => {
  const x = of(-1.5, -0.5, 0.5, 1.5, 2.5, -0.2, nan, inf)
  t.same(toNested(op.floor(x)), [-2, -1, 0, 1, 2, -1, nan, inf])
  t.same(toNested(op.round(x)), [-2, -0, 0, 2, 2, -0, nan, inf], 'halves go to the even number')
  t.same(toNested(op.sign(of(-3, -0, 0, 2, nan, -inf))), [-1, 0, 0, 1, 0, -1])
  for (const f of [op.floor, op.round, op.sign]) t.same(slopes(f, x), new Array(8).fill(0))
})

t.test('powers', async (t) => {
  t.same(toNested(op.power(of(-2, 3), 3)), [-8, 27])
  t.same(toNested(op.power(of(-2, 0), 4)), [16, 0])
  t.same(toNested(op.power(of(0, nan, inf), 0)), [1, 1, 1])
  t.same(toNested(op.power(of(4, 9), -0.5)), [0.5, 1 / 3])
  t.same(toNested(op.power(of(0, 2), -1)), [inf, 0.5])
  t.same(
    slopes((x) => op.power(x, 2), of(0, -3)),
    [0, -6],
    'at 0',
  )
  t.same(
    slopes((x) => op.power(x, 1), of(0, -3)),
    [1, 1],
  )
  t.same(toNested(op.power(of(-8), 1 / 3)), [nan])
  t.same(toNested(op.power(of(-1, 0, 1), 66)), [1, 0, 1], 'whole exponents above 64')
  t.same(toNested(op.power(of(-1, 0, 1), 67)), [-1, 0, 1])
  t.same(toNested(op.power(of(-1, 0, 1), -67)), [-1, inf, 1])
  t.ok(Math.abs((toNested(op.power(of(-2), 101)) as number[])[0] as number) / 2 ** 101 - 1 < 1e-13)
  t.same(
    slopes((x) => op.power(x, 66), of(-1)),
    [-66],
  )
  for (const [k, first, second] of [
    [0.3, inf, -inf],
    [0.5, inf, -inf],
    [1.5, 0, inf],
    [2.5, 0, 0],
    [65, 0, 0],
    [100.7, 0, 0],
  ] as const) {
    const slope = (x: Tensor): Tensor => vjp((at: Tensor) => op.power(at, k))(x)[1](of(1)) as Tensor
    t.same([toNested(slope(of(0))), slopes(slope, of(0))], [[first], [second]], `at 0 for ${k}`)
  }
  t.throws(() => op.power(of(1), nan), /power: expected a finite exponent, got NaN/)
  t.throws(() => op.power(of(1), '2' as never), ValueError)
})

t.test('clamp', async (t) => {
  const f = (x: Tensor) => op.clamp(x, -1, 2)
  t.same(toNested(f(of(-3, -1, 0, 2, 5, nan))), [-1, -1, 0, 2, 2, nan])
  t.same(slopes(f, of(-3, -1, 0, 2, 5)), [0, 1, 1, 1, 0], 'the bounds are within')
  t.same(toNested(op.clamp(of(-3, 3), -inf, 1)), [-3, 1])
  t.same(toNested(op.clamp(of(-3, 3), 1, 1)), [1, 1])
  t.throws(() => op.clamp(of(1), 2, 1), /clamp: expected min ≤ max, got 2, 1/)
})

t.test('digits near 0', async (t) => {
  const small = of(1e-20, -1e-20)
  t.same(toNested(op.log1p(small)), [1e-20, -1e-20])
  t.same(toNested(op.expm1(small)), [1e-20, -1e-20])
  t.same(toNested(op.log1p(of(-1, -2))), [-inf, nan])
  t.same(toNested(op.atan2(of(0, -0, 1, -1), of(-1, -1, 0, 0))), [Math.PI, -Math.PI, Math.PI / 2, -Math.PI / 2])
})
