// Every initializer by a table: the mean, the variance and the bounds of what it draws, at five standard errors under fixed keys.
import fc from 'fast-check'
import {
  compose,
  conv2d,
  eqTensor,
  eye,
  type Initializer,
  init,
  initializer,
  initWith,
  key,
  layer,
  linear,
  named,
  op,
  predict,
  prelu,
  random,
  relu,
  type Shape,
  ShapeError,
  StructureError,
  type Tensor,
  toArray,
  toNested,
  ValueError,
} from 'pullback'
import t from 'tap'
import { check } from '../support/property.ts'

interface Fans {
  readonly in: number
  readonly out: number
}

/** What is drawn: its mean and variance, how far out the fourth moment is in variances squared, and what bounds it. */
interface Law {
  readonly draw: Initializer
  readonly mean?: number
  readonly variance: (fans: Fans) => number
  readonly kurtosis: number
  readonly bound?: (fans: Fans) => number
  /** A matrix only. */
  readonly matrix?: true
}
const [ofNormal, ofUniform] = [3, 9 / 5]
const uniformLaw = (draw: Initializer, variance: Law['variance']): Law => ({
  draw,
  variance,
  kurtosis: ofUniform,
  bound: (fans) => Math.sqrt(3 * variance(fans)),
})
const normalLaw = (draw: Initializer, variance: Law['variance']): Law => ({ draw, variance, kurtosis: ofNormal })
const average = (fans: Fans): number => 2 / (fans.in + fans.out)

const laws: Readonly<Record<string, Law>> = {
  zeros: { draw: initializer.zeros, variance: () => 0, kurtosis: 1, bound: () => 0 },
  constant: { draw: initializer.constant(0.25), mean: 0.25, variance: () => 0, kurtosis: 1, bound: () => 0.25 },
  uniform: {
    draw: initializer.uniform(-0.5, 1),
    mean: 0.25,
    variance: () => 1.5 ** 2 / 12,
    kurtosis: ofUniform,
    bound: () => 1,
  },
  normal: {
    draw: initializer.normal({ mean: 3, deviation: 0.5 }),
    mean: 3,
    variance: () => 0.25,
    kurtosis: ofNormal,
  },
  // Within two deviations: variance 1 − 4φ(2)/Z and fourth moment 3 − 28φ(2)/Z, for Z = 2Φ(2) − 1.
  truncatedNormal: {
    draw: initializer.truncatedNormal({ mean: -1, deviation: 0.5 }),
    mean: -1,
    variance: () => 0.25 * 0.7737413035499232,
    kurtosis: 2.3655,
    bound: () => 2,
  },
  varianceScaling: normalLaw(initializer.varianceScaling({ gain: 2, fan: 'out' }), (fans) => 4 / fans.out),
  glorotNormal: normalLaw(initializer.glorotNormal, average),
  glorotUniform: uniformLaw(initializer.glorotUniform, average),
  heNormal: normalLaw(initializer.heNormal, (fans) => 2 / fans.in),
  heUniform: uniformLaw(initializer.heUniform, (fans) => 2 / fans.in),
  lecunNormal: normalLaw(initializer.lecunNormal, (fans) => 1 / fans.in),
  lecunUniform: uniformLaw(initializer.lecunUniform, (fans) => 1 / fans.in),
  orthogonal: normalLaw(initializer.orthogonal(), (fans) => 1 / fans.in), // of rows of length 1
  sparse: {
    draw: initializer.sparse({ sparsity: 0.25, deviation: 2 }),
    variance: () => 4 * 0.75,
    kurtosis: ofNormal / 0.75,
    matrix: true,
  },
  identityMap: {
    draw: initializer.identityMap,
    mean: 1 / 128,
    variance: () => 127 / 128 ** 2,
    kurtosis: 130,
    bound: () => 1,
    matrix: true,
  },
}

/** Weights with the numbers that enter each output and leave each input. */
const shapes: readonly (readonly [Shape, Fans])[] = [
  [[64, 128], { in: 128, out: 64 }],
  [[24, 3, 3, 16], { in: 144, out: 216 }],
]
const drawn = (draw: Initializer, shape: Shape, dtype: 'float32' | 'float64' = 'float64', seed = 0): Tensor =>
  draw(key(seed), shape, dtype)

