// Gradients that are wrong, each in one way that people get gradients wrong: all must be found.
import { type Diff, fromArray, lift, op, random, type Scalar, type Shape, type Tensor } from 'pullback'

export type Planted = readonly [name: string, subject: unknown, at: unknown]

type Back = (d: Tensor, x: Tensor, y: Tensor) => Tensor
type F = (x: Tensor) => Tensor

export const normal = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, 'float64')
export const f64 = (numbers: readonly number[], shape: Shape = [numbers.length]): Tensor =>
  fromArray([...numbers], shape, 'float64') as Tensor
export const constant = (like: Tensor, c: number): Tensor => op.shift(op.scale(like, 0), c)
const square: F = (x) => op.mul(x, x)
const sumOfSquares = (x: Tensor): Scalar => op.sum(square(x)) as Scalar
const spreadAs = (d: Tensor, like: Tensor): Tensor => op.broadcast(d, like.shape) as Tensor
/** The sign of each number, and the numbers as float32 has them. */
const sign: F = (d) => op.where(d, op.div(d, op.abs(op.where(d, d, constant(d, 1)))), d)
export const single: F = (d) => op.cast(op.cast(d, 'float32'), 'float64') as Tensor

/** A function with a pullback of its own. */
export const back =
  (f: F, pullback: Back): Diff<Tensor, Tensor> =>
  (x) => {
    const y = f(x)
    return [y, (d) => pullback(d, x, y)]
  }
const scalar = (pullback: Back): Diff<Tensor, Tensor> => back(sumOfSquares as F, pullback)
const right: Back = (d, x) => op.mul(spreadAs(d, x), op.scale(x, 2))

/** Functions of one number, with what a right pullback does and several that are wrong. */
const x4 = normal(5, 4)
const ofTanh: readonly (readonly [string, Back])[] = [
  ['a factor of 1.0001', (d, _, y) => op.scale(op.mul(d, op.shift(op.neg(square(y)), 1)), 1.0001)],
  ['a factor of 1.00001', (d, _, y) => op.scale(op.mul(d, op.shift(op.neg(square(y)), 1)), 1.00001)],
  ['a factor of 2', (d, _, y) => op.scale(op.mul(d, op.shift(op.neg(square(y)), 1)), 2)],
  ['a sign', (d, _, y) => op.mul(d, op.shift(square(y), -1))],
  ['a dropped square', (d, _, y) => op.mul(d, op.shift(op.neg(y), 1))],
  ['a dropped constant', (d, _, y) => op.mul(d, op.neg(square(y)))],
  ['the argument for the value', (d, x) => op.mul(d, op.shift(op.neg(square(x)), 1))],
  ['the cotangent left out', (_, __, y) => op.shift(op.neg(square(y)), 1)],
  ['the derivative left out', (d) => d],
  ['no derivative', (d) => op.scale(d, 0)],
  ['the derivative of sigmoid', (d, _, y) => op.mul(d, op.mul(y, op.shift(op.neg(y), 1)))],
  ['the sign of the cotangent', (d, _, y) => op.mul(sign(d), op.shift(op.neg(square(y)), 1))],
  ['the size of the cotangent', (d, _, y) => op.mul(op.abs(d), op.shift(op.neg(square(y)), 1))],
  ['the cotangent squared', (d, _, y) => op.mul(square(d), op.shift(op.neg(square(y)), 1))],
  ['a clipped cotangent', (d, _, y) => op.mul(op.hardtanh(d, -9, 9), op.shift(op.neg(square(y)), 1))],
  ['a cotangent with an offset', (d, _, y) => op.mul(op.shift(d, 1e-9), op.shift(op.neg(square(y)), 1))],
  ['float32 in the pullback', (d, _, y) => single(op.mul(d, op.shift(op.neg(square(y)), 1)))],
  ['float32 in the value kept', (d, _, y) => op.mul(d, op.shift(op.neg(square(single(y))), 1))],
  ['a cotangent in float32', (d, _, y) => op.mul(single(d), op.shift(op.neg(square(y)), 1))],
  ['wrong at one entry only', (d, _, y) => op.mul(op.mul(d, op.shift(op.neg(square(y)), 1)), f64([1, 1, 0, 1]))],
  [
    'a little wrong at one entry',
    (d, _, y) => op.mul(op.mul(d, op.shift(op.neg(square(y)), 1)), f64([1, 1 + 1e-5, 1, 1])),
  ],
  [
    'two entries exchanged',
    (d, _, y) => op.gather(op.mul(d, op.shift(op.neg(square(y)), 1)), fromArray([1, 0, 2, 3], [4], 'int32')) as Tensor,
  ],
  [
    'shifted by one entry',
    (d, _, y) => op.gather(op.mul(d, op.shift(op.neg(square(y)), 1)), fromArray([1, 2, 3, 0], [4], 'int32')) as Tensor,
  ],
  [
    'the mean for each',
    (d, _, y) => op.broadcast(op.mean(op.mul(d, op.shift(op.neg(square(y)), 1))) as Tensor, [4]) as Tensor,
  ],
  ['something added', (d, x, y) => op.add(op.mul(d, op.shift(op.neg(square(y)), 1)), op.scale(x, 1e-4))],
  ['NaN', (d) => op.div(op.scale(d, 0), op.scale(d, 0))],
  ['infinity', (d) => op.scale(d, Number.POSITIVE_INFINITY)],
]
const ofScalars: readonly (readonly [string, Back])[] = [
  ['an ignored cotangent', (_, x) => op.scale(x, 2)],
  ['a cotangent taken for its sign', (d, x) => right(sign(d), x, x)],
  ['a cotangent squared', (d, x) => right(square(d), x, x)],
  ['a cotangent twice', (d, x) => op.mul(spreadAs(d, x), right(d, x, x))],
  ['the square root of a cotangent', (d, x) => right(op.mul(sign(d), op.sqrt(op.abs(d))), x, x)],
  ['a mean for a sum', (d, x) => op.scale(right(d, x, x), 1 / x.size)],
  ['a factor', (d, x) => op.scale(right(d, x, x), 0.5)],
]
/** Elementwise functions with their right and wrong derivatives. */
const slopes: readonly (readonly [string, F, F, Tensor])[] = [
  ['exp: x e^(x − 1)', op.exp, (x) => op.mul(x, op.exp(op.shift(x, -1))), x4],
  ['log: 1 / x²', op.log, (x) => op.div(constant(x, 1), square(x)), f64([0.5, 2, 3])],
  ['log near its pole, 0.1 % off', op.log, (x) => op.div(constant(x, 1.001), x), f64([1e-6, 2e-6])],
  [
    '1 / x near its pole, 0.1 % off',
    (x) => op.div(constant(x, 1), x),
    (x) => op.div(constant(x, -1.001), square(x)),
    f64([1e-6, -2e-6]),
  ],
  ['sqrt: 1 / √x', op.sqrt, (x) => op.div(constant(x, 1), op.sqrt(x)), f64([0.5, 2, 3])],
  ['sigmoid: y (1 + y)', op.sigmoid, (x) => op.mul(op.sigmoid(x), op.shift(op.sigmoid(x), 1)), x4],
  [
    'sigmoid in saturation, twice too large',
    op.sigmoid,
    (x) => op.scale(op.mul(op.sigmoid(x), op.sigmoid(op.neg(x))), 2),
    f64([-40, -20, 15]),
  ],
  ['silu without its second term', op.silu, op.sigmoid, x4],
  ['gelu without its second term', op.gelu, op.normalCdf, x4],
  ['relu: a leak of 1e-3', op.relu, (x) => op.where(op.relu(x), constant(x, 1), constant(x, 1e-3)), x4],
  ['relu: the wrong mask', op.relu, (x) => op.where(op.relu(op.neg(x)), constant(x, 1), constant(x, 0)), x4],
  ['relu: no mask', op.relu, (x) => constant(x, 1), x4],
  [
    'relu: 2 at the kink',
    op.relu,
    (x) => op.where(x, op.where(op.relu(x), constant(x, 1), constant(x, 0)), constant(x, 2)),
    f64([0, 1, -1]),
  ],
  [
    'relu: a mask from 1e-5 on',
    op.relu,
    (x) => op.where(op.relu(op.shift(x, -1e-5)), constant(x, 1), constant(x, 0)),
    f64([5e-6, 1, -1]),
  ],
  ['abs without its sign', op.abs, (x) => constant(x, 1), x4],
  ['hardtanh that is not off', op.hardtanh, (x) => constant(x, 1), f64([-2, 0.5, 2])],
  ['softplus: tanh', op.softplus, op.tanh, x4],
  [
    'small numbers: a factor of 1.001',
    (x) => op.mul(square(x), square(x)),
    (x) => op.scale(op.mul(x, square(x)), 4.004),
    f64([1e-6, 2e-6]),
  ],
  ['large numbers: a factor of 1.001', square, (x) => op.scale(x, 2.002), f64([1e6, -3e6])],
  [
    'behind a large constant: a factor of 1.001',
    (x) => op.shift(op.tanh(x), 1e6),
    (x) => op.scale(op.shift(op.neg(square(op.tanh(x))), 1), 1.001),
    x4,
  ],
  [
    'many kinks, along directions',
    op.relu,
    (x) => op.where(op.relu(x), constant(x, 1.001), constant(x, 0)),
    op.relu(normal(3, 300)),
  ],
  [
    'along directions, wrong at one of 300',
    square,
    (x) => op.add(op.scale(x, 2), f64(Array.from({ length: 300 }, (_, i) => (i === 7 ? 1e-2 : 0)))),
    normal(3, 300),
  ],
]

