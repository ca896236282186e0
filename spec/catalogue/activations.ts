// Every activation by a table: what it is at some numbers, by PyTorch; its derivative where it has a kink; and how it ends.
import {
  type AnyLayer,
  elu,
  fromArray,
  gelu,
  geluTanh,
  hardsigmoid,
  hardswish,
  hardtanh,
  init,
  key,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  logSoftmaxAlong,
  mish,
  op,
  predict,
  prelu,
  random,
  relu,
  relu6,
  type Shape,
  selu,
  sigmoid,
  silu,
  softmax,
  softmaxAlong,
  softplus,
  softsign,
  type Tensor,
  tanh,
  toArray,
  ValueError,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import * as values from '../../lib/nn/activation.ts'
import * as functions from '../../lib/nn/activationWith.ts'
import { lawsOfDiff } from '../law/diff.ts'
import { lawsOfLayer } from '../law/layer.ts'

type Numbers = readonly number[]

interface Entry {
  readonly layer: AnyLayer
  readonly operation: (x: Tensor) => Tensor
  /** Values and derivatives at `points`, by PyTorch 1.13 in float64. */
  readonly values: Numbers
  readonly slopes: Numbers
  /** Derivatives at kinks. */
  readonly kinks?: readonly (readonly [x: number, slope: number])[]
  /** Values far out and close to zero, which hold in float32 too. */
  readonly tails: readonly (readonly [x: number, y: number])[]
}

const points = [-3.5, -1.2, -0.3, 0.4, 1.5, 6.5]
const inf = Number.POSITIVE_INFINITY

const entries: Readonly<Record<string, Entry>> = {
  relu: {
    layer: relu,
    operation: op.relu,
    values: [0.0, 0.0, 0.0, 0.4, 1.5, 6.5],
    slopes: [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
    kinks: [[0, 0]],
    tails: [
      [-1e30, 0],
      [1e30, 1e30],
      [-inf, 0],
    ],
  },
  sigmoid: {
    layer: sigmoid,
    operation: op.sigmoid,
    values: [
      0.02931223075135632, 0.23147521650098238, 0.425557483188341, 0.598687660112452, 0.8175744761936437,
      0.998498817743263,
    ],
    slopes: [
      0.02845302387973556, 0.1778944406468057, 0.24445831169074586, 0.24026074574152914, 0.14914645207033286,
      0.0014989287085690683,
    ],
    tails: [
      [-80, 1.8048513878454153e-35],
      [-1000, 0],
      [1000, 1],
    ],
  },
  tanh: {
    layer: tanh,
    operation: op.tanh,
    values: [
      -0.9981778976111987, -0.8336546070121552, -0.2913126124515909, 0.3799489622552249, 0.9051482536448664,
      0.9999954793514042,
    ],
    slopes: [
      0.0036408847204873578, 0.30501999620740905, 0.9151369618266292, 0.8556387860811777, 0.1807066389236486,
      9.041276755328353e-6,
    ],
    tails: [
      [-1000, -1],
      [1e-30, 1e-30],
    ],
  },
  leakyRelu: {
    layer: leakyRelu(),
    operation: (x) => op.leakyRelu(x),
    values: [-0.035, -0.012, -0.003, 0.4, 1.5, 6.5],
    slopes: [0.01, 0.01, 0.01, 1.0, 1.0, 1.0],
    kinks: [[0, 0.01]],
    tails: [
      [-1000, -10],
      [-inf, -inf],
    ],
  },
  'leakyRelu of another slope': {
    layer: leakyRelu({ slope: 0.2 }),
    operation: (x) => op.leakyRelu(x, 0.2),
    values: [-0.7000000000000001, -0.24, -0.06, 0.4, 1.5, 6.5],
    slopes: [0.2, 0.2, 0.2, 1.0, 1.0, 1.0],
    kinks: [[0, 0.2]],
    tails: [[-5, -1]],
  },
  elu: {
    layer: elu(),
    operation: (x) => op.elu(x),
    values: [-0.9698026165776815, -0.6988057880877978, -0.2591817793182821, 0.4, 1.5, 6.5],
    slopes: [0.0301973834223185, 0.30119421191220214, 0.7408182206817179, 1.0, 1.0, 1.0],
    kinks: [[0, 1]],
    tails: [
      [-1e-6, -9.999995000001667e-7],
      [-1000, -1],
      [1000, 1000],
      [-inf, -1],
    ],
  },
  'elu of another alpha': {
    layer: elu({ alpha: 0.5 }),
    operation: (x) => op.elu(x, 0.5),
    values: [-0.48490130828884076, -0.3494028940438989, -0.12959088965914106, 0.4, 1.5, 6.5],
    slopes: [0.01509869171115925, 0.15059710595610107, 0.37040911034085894, 1.0, 1.0, 1.0],
    kinks: [[0, 0.5]],
    tails: [[-1000, -0.5]],
  },
  selu: {
    layer: selu,
    operation: op.selu,
    values: [
      -1.705009340957283, -1.228569995417489, -0.45566731537912203, 0.4202803949421922, 1.5760514810332207,
      6.829556417810623,
    ],
    slopes: [
      0.05308999989009366, 0.5295293454298876, 1.3024320254682547, 1.0507009873554805, 1.0507009873554805,
      1.0507009873554805,
    ],
    kinks: [[0, 1.7580993408473766]],
    tails: [[-1000, -1.7580993408473766]],
  },
  gelu: {
    layer: gelu,
    operation: op.gelu,
    values: [
      -0.0008142017766243903, -0.13808360426604993, -0.1146265733433142, 0.2621686966441297, 1.399789198096713,
      6.49999999973896,
    ],
    slopes: [
      -0.0028217603536246205, -0.11795359575814726, 0.26767223317289013, 0.8027297977316535, 1.1274691922299795,
      1.0000000016950519,
    ],
    tails: [
      [-12, -2.1317785344932147e-32],
      [-8, -4.976768459417427e-15],
      [-1e-3, -0.000499601057786089],
      [-1000, 0],
      [1000, 1000],
      [-inf, 0],
      [inf, inf],
    ],
  },
  geluTanh: {
    layer: geluTanh,
    operation: op.geluTanh,
    values: [
      -0.0006161976553737403, -0.13829723086213508, -0.11462907645724074, 0.2621611694273562, 1.3995715769802328,
      6.499999999999372,
    ],
    slopes: [
      -0.0024226437601167334, -0.11772613473311258, 0.26770454836119817, 0.8026588344205614, 1.127710793151433,
      1.0000000000065836,
    ],
    tails: [
      [-5, -2.291796196629506e-7],
      [-1000, 0],
      [1000, 1000],
      [-inf, 0],
    ],
  },
  silu: {
    layer: silu,
    operation: op.silu,
    values: [
      -0.10259280762974712, -0.2777702598011788, -0.1276672449565023, 0.2394750640449808, 1.2263617142904655,
      6.490242315331209,
    ],
    slopes: [
      -0.07027335282771814, 0.01800188772481552, 0.3522199896811173, 0.6947919584090636, 1.041294154299143,
      1.008241854348962,
    ],
    tails: [
      [-80, -1.443881110276332e-33],
      [-1e-3, -0.0004997500000208334],
      [-1000, 0],
      [-inf, 0],
      [inf, inf],
    ],
  },
  mish: {
    layer: mish,
    operation: op.mish,
    values: [
      -0.10409575448637122, -0.3088357963148626, -0.15113317713833455, 0.2890305340723631, 1.4033782663958028,
      6.499970703939837,
    ],
    slopes: [
      -0.07276041344326706, -0.002008761393529032, 0.40851087693570215, 0.8370175025417962, 1.0884879850078475,
      1.0000539969448543,
    ],
    tails: [
      [-80, -1.443881110276332e-33],
      [-20, -4.122307240628761e-8],
      [-1e-3, -0.0005996799840458663],
      [1000, 1000],
      [-inf, 0],
    ],
  },
  softplus: {
    layer: softplus(),
    operation: (x) => op.softplus(x),
    values: [
      0.029750418272620566, 0.26328246733803123, 0.5543552444685271, 0.9130152523999526, 1.7014132779827524,
      6.501502310159754,
    ],
    slopes: [
      0.029312230751356316, 0.23147521650098238, 0.425557483188341, 0.598687660112452, 0.8175744761936437,
      0.998498817743263,
    ],
    tails: [
      [-80, 1.8048513878454153e-35],
      [-20, 2.061153620314381e-9],
      [40, 40],
      [-1000, 0],
      [1000, 1000],
      [-inf, 0],
      [inf, inf],
    ],
  },
  'softplus of another beta': {
    layer: softplus({ beta: 3 }),
    operation: (x) => op.softplus(x, 3),
    values: [
      9.178690076228505e-6, 0.008985697669402689, 0.11371795824402929, 0.48776082244601043, 1.503682581616198,
      6.500000001132755,
    ],
    slopes: [
      2.753569111458347e-5, 0.02659699357686586, 0.28905049737499605, 0.7685247834990176, 0.9890130573694068,
      0.9999999966017322,
    ],
    tails: [
      [-1000, 0],
      [1000, 1000],
    ],
  },
  softsign: {
    layer: softsign,
    operation: op.softsign,
    values: [
      -0.7777777777777778, -0.5454545454545454, -0.23076923076923075, 0.28571428571428575, 0.6, 0.8666666666666667,
    ],
    slopes: [
      0.04938271604938271, 0.20661157024793392, 0.5917159763313609, 0.5102040816326531, 0.16000000000000003,
      0.017777777777777767,
    ],
    kinks: [[0, 1]],
    tails: [
      [1e-30, 1e-30],
      [-1e30, -1],
    ],
  },
  logSigmoid: {
    layer: logSigmoid,
    operation: op.logSigmoid,
    values: [
      -3.5297504182726205, -1.4632824673380311, -0.8543552444685272, -0.5130152523999526, -0.2014132779827524,
      -0.0015023101597542838,
    ],
    slopes: [
      0.9706877692486436, 0.7685247834990176, 0.5744425168116589, 0.401312339887548, 0.18242552380635632,
      0.0015011822567369915,
    ],
    tails: [
      [80, -1.8048513878454153e-35],
      [20, -2.061153620314381e-9],
      [-1000, -1000],
      [1000, 0],
    ],
  },
  hardtanh: {
    layer: hardtanh(),
    operation: (x) => op.hardtanh(x),
    values: [-1.0, -1.0, -0.3, 0.4, 1.0, 1.0],
    slopes: [0.0, 0.0, 1.0, 1.0, 0.0, 0.0],
    kinks: [
      [-1, 0],
      [1, 0],
    ],
    tails: [
      [-inf, -1],
      [inf, 1],
    ],
  },
  'hardtanh of other bounds': {
    layer: hardtanh({ min: -0.5, max: 2 }),
    operation: (x) => op.hardtanh(x, -0.5, 2),
    values: [-0.5, -0.5, -0.3, 0.4, 1.5, 2.0],
    slopes: [0.0, 0.0, 1.0, 1.0, 1.0, 0.0],
    kinks: [
      [-0.5, 0],
      [2, 0],
    ],
    tails: [
      [-inf, -0.5],
      [inf, 2],
    ],
  },
  relu6: {
    layer: relu6,
    operation: op.relu6,
    values: [0.0, 0.0, 0.0, 0.4, 1.5, 6.0],
    slopes: [0.0, 0.0, 0.0, 1.0, 1.0, 0.0],
    kinks: [
      [0, 0],
      [6, 0],
    ],
    tails: [
      [-1000, 0],
      [inf, 6],
    ],
  },
  hardsigmoid: {
    layer: hardsigmoid,
    operation: op.hardsigmoid,
    values: [0.0, 0.3, 0.45, 0.5666666666666667, 0.75, 1.0],
    slopes: [0.0, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.0],
    kinks: [
      [-3, 0],
      [3, 0],
    ],
    tails: [
      [-inf, 0],
      [inf, 1],
    ],
  },
  hardswish: {
    layer: hardswish,
    operation: op.hardswish,
    values: [-0.0, -0.36000000000000004, -0.135, 0.22666666666666668, 1.125, 6.5],
    slopes: [0.0, 0.10000000000000003, 0.4, 0.6333333333333333, 1.0, 1.0],
    kinks: [
      [-3, 0],
      [3, 1],
    ],
    tails: [
      [-1000, 0],
      [1000, 1000],
    ],
  },
  prelu: {
    layer: prelu(),
    operation: (x) => op.prelu(x, fromArray([0.25], [], x.dtype)),
    values: [-0.875, -0.3, -0.075, 0.4, 1.5, 6.5],
    slopes: [0.25, 0.25, 0.25, 1.0, 1.0, 1.0],
    kinks: [[0, 0.25]],
    tails: [
      [-1000, -250],
      [inf, inf],
    ],
  },
}

const float64 = (xs: Numbers): Tensor => fromArray(xs, [xs.length, 1], 'float64')
const float32 = (xs: Numbers): Tensor => fromArray(xs, [xs.length, 1], 'float32')
/** The derivative, as a function of x. */
const slopeOf = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => {
  const [y, back] = vjp(f)(x)
  return back(fromArray(new Float64Array(y.size).fill(1), y.shape, y.dtype) as Tensor)
}
const slopesOf = (f: (x: Tensor) => Tensor, x: Tensor): Numbers => toArray(slopeOf(f, x))
const near = (found: Numbers, said: Numbers, relative: number, absolute = 0): boolean =>
  found.every((v, i) => {
    const s = said[i] as number
    return v === s || Math.abs(v - s) <= relative * Math.abs(s) + absolute
  })

for (const [name, { layer, operation, values, slopes, kinks = [], tails }] of Object.entries(entries))
  t.test(name, async (t) => {
    const value = (x: Tensor): Numbers => toArray(predict(layer, init(layer, key(0), { dtype: x.dtype }), x) as Tensor)
    t.ok(near(toArray(operation(float64(points))), values, 1e-13, 1e-15), 'values in float64')
    t.ok(near(toArray(operation(float32(points))), values, 1e-6), 'values in float32')
    t.ok(near(slopesOf(operation, float64(points)), slopes, 1e-12, 1e-15), 'derivatives in float64')
    t.ok(near(slopesOf(operation, float32(points)), slopes, 1e-5, 1e-6), 'derivatives in float32')
    t.same(value(float64(points)), toArray(operation(float64(points))), 'the operation and the layer')

    const at = kinks.map(([x]) => x)
    for (const x of [float64(at), float32(at)])
      t.ok(
        near(
          slopesOf(operation, x),
          kinks.map(([, slope]) => slope),
          1e-7,
        ),
        `derivatives at kinks in ${x.dtype}`,
      )
    const [xs, ys] = [tails.map(([x]) => x), tails.map(([, y]) => y)]
    t.ok(near(toArray(operation(float64(xs))), ys, 1e-12), 'tails in float64')
    t.ok(near(toArray(operation(float32(xs))), ys, 1e-5), 'tails in float32')
    t.ok(Number.isNaN(toArray(operation(float32([Number.NaN])))[0]), 'NaN stays NaN')

    for (const shape of [[], [3], [2, 3], [0, 2]] as readonly Shape[])
      lawsOfDiff(t, `${name} ${shape}`, operation, random.normal(key(1), shape, 'float64'))
    lawsOfLayer(t, name, layer, [3])
    const wide = random.uniform(key(4), [400], { min: -9, max: 9, dtype: 'float64' })
    t.ok(
      near(slopesOf(operation, float32(toArray(wide))), slopesOf(operation, float64(toArray(wide))), 1e-4, 1e-6),
      'the pullback in float32 is that in float64',
    )
  })

t.test('fused pullbacks are their composites', async (t) => {
  // The derivative of a derivative is taken through the composites; its value comes from them too.
  const x = random.uniform(key(5), [300], { min: -12, max: 12, dtype: 'float64' })
  for (const [name, { operation }] of Object.entries(entries)) {
    const [composed] = vjp((at: Tensor) => slopeOf(operation, at))(x)
    t.ok(near(slopesOf(operation, x), toArray(composed), 1e-11, 1e-13), name)
  }
})

t.test('softmax and logSoftmax are activations of rows', async (t) => {
  for (const layer of [softmax, logSoftmax]) lawsOfLayer(t, layer.kind, layer, [4])
})

t.test('softmax and logSoftmax along another axis', async (t) => {
  const x = random.normal(key(1), [2, 3, 4, 5], 'float64')
  for (const [make, operation] of [
    [softmaxAlong, op.softmax],
    [logSoftmaxAlong, op.logSoftmax],
  ] as const) {
    for (const [axis, at] of [
      [0, 1],
      [1, 2],
      [-1, 3],
      [-3, 1],
    ] as const) {
      const along = make({ axis })
      t.same(toArray(predict(along, init(along, key(0)), x)), toArray(operation(x, at)), `axis ${axis}`)
    }
    lawsOfLayer(t, 'of columns', make({ axis: 0 }), [3, 2])
    for (const axis of [3, -4]) {
      const outside = make({ axis })
      t.throws(
        () => predict(outside, init(outside, key(0)), x),
        new RegExp(`oftmaxAlong: expected examples with an axis ${axis}, got \\[3, 4, 5\\]`),
      )
    }
    t.throws(() => make({ axis: 0.5 }), /oftmaxAlong: expected a whole axis, got 0.5/)
    t.throws(() => make({ axes: 1 } as never), /oftmaxAlong: expected options among axis, got 'axes'/)
  }
})

t.test('every activation has an entry', async (t) => {
  const rows = ['softmax', 'logSoftmax', 'softmaxAlong', 'logSoftmaxAlong']
  t.same(
    [...Object.keys(values), ...Object.keys(functions), 'prelu'].filter(
      (name) => !rows.includes(name) && !(name in entries),
    ),
    [],
  )
})

t.test('prelu of channels', async (t) => {
  const layer = prelu({ channels: 2 })
  lawsOfLayer(t, 'prelu of channels', layer, [3, 2])
  const { params } = init(layer, key(0))
  t.same([params.a.shape, toArray(params.a)], [[2], [0.25, 0.25]])
  t.throws(() => predict(layer, { params, state: {} }, zeros([4, 3])), {
    message: 'prelu: expected [batch, …, 2], got [4, 3]',
  })
  t.throws(() => predict(layer, { params, state: {} }, zeros([2])), /prelu: expected \[batch, …, 2\]/)
  t.throws(() => prelu({ channels: -1 }), /prelu: expected whole sizes/)
})

t.test('bad options', async (t) => {
  const bad: readonly (readonly [() => unknown, RegExp])[] = [
    [() => leakyRelu({ slope: Number.NaN }), /leakyRelu: expected a finite slope, got NaN/],
    [() => elu({ alpha: inf }), /elu: expected a finite alpha, got Infinity/],
    [() => softplus({ beta: 0 }), /softplus: expected a finite beta above 0, got 0/],
    [() => op.softplus(zeros([1]), -1), /softplus: expected a finite beta above 0, got -1/],
    [() => hardtanh({ min: 1, max: 1 }), /hardtanh: expected min < max, got 1, 1/],
  ]
  for (const [make, message] of bad) {
    t.throws(make, message)
    t.throws(make, ValueError)
  }
  t.throws(() => op.gelu(fromArray([1], [1], 'int32') as never), /gelu: expected float32 or float64, got int32/)
})