for (const [name, { draw, mean = 0, variance, kurtosis, bound, matrix }] of Object.entries(laws))
  t.test(name, async (t) => {
    for (const [shape, fans] of shapes.slice(0, matrix === true ? 1 : 2)) {
      const x = toArray(drawn(draw, shape))
      const v = variance(fans)
      const found = x.reduce((a, b) => a + b, 0) / x.length
      const spread = x.reduce((s, y) => s + (y - mean) ** 2, 0) / x.length
      t.ok(Math.abs(found - mean) <= 5 * Math.sqrt(v / x.length) + 1e-12, `${shape}: mean ${mean}, found ${found}`)
      t.ok(
        Math.abs(spread - v) <= 5 * v * Math.sqrt((kurtosis - 1) / x.length) + 1e-12,
        `${shape}: variance ${v}, found ${spread}`,
      )
      const most = bound?.(fans) ?? Number.POSITIVE_INFINITY
      t.ok(
        x.every((y) => Math.abs(y) <= most * (1 + 1e-12)),
        `${shape}: within ${most}`,
      )
      for (const dtype of ['float32', 'float64'] as const) {
        t.equal(drawn(draw, shape, dtype).dtype, dtype)
        t.ok(eqTensor.equals(drawn(draw, shape, dtype), drawn(draw, shape, dtype)), 'the same key, the same numbers')
      }
      t.equal(eqTensor.equals(drawn(draw, shape), drawn(draw, shape, 'float64', 1)), v === 0 || name === 'identityMap')
    }
    for (const shape of [
      [0, 3],
      [3, 0],
      [0, 0],
    ])
      t.same(drawn(draw, shape).shape, shape)
  })

t.test('every initializer has an entry', async (t) => {
  const names = Object.keys(initializer).filter((name) => name !== 'gain')
  t.same(names.sort(), Object.keys(laws).sort())
})

t.test('truncated normal numbers', async (t) => {
  const x = toArray(random.truncatedNormal(key(3), [4000], { min: 0.5, max: 1, dtype: 'float64' }))
  t.ok(x.every((v) => v >= 0.5 && v <= 1))
  const mean = (0.3520653267642995 - 0.24197072451914337) / (0.8413447460685429 - 0.6914624612740131) // (φ(½) − φ(1)) / (Φ(1) − Φ(½))
  t.ok(Math.abs(x.reduce((a, b) => a + b, 0) / 4000 - mean) < (5 * 0.145) / Math.sqrt(4000))
  const far = toArray(random.truncatedNormal(key(3), [1000], { min: -40, max: 40 }))
  t.ok(far.every(Number.isFinite))
  t.throws(
    () => random.truncatedNormal(key(0), [1], { min: 2, max: 1 }),
    /truncatedNormal: expected min < max, got 2, 1/,
  )
  t.throws(() => random.truncatedNormal(key(0), [-1]), ShapeError)
})

/** The largest entry of |A Aᵀ − gain² I|. */
const offBy = (a: Tensor<readonly [number, number]>, gain: number): number => {
  const product = toNested(op.matmul(a, op.transpose(a) as typeof a)) as readonly (readonly number[])[]
  return Math.max(0, ...product.flatMap((row, i) => row.map((v, j) => Math.abs(v - (i === j ? gain ** 2 : 0)))))
}