/** Only the derivative of the pullback is wrong. */
const second = (f: F, df: F, wrong: F): Diff<Tensor, Tensor> => {
  const slope = lift((x: Tensor) => [df(x), (d: Tensor) => op.mul(d, wrong(x))] as const) as F
  return back(f, (d, x) => op.mul(d, slope(x)))
}
const seconds: readonly (readonly [string, F, F, F])[] = [
  ['x³: 3 for 6', (x) => op.mul(x, square(x)), (x) => op.scale(square(x), 3), (x) => op.scale(x, 3)],
  ['x²: none', square, (x) => op.scale(x, 2), (x) => constant(x, 0)],
  ['x²: 2.00002', square, (x) => op.scale(x, 2), (x) => constant(x, 2.00002)],
  ['exp: a sign', op.exp, op.exp, (x) => op.neg(op.exp(x))],
  [
    'tanh: −2 y for −2 y (1 − y²)',
    op.tanh,
    (x) => op.shift(op.neg(square(op.tanh(x))), 1),
    (x) => op.scale(op.tanh(x), -2),
  ],
  ['log: −1 / x', (x) => op.log(op.exp(x)), (x) => op.div(op.exp(x), op.exp(x)), (x) => op.neg(x)],
]
export const elementwiseBugs: readonly Planted[] = [
  ...ofTanh.map(([name, pullback]): Planted => [`tanh: ${name}`, back(op.tanh, pullback), x4]),
  ...ofScalars.map(([name, pullback]): Planted => [`a sum of squares: ${name}`, scalar(pullback), x4]),
  ...slopes.map(([name, f, df, at]): Planted => [name, back(f, (d, x) => op.mul(d, df(x))), at]),
  ...seconds.map(([name, f, df, wrong]): Planted => [`of order 2, ${name}`, second(f, df, wrong), x4]),
]
