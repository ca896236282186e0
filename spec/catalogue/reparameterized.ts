// Transformations of a layer's W: the laws of every layer, and the numbers of PyTorch 1.13 in float64.
import {
  conv2d,
  freeze,
  fromNested,
  init,
  initializer,
  item,
  key,
  leastSquares,
  linear,
  named,
  op,
  predict,
  random,
  relu,
  type Scalar,
  sgd,
  spectralNorm,
  start,
  type Tensor,
  trainStep,
  vjp,
  weightNorm,
  zeros,
} from 'pullback'
import t from 'tap'
import { closeTrees } from '../law/diff.ts'
import { type Entry, lawsOfEntry } from '../law/entry.ts'
import { training } from '../law/layer.ts'
import { exportedFrom } from '../support/exported.ts'

const W = [
  [1, -2],
  [0.5, 0.25],
  [3, 1],
]
const b = [0.1, -0.2, 0.3]
const x = [
  [1, 2],
  [-0.5, 3],
]
const dy = [
  [1, 0.5, -1],
  [0.25, 2, -0.75],
]
/** The first left singular vector of W. */
const u = [0.17689123085882993, 0.16689272038363726, 0.9699774803201345]

const refused = (of: (layer: never) => unknown, name: string): NonNullable<Entry['errors']> => [
  [() => of(relu as never), new RegExp(`${name}: expected a layer with a parameter 'W', got one without parameters`)],
  [() => of(named('L', linear(2, 2)) as never), /a layer with a parameter 'W', got .*before named and compose/],
  [
    () => of({ ...linear(2, 2), params: { W: { shape: [2], draw: () => zeros([2]) } } } as never),
    /a W \[outputs, …\], got \[2\]/,
  ],
  [() => of(3 as never), new RegExp(`${name}: expected a layer, got 3`)],
]

const entries: readonly Entry[] = [
  {
    of: 'weightNorm',
    layer: weightNorm(linear(2, 3)),
    input: [2],
    golden: [
      {
        at: 'a linear layer',
        params: { W: { g: [2, 0.5, 1], v: W }, b },
        x,
        value: [
          [-2.5832815729997476, 0.6944271909999158, 1.8811388300841896],
          [-5.713776741499453, 0.24721359549995792, 0.7743416490252569],
        ],
        dy,
        dx: [
          [0.16935069069938113, -1.9932787491416801],
          [0.4065215152120096, -0.23717082451262844],
        ],
        dparams: {
          W: {
            g: [-2.068362879187305, 2.6832815729997477, -1.9368950668531322],
            v: [
              [1.6099689437998483, 0.8049844718999246],
              [-2.5938388538997557, 5.187677707799512],
              [0.3834261662954159, -1.150278498886248],
            ],
          },
          b: [1.25, 2.5, -1.75],
        },
      },
      {
        at: 'a row of zeros',
        params: {
          W: {
            g: [0, 2],
            v: [
              [0, 0],
              [0, 3],
            ],
          },
          b: [1, 1],
        },
        x: [[1, 2]],
        value: [[1, 5]],
        dy: [[1, 1]],
        dx: [[0, 2]],
        dparams: {
          W: {
            g: [0, 2],
            v: [
              [0, 0],
              [2 / 3, 0],
            ],
          },
          b: [1, 1],
        },
      },
    ],
    errors: refused(weightNorm, 'weightNorm'),
  },
  { of: 'weightNorm', with: 'kernels of images', layer: weightNorm(conv2d(2, 2, { kernel: 2 })), input: [2, 3, 2] },
  {
    of: 'spectralNorm',
    layer: spectralNorm(linear(2, 3)),
    input: [2],
    golden: [
      {
        at: 'a linear layer, once u has settled',
        params: { W, b },
        state: { W: { u } },
        x,
        value: [
          [-0.8265497833196123, 0.10884992777320407, 1.8442496388660203],
          [-1.9075245305258264, -0.04557503611339797, 0.7632748916598061],
        ],
        next: { W: { u } },
        dy,
        dx: [
          [-0.5404873736031072, -0.8879435423479617],
          [-0.3088499277732041, -0.23163744582990306],
        ],
        dparams: {
          W: [
            [0.4230660124086105, 0.8810521358128317],
            [-0.010240690126472995, 2.1918716955861637],
            [0.6449651933198814, -1.1387048995758962],
          ],
          b: [1.25, 2.5, -1.75],
        },
      },
      {
        at: 'zeros',
        params: { W: [[0, 0]], b: [1] },
        state: { W: { u: [1] } },
        x: [[1, 2]],
        value: [[1]],
        next: { W: { u: [1] } },
        dy: [[1]],
        dx: [[0, 0]],
        dparams: { W: [[1, 2]], b: [1] },
      },
    ],
    errors: [
      ...refused(spectralNorm, 'spectralNorm'),
      ...[0, 1.5].map(
        (iterations) =>
          [
            () => spectralNorm(linear(2, 2), { iterations }),
            new RegExp(`spectralNorm: expected a whole number of iterations from 1, got ${iterations}`),
          ] as const,
      ),
    ],
  },
  {
    of: 'spectralNorm',
    with: 'several iterations, and kernels of images',
    layer: spectralNorm(conv2d(1, 2, { kernel: 2 }), { iterations: 2 }),
    input: [2, 3, 1],
  },
]