t.test('orthogonal', async (t) => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.nat())
  check(sizes, ([m, n, seed]) => {
    const W = drawn(initializer.orthogonal({ gain: 3 }), [m, n], 'float64', seed) as Tensor<readonly [number, number]>
    return offBy(m <= n ? W : (op.transpose(W) as typeof W), 3) < 1e-12
  })
  const square = drawn(initializer.orthogonal(), [150, 150]) as Tensor<readonly [number, number]>
  t.ok(offBy(square, 1) < 1e-12 && offBy(op.transpose(square) as typeof square, 1) < 1e-12, 'square, rows and columns')
  const kernels = op.reshape(drawn(initializer.orthogonal(), [4, 3, 3, 2]), [4, 18])
  t.ok(offBy(kernels, 1) < 1e-12, 'kernels, each a row')
  t.ok(offBy(op.reshape(drawn(initializer.orthogonal(), [8, 16], 'float32'), [8, 16]), 1) < 1e-5, 'float32')
  // Uniform among all: rotations and reflections are as likely, and the angle of a rotation is uniform.
  const planes = Array.from({ length: 2000 }, (_, seed) =>
    toArray(drawn(initializer.orthogonal(), [2, 2], 'float64', seed)),
  )
  const signs = planes.map(([a = 0, b = 0, c = 0, d = 0]) => a * d - b * c)
  t.ok(Math.abs(signs.reduce((a, b) => a + b, 0)) < 5 * Math.sqrt(2000), 'determinants')
  const corners = planes.map(([a = 0]) => a)
  t.ok(Math.abs(corners.reduce((a, b) => a + b, 0)) < 5 * Math.sqrt(1000), 'first entries have mean 0, not a sign')
  t.ok(Math.abs(corners.reduce((a, b) => a + b ** 4, 0) / 2000 - 3 / 8) < 5 * Math.sqrt(17 / 128 / 2000), 'cos⁴')
})

t.test('identity', async (t) => {
  t.same(toNested(drawn(initializer.identityMap, [3, 3])), toNested(eye(3)))
  t.same(toNested(drawn(initializer.identityMap, [3, 2])), [
    [1, 0],
    [0, 1],
    [0, 0],
  ])
  const [one, none] = [
    [1, 0],
    [0, 0],
  ]
  const rows = [
    [none, none, none, none],
    [none, none, one, none],
  ]
  t.same(toNested(drawn(initializer.identityMap, [1, 2, 4, 2])), [rows], 'the middle of an even size is at half of it')
  const convolution = conv2d(2, 2, {
    kernel: [3, 1],
    padding: 'same',
    W: initializer.identityMap,
    b: initializer.zeros,
  })
  const images = random.normal(key(1), [2, 4, 5, 2])
  t.same(toArray(predict(convolution, init(convolution, key(0)), images)), toArray(images))
})

t.test('sparse', async (t) => {
  for (const [sparsity, out, zeros] of [
    [0, 5, 0],
    [1, 5, 5],
    [0.3, 5, 2],
    [0.1, 10, 1],
    [0.5, 0, 0],
  ] as const) {
    const columns = toNested(
      op.transpose(drawn(initializer.sparse({ sparsity }), [out, 7])),
    ) as readonly (readonly number[])[]
    t.ok(
      columns.every((column) => column.filter((w) => w === 0).length === zeros),
      `⌈${sparsity} · ${out}⌉ zeros for each input`,
    )
  }
})

t.test('gain', async (t) => {
  t.same(
    [
      initializer.gain('linear'),
      initializer.gain('sigmoid'),
      initializer.gain('tanh'),
      initializer.gain('relu'),
      initializer.gain('selu'),
    ],
    [1, 1, 5 / 3, Math.SQRT2, 3 / 4],
  )
  t.ok(Math.abs(initializer.gain('leakyRelu') - 1.4141428569978354) < 1e-15, 'PyTorch: 1.4141428569978354')
  t.ok(
    Math.abs(initializer.gain('leakyRelu', { slope: 0.2 }) - 1.3867504905630728) < 1e-15,
    'PyTorch: 1.3867504905630728',
  )
  t.throws(() => initializer.gain('gelu' as never), /gain: expected one of linear, .*, got 'gelu'/)
})

const net = compose(named('L1', linear(6, 5)), relu, named('L2', linear(5, 3)))

t.test('per layer', async (t) => {
  const layer = linear(6, 5, { W: initializer.constant(2), b: initializer.zeros })
  const { W, b } = init(layer, key(0)).params
  t.ok(toArray(W).every((w) => w === 2) && toArray(b).every((v) => v === 0))
  const biased = init(linear(6, 5, { b: initializer.constant(1) }), key(0)).params
  t.same(toArray(biased.W), toArray(init(linear(6, 5), key(0)).params.W), 'the other is drawn as ever')
  const kernels = init(conv2d(2, 3, { kernel: 2, W: initializer.heNormal, b: initializer.constant(1) }), key(0)).params
  t.same(
    [kernels.W.shape, toArray(kernels.b)],
    [
      [3, 2, 2, 2],
      [1, 1, 1],
    ],
  )
  t.same(toArray(init(prelu({ a: initializer.constant(0.5) }), key(0)).params.a), [0.5])
})

