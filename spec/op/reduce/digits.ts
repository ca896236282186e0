// Values and derivatives whose digits the formula at hand would lose, on every engine: against numbers of 60 digits, by Python's decimal.
import {
  binaryCrossEntropy,
  cosineDistance,
  type Float,
  fromArray,
  fromNested,
  grad,
  gradCheck,
  item,
  klDivergence,
  op,
  type Scores,
  show,
  softmaxCrossEntropy,
  type Tensor,
  toArray,
  vjp,
  vmap,
} from 'pullback'
import t, { type Test } from 'tap'
import { crossEntropyComposite, pullbackComposite } from '../../../lib/op/reduce/crossEntropy.ts'
import { engines, on } from '../../support/engines.ts'

const { POSITIVE_INFINITY: inf, NaN: nan } = Number
const formats: readonly Float[] = ['float32', 'float64']
const epsilon = { float32: 2 ** -23, float64: 2 ** -52 }
const everywhere = (name: string, run: (t: Test, dtype: Float) => void): void => {
  for (const engine of engines)
    for (const dtype of formats)
      t.test(`${name}, ${engine.name}, ${dtype}`, async (t) => on(engine, () => run(t, dtype)))
}
const near = (t: Test, found: number, said: number, dtype: Float, ulps: number, name: string): void => {
  const least = dtype === 'float32' ? 2 ** -149 : 2 ** -1074
  const allowed = ulps * Math.max(epsilon[dtype] * Math.abs(said), least)
  t.ok(Object.is(found, said) || Math.abs(found - said) <= allowed, `${name}: ${said}, found ${found}`)
}
const row = (xs: readonly number[], dtype: Float): Scores => fromArray(xs, [1, xs.length], dtype) as Scores
const label = (y: number) => fromArray([y], [1], 'int32')

everywhere('cross entropy', (t, dtype) => {
  for (const [z, y, said] of [
    [[30, 29, 20], 0, 0.31329487697556879],
    [[1000, 1000.5, 999], 0, 1.1041306053367284],
    [[1e6, 1e6, 1e6], 0, 1.0986122886681098],
    [[1e6, 1e6 + 1], 1, 0.31326168751822281],
    [[-1e6, -999997, 0], 0, 1e6],
    [[1e38, 1e38], 0, Math.LN2],
    [[40, 0], 0, 4.2483542552915889e-18],
    [[0, 40, 1], 1, 1.5796578428307375e-17],
    [[0, -inf], 0, 0],
    [[0, -inf], 1, inf],
    [[-inf, -inf], 0, nan],
    [[nan, 0], 0, nan],
  ] as const) {
    near(t, item(softmaxCrossEntropy(label(y))(row(z, dtype))[0]), said, dtype, 4, `[${z}] and ${y}`)
    near(t, toArray(crossEntropyComposite(row(z, dtype), label(y)))[0] as number, said, dtype, 4, `composite of [${z}]`)
    near(t, -(toArray(op.logSoftmax(row(z, dtype)))[y] as number), said, dtype, 4, `logSoftmax of [${z}]`)
  }
  if (dtype === 'float64')
    near(t, item(softmaxCrossEntropy(label(0))(row([1e308, 1e308], dtype))[0]), Math.LN2, dtype, 4, '1e308')
  for (const [z, y, said] of [
    [[20, 0], 0, [-2.0611536181902037e-9, 2.0611536181902037e-9]],
    [[inf, 0], 1, [1, -1]],
    [[1e6, 1e6 - 20], 0, [-2.0611536181902037e-9, 2.0611536181902037e-9]],
  ] as const) {
    const kernel = softmaxCrossEntropy(label(y))(row(z, dtype))[1](fromNested(1, dtype) as never)
    const composite = pullbackComposite(row(z, dtype), label(y), fromArray([1], [1], dtype))
    for (const [i, v] of said.entries()) {
      near(t, toArray(kernel)[i] as number, v, dtype, 4, `slope ${i} of [${z}]`)
      near(t, toArray(composite)[i] as number, v, dtype, 4, `composite slope ${i} of [${z}]`)
    }
  }
})