for (const entry of entries)
  t.test(`${entry.of}${entry.with === undefined ? '' : `, ${entry.with}`}`, async (t) => lawsOfEntry(t, entry))

t.test('every transformation of a W has an entry', async (t) => {
  t.same([...new Set(entries.map(({ of }) => of))].sort(), exportedFrom(/^combinator\/reparameterized/))
})

const norms = (W: Tensor): Tensor => op.norm(W, 1) as Tensor

t.test('a layer with weight normalization begins as the layer itself', async (t) => {
  const [layer, input] = [linear(5, 3), random.normal(key(1), [4, 5], 'float64')]
  const [plain, normed] = [named('a', layer), named('a', weightNorm(layer))]
  const own = init(plain, key(0), { dtype: 'float64' })
  const at = init(normed, key(0), { dtype: 'float64' })
  t.ok(closeTrees(predict(normed, at, input), predict(plain, own, input), 1e-14))
  t.ok(closeTrees(at.params.a.W.g, norms(own.params.a.W)), 'g is the length of each row')
  const { params, state } = init(freeze(weightNorm(layer), 'W.g'), key(0))
  t.ok(closeTrees(state.frozen.W.g, norms(params.W.v), 1e-6), 'also where the lengths are frozen')
})

/** The largest singular value of a network without a bias, by power iteration through its pullback. */
const stretch = (f: (x: Tensor) => Tensor, inputs: number): number => {
  let [v, size] = [random.normal(key(9), [1, inputs]) as Tensor, 0]
  for (let i = 0; i < 100; i++) {
    const [y, back] = vjp(f)(v)
    size = item(op.norm(y) as Scalar)
    const next = back(y)
    v = op.scale(next, 1 / item(op.norm(next) as Scalar))
  }
  return size
}

t.test('spectral normalization begins settled, and follows what is learned', async (t) => {
  const net = spectralNorm(linear(6, 4, { b: initializer.zeros }))
  const begun = init(net, key(0))
  const largest = (variables: typeof begun): number =>
    stretch(
      (x) => predict(net, { ...variables, params: { ...variables.params, b: zeros([4]) } }, x as never) as Tensor,
      6,
    )
  t.ok(Math.abs(largest(begun) - 1) < 0.02, `at first ${largest(begun)}`)

  const step = trainStep(net, leastSquares, sgd(0.05))
  const input = random.normal(key(1), [16, 6])
  const target = op.scale(random.normal(key(2), [16, 4]), 3)
  let run = start(net, sgd(0.05), key(0))
  for (let i = 0; i < 40; i++) run = step(run, { input, target })[0]
  const { params } = run
  let { state } = run
  for (let i = 0; i < 100; i++) state = net.apply(params, state, training, input).state
  t.ok(Math.abs(largest({ params, state }) - 1) < 0.01, `later ${largest({ params, state })}`)
  t.ok(Math.abs(largest({ params, state: begun.state }) - 1) > 0.05, 'with the u of the start it is another number')
})

t.test('u need not have the length 1, as after averaging it', async (t) => {
  const layer = spectralNorm(linear(2, 3))
  const { params, state } = init(layer, key(0))
  const longer = { W: { u: op.scale(state.W.u, 0.3) } }
  const input = fromNested([[1, 2]])
  t.ok(closeTrees(predict(layer, { params, state: longer }, input), predict(layer, { params, state }, input), 1e-6))
})
