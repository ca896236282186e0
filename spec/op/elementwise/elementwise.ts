import { DTypeError, fromNested, op, random, type Shape, ShapeError, type Tensor, toNested } from 'pullback'
import t from 'tap'
import { type Raw, raw } from '../../../lib/tensor/view.ts'
import { lawsOfDiff } from '../../law/diff.ts'
import { engines } from '../../support/engines.ts'

const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
const positive = (seed: number, shape: Shape): Tensor =>
  random.uniform(random.key(seed), shape, { min: 0.2, max: 2, dtype: 'float64' })
const shapes: readonly Shape[] = [[], [5], [1, 3], [2, 3], [2, 3, 2], [0, 3]]

const unary: readonly (readonly [string, (x: Tensor) => Tensor, (seed: number, shape: Shape) => Tensor])[] = [
  ['neg', op.neg, normal],
  ['exp', op.exp, normal],
  ['log', op.log, positive],
  ['sqrt', op.sqrt, positive],
  ['erf', op.erf, normal],
  ['tanh', op.tanh, normal],
  ['sigmoid', op.sigmoid, normal],
  ['relu', op.relu, normal],
  ['abs', op.abs, normal],
  ['scale', (x) => op.scale(x, -1.5), normal],
  ['shift', (x) => op.shift(x, 2.5), normal],
]
for (const [name, f, draw] of unary)
  t.test(name, async (t) => {
    for (const shape of shapes) lawsOfDiff(t, `${name} ${shape}`, f, draw(1, shape))
  })

const binary: readonly (readonly [string, (a: Tensor, b: Tensor) => Tensor])[] = [
  ['add', op.add],
  ['sub', op.sub],
  ['mul', op.mul],
  ['div', op.div],
  ['addScaled', (a, b) => op.addScaled(a, b, 0.3)],
  ['maximum', op.maximum],
  ['minimum', op.minimum],
  ['where', (a, b) => op.where(a, op.mul(a, a), op.mul(a, b))],
]
for (const [name, f] of binary)
  t.test(name, async (t) => {
    for (const shape of shapes)
      lawsOfDiff(t, `${name} ${shape}`, ({ a, b }: { a: Tensor; b: Tensor }) => f(a, b), {
        a: normal(1, shape),
        b: positive(2, shape),
      })
    t.throws(() => f(normal(1, [2, 3]), normal(2, [3, 2])), ShapeError, 'shapes')
    t.throws(() => f(normal(1, [2, 1]), normal(2, [2, 3])), /nothing is broadcast silently/, 'no broadcasting')
    t.throws(() => f(normal(1, [2]), fromNested([1, 2])), DTypeError, 'formats')
    t.throws(
      () => f(fromNested([1], 'int32') as never, fromNested([1], 'int32') as never),
      /float32 or float64, got int32/,
    )
  })

t.test('a value used twice', async (t) => {
  lawsOfDiff(t, 'x · x', (x: Tensor) => op.mul(x, x), normal(3, [2, 2]))
  lawsOfDiff(t, 'x / x²', (x: Tensor) => op.div(x, op.mul(x, x)), positive(3, [3]))
})

t.test('edges', async (t) => {
  t.same(toNested(op.relu(fromNested([-1, -0, 0, 2, Number.NaN]))), [0, 0, 0, 2, Number.NaN])
  t.ok(Object.is(toNested(op.relu(fromNested([-0])))[0], 0), 'relu of −0 is 0')
  t.same(toNested(op.sigmoid(fromNested([-1000, 1000]))), [0, 1])
  t.same(toNested(op.tanh(fromNested([-1000, 1000]))), [-1, 1])
  t.same(toNested(op.erf(fromNested([-1000, 1000]))), [-1, 1])
  t.same(toNested(op.log(fromNested([0]))), [Number.NEGATIVE_INFINITY])
  t.same(toNested(op.div(fromNested([1, -1]), fromNested([0, 0]))), [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ])
  const [, back] = op.relu.diff([fromNested([0, 1, -1])])
  t.same(toNested(back(fromNested([5, 5, 5]))[0]), [0, 5, 0], "relu's derivative at 0 is 0")
  const slopes = toNested(op.abs.diff([fromNested([0, 2, -2])])[1](fromNested([5, 5, 5]))[0])
  t.same(slopes, [0, 5, -5], "abs's derivative at 0 is 0")
  for (const f of [op.maximum, op.minimum]) {
    const [both, share] = f.diff([fromNested([1, Number.NaN]), fromNested([1, 0])])
    t.same(toNested(both), [1, Number.NaN], 'NaN stays NaN')
    t.same(
      share(fromNested([5, 5])).map(toNested),
      [
        [5, 5],
        [0, 0],
      ],
      'of equal ones the first gets the cotangent',
    )
  }
  const unfit = fromNested([Number.NaN, Number.POSITIVE_INFINITY, 3, 3])
  t.same(toNested(op.where(fromNested([0, -1, Number.NaN, 1]), unfit, fromNested([1, 2, 3, Number.NaN]))), [1, 2, 3, 3])
})

t.test('a plain number is rounded to the format of the tensor that it goes with', async (t) => {
  for (const engine of engines)
    for (const dtype of ['float32', 'float64'] as const)
      for (const p of [0.1, 0.7, 1 / 3]) {
        const [one, at, less] = [1, p, -p].map((x) => raw(fromNested([x], dtype))) as [Raw, Raw, Raw]
        t.equal(engine.map('below', at, p)[0], 0, `${engine.name}, ${dtype}: ${p} is not below itself`)
        t.equal(engine.zip('addScaled', less, one, p)[0], 0, `${engine.name}, ${dtype}: −${p} + ${p} · 1`)
      }
})

t.test('where names itself where what it chooses from does not fit', async (t) => {
  const [x, long, short] = [normal(1, [2]), normal(1, [3]), fromNested([1, 2])] as [Tensor, Tensor, Tensor]
  for (const [a, b, error] of [
    [long, x, ShapeError],
    [x, long, ShapeError],
    [short, x, DTypeError],
    [x, short, DTypeError],
  ] as const)
    t.throws(() => op.where(x, a, b), { name: error.name, message: /^where: / })
})