everywhere('log Σ exp', (t, dtype) => {
  near(t, item(op.logSumExp(fromNested([0, -40], dtype))), 4.2483542552915889e-18, dtype, 4, '[0, -40]')
  const slopes = grad((x: Tensor) => op.sum(op.logSumExp(x)))
  const x = fromNested(
    [
      [-inf, -inf],
      [inf, 0],
      [inf, inf],
      [0, -inf],
    ],
    dtype,
  )
  t.same(toArray(slopes(x)), [0, 0, 1, 0, 0.5, 0.5, 1, 0])
  t.same(toArray(grad((z: Tensor) => op.sum(op.mul(slopes(z), slopes(z))))(x)), [0, 0, 0, 0, 0, 0, 0, 0], 'order 2')
  t.same(toArray(vmap(slopes)(x)), [0, 0, 1, 0, 0.5, 0.5, 1, 0], 'example by example')
  t.same(toArray(slopes(fromNested([[nan, 0]], dtype))), [nan, nan])
  t.same(toArray(op.softmax(fromNested([inf, 0, inf], dtype))), [0.5, 0, 0.5])
  t.same(toArray(op.softmax(fromNested([-inf, -inf], dtype))), [nan, nan])
})

type Function = (x: Tensor) => Tensor
const derivative =
  (f: Function): Function =>
  (x) =>
    grad((y: Tensor) => op.sum(f(y)))(x)

/** First and second derivatives; that of order 2 only where it is given. */
const smooth: Readonly<Record<string, readonly [Function, readonly (readonly [number, number | null, number])[]]>> = {
  sigmoid: [
    op.sigmoid,
    [
      [0.5, 0.23500371220159449, -0.057556794852320743],
      [5, 0.0066480566707901546, -0.0065590677663225627],
      [20, 2.0611536139418492e-9, -2.0611536054451409e-9],
      [-20, 2.0611536139418492e-9, 2.0611536054451409e-9],
      [40, 4.2483542552915889e-18, -4.2483542552915889e-18],
    ],
  ],
  tanh: [
    op.tanh,
    [
      [0.5, 0.7864477329659274, -0.72686198138358726],
      [5, 0.00018158323094380669, -0.00036313348792090558],
      [-20, 1.6993417021166355e-17, 3.3986834042332711e-17],
      [40, 7.2194055513816612e-35, -1.4438811102763322e-34],
    ],
  ],
  softplus: [
    (x) => op.softplus(x),
    [
      [20, 0.9999999979388464, 2.0611536139418492e-9],
      [-20, 2.0611536181902037e-9, 2.0611536139418492e-9],
    ],
  ],
  logSigmoid: [
    op.logSigmoid,
    [
      [20, 2.0611536181902037e-9, -2.0611536139418492e-9],
      [-20, 0.9999999979388464, -2.0611536139418492e-9],
    ],
  ],
  silu: [
    op.silu,
    [
      [0.5, null, 0.44122902697702859],
      [5, null, -0.019499225490032506],
      [20, null, -3.7100764881019119e-8],
      [-20, null, -3.7100764881019119e-8],
    ],
  ],
  mish: [
    op.mish,
    [
      [0.5, null, 0.4680533778448866],
      [5, null, -0.0014056704791877502],
      [20, null, -6.4574984070979004e-16],
      [-20, null, -3.7100765042456577e-8],
    ],
  ],
  geluTanh: [op.geluTanh, [[5, null, -9.9341322249962025e-6]]],
}

everywhere('derivatives far out', (t, dtype) => {
  for (const [name, [f, points]] of Object.entries(smooth))
    for (const [x, first, second] of points) {
      const at = fromNested([x], dtype)
      const [ulps, slope] = [16, derivative(f)]
      if (first !== null) near(t, toArray(slope(at))[0] as number, first, dtype, ulps, `${name}′(${x})`)
      near(
        t,
        toArray(derivative(slope)(at))[0] as number,
        second,
        dtype,
        name === 'geluTanh' ? 512 : ulps,
        `${name}″(${x})`,
      )
    }
})