t.test('for a network, by path', async (t) => {
  const plain = init(net, key(0)).params
  const { params } = initWith(
    net,
    key(0),
    { 'L1.W': initializer.heNormal, 'L2.b': initializer.constant(0.5) },
    { dtype: 'float64' },
  )
  t.equal(params.L1.W.dtype, 'float64')
  t.same(toArray(params.L2.b), [0.5, 0.5, 0.5])
  const single = initWith(net, key(0), { 'L1.W': initializer.heNormal }).params
  t.same(toArray(single.L2.W), toArray(plain.L2.W), 'the others are drawn as by init')
  t.same(
    toArray(single.L1.W),
    toArray(init(named('L1', linear(6, 5, { W: initializer.heNormal })), key(0)).params.L1.W),
  )
  const other = compose(named('L0', linear(6, 6)), net)
  t.same(
    toArray(initWith(other, key(0), { 'L1.W': initializer.heNormal }).params.L1.W),
    toArray(single.L1.W),
    'by path, not place',
  )

  const seen: string[] = []
  const byRule = initWith(net, key(0), (path, { shape }) => {
    seen.push(`${path} ${shape}`)
    return path.endsWith('.b') ? initializer.zeros : undefined
  }).params
  t.same(seen, ['L1.W 5,6', 'L1.b 5', 'L2.W 3,5', 'L2.b 3'])
  t.same(toArray(byRule.L1.b), [0, 0, 0, 0, 0])
  t.same(toArray(byRule.L1.W), toArray(plain.L1.W))

  const odd = layer({
    kind: 'odd',
    input: [1],
    params: { valueOf: { shape: [1], draw: initializer.zeros } },
    forward: (own, x) => op.mul(x, op.broadcast(own.valueOf, x.shape)),
  })
  t.same(toArray(initWith(odd, key(0), {}).params.valueOf), [0])

  // @ts-expect-error no parameter has that path
  t.throws(() => initWith(net, key(0), { 'L3.W': initializer.heNormal }), {
    message: "initWith: expected paths among L1.W, L1.b, L2.W, L2.b, got 'L3.W'",
  })
  // @ts-expect-error a record is no parameter
  t.throws(() => initWith(net, key(0), { L1: initializer.heNormal }), StructureError)
  // @ts-expect-error nor is a number an initializer
  t.throws(() => initWith(net, key(0), { 'L1.W': 3 }), /initWith: expected an initializer for 'L1.W', got 3/)
  // @ts-expect-error relu has no parameters
  t.throws(() => initWith(relu, key(0), { W: initializer.heNormal }), /initWith: expected no paths, got 'W'/)
  t.throws(() => initWith(net, key(0), { 'L1.b': initializer.heNormal }), {
    message:
      'varianceScaling at L1.b: expected weights [out, …, in], got [5]; a bias has no fans: use constant or zeros',
  })
})

t.test('bad options', async (t) => {
  const bad: readonly (() => unknown)[] = [
    () => initializer.constant(Number.NaN),
    () => initializer.uniform(1, 0),
    () => initializer.uniform(0, Number.POSITIVE_INFINITY),
    () => initializer.normal({ deviation: -1 }),
    () => initializer.normal({ mean: Number.NaN }),
    () => initializer.truncatedNormal({ deviation: -1 }),
    () => initializer.truncatedNormal({ within: 0 }),
    () => initializer.varianceScaling({ gain: -1 }),
    () => initializer.orthogonal({ gain: Number.NaN }),
    () => initializer.sparse({ sparsity: 1.5 }),
    () => initializer.sparse({ sparsity: -0.1 }),
    () => initializer.sparse({ sparsity: 0.1, deviation: -1 }),
  ]
  for (const make of bad) t.throws(make, ValueError)
  for (const draw of [
    initializer.heNormal,
    initializer.orthogonal(),
    initializer.identityMap,
    initializer.sparse({ sparsity: 0.1 }),
  ])
    t.throws(() => drawn(draw, [3]), ShapeError)
  t.throws(
    () => drawn(initializer.sparse({ sparsity: 0.1 }), [2, 3, 3, 2]),
    /sparse: expected weights \[out, in\], got \[2, 3, 3, 2\]/,
  )
})