everywhere('second derivatives at the ends', (t, dtype) => {
  const functions = { ...op, softplus: (x: Tensor) => op.softplus(x), elu: (x: Tensor) => op.elu(x) }
  for (const name of [
    'sigmoid',
    'tanh',
    'softplus',
    'logSigmoid',
    'silu',
    'gelu',
    'geluTanh',
    'mish',
    'normalCdf',
    'erf',
    'elu',
    'selu',
  ] as const)
    for (const x of [-inf, -1e38, -1e20, 1e20, 1e38, inf]) {
      const second = derivative(derivative(functions[name] as Function))(fromNested([x], dtype))
      t.ok(Object.is(Math.abs(toArray(second)[0] as number), 0), `${name}″(${x}) is 0, found ${toArray(second)}`)
    }
})

t.test('the composites of cross entropy have derivatives too', async (t) => {
  const z = fromNested(
    [
      [0.3, -1, 2],
      [1, 1, 0],
    ],
    'float64',
  ) as Scores
  const report = gradCheck((x: Scores) => crossEntropyComposite(x, fromArray([2, 0], [2], 'int32')), z)
  t.ok(report.pass, show(report))
})

everywhere('what users of other libraries had to report', (t, dtype) => {
  const f = (x: readonly number[]) => fromArray(x, [x.length], dtype)
  const rowOf = (x: readonly number[]) => row(x, dtype) as Tensor
  const first = (x: Tensor): number => toArray(x)[0] as number
  // pytorch/pytorch 135359 and 2221: infinite logits with a target between, and large negative ones
  t.equal(first(binaryCrossEntropy.none(f([0.9]))(f([-inf]))[0]), inf)
  t.equal(first(binaryCrossEntropy.none(f([0]))(f([-100]))[0]), toArray(op.softplus(f([-100])))[0])
  // tensorflow/tensorflow 58031, pytorch/pytorch 78064: a cosine above 1
  for (const x of [
    [0, 2, 3],
    [0.1, 0.7, 0.3],
    [1e-3, 1e3, 7],
  ]) {
    const distance = first(cosineDistance.none(rowOf(x))(rowOf(x))[0])
    t.ok(distance === 0, `${x}: ${distance}`)
  }
  // google-deepmind/optax 1786 and 896: masked classes in a divergence, in its slopes by the target too
  const logs = op.logSoftmax(row([0, 0, -inf], dtype)) as Tensor
  const target = rowOf([0.5, 0.5, 0])
  near(t, first(klDivergence.none(target)(logs)[0]), 0, dtype, 1, 'divergence')
  const [, back] = vjp(({ x, y }: { readonly x: Tensor; readonly y: Tensor }) => klDivergence.sum(y)(x as never)[0])({
    x: logs,
    y: target,
  })
  const { x, y } = back(fromNested(1, dtype) as never)
  t.same([...toArray(x), toArray(y)[2]], [-0.5, -0.5, 0, 0])
  // FluxML/Flux.jl 914: the loss of a large logit, and pytorch/pytorch 1792: the slope at 0
  t.equal(first(binaryCrossEntropy.none(f([0]))(f([50]))[0]), 50)
  t.equal(first(binaryCrossEntropy(f([0]))(f([0]))[1](fromNested(1, dtype) as never) as Tensor), 0.5)
  // Theano/Theano 3162: cross entropy after softmax of scores far apart
  const apart = grad((z: Tensor) => softmaxCrossEntropy(label(0))(z as never)[0] as Tensor<readonly []>)(
    rowOf([0, 1e5]),
  )
  t.same(toArray(apart), [-1, 1])
})

everywhere('slopes of a softmax that has got to 1', (t, dtype) => {
  for (const z of [
    [20, 0],
    [0, 20],
  ]) {
    const [of, rest] = z[0] === 20 ? [0, 1] : [1, 0]
    const slopes = (f: Function) =>
      toArray(grad((x: Tensor) => op.sum(op.slice(f(x), [of]) as Tensor))(fromNested(z, dtype) as Tensor))
    const [shares, logs] = [slopes((x) => op.softmax(x)), slopes((x) => op.logSoftmax(x))]
    near(t, shares[of] as number, 2.0611536139418492e-9, dtype, 8, `softmax of [${z}], its own slope`)
    near(t, shares[rest] as number, -2.0611536139418492e-9, dtype, 8, `softmax of [${z}], the other`)
    near(t, logs[of] as number, 2.0611536181902037e-9, dtype, 8, `logSoftmax of [${z}], its own slope`)
    near(t, logs[rest] as number, -2.0611536181902037e-9, dtype, 8, `logSoftmax of [${z}], the other`)
  }
})
