import { fromNested, key, lbfgs, type Minimum, op, random, type Tensor, toArray, valueAndGrad } from 'pullback'
import t from 'tap'
import { type OnLine, strongWolfe } from '../../../lib/optim/lbfgs/strongWolfe.ts'

type At = { readonly x: Tensor<readonly [number]> }
const part = (x: At['x'], from: number, to: number): Tensor => op.slice(x, [[from, to]]) as Tensor
/** Rosenbrock's valley: Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)². */
const valley = ({ x }: At): Tensor<readonly []> => {
  const n = x.shape[0]
  const [a, b] = [part(x, 0, n - 1), part(x, 1, n)]
  const [rise, rest] = [op.sub(b, op.mul(a, a)), op.shift(a, -1)]
  return op.add(op.scale(op.sum(op.mul(rise, rise)), 100), op.sum(op.mul(rest, rest)))
}
const begin = (...xs: number[]): At => ({ x: fromNested(xs, 'float64') })
const last = <P>(states: readonly Minimum<P>[]): Minimum<P> => states[states.length - 1] as Minimum<P>

t.test('Rosenbrock’s valley', async (t) => {
  for (const start of [begin(-1.2, 1), begin(-1.2, 1, -1.2, 1, 0, 3)]) {
    const states = [...lbfgs(valley)(start)]
    const found = last(states)
    for (const x of toArray(found.params.x)) t.ok(Math.abs(x - 1) < 1e-6, `at the bottom after ${found.step} steps`)
    t.ok(found.evaluations < 100)
    states.forEach((s, i) => {
      t.equal(s.step, i + 1)
      t.ok(s.value < (states[i - 1]?.value ?? Number.POSITIVE_INFINITY), 'every step goes down')
      t.ok(s.history.length <= 10)
    })
  }
})

t.test('a quadratic of many numbers, in as many steps as it has curvatures', async (t) => {
  const curvature = fromNested(
    Array.from({ length: 30 }, (_, i) => [1, 10, 100][i % 3] as number),
    'float64',
  )
  const f = ({ x }: At) => op.scale(op.sum(op.mul(op.mul(x, x), curvature as At['x'])), 0.5)
  const found = last([...lbfgs(f)({ x: random.normal(key(1), [30], 'float64') })])
  t.ok(found.value < 1e-12)
  t.ok(found.step <= 20, `${found.step}`)
})

/** a · f + b. */
const scaled =
  (f: typeof valley, a: number, b = 0) =>
  (at: At): Tensor<readonly []> =>
    op.shift(op.scale(f(at), a), b)

t.test('nothing depends on the scale of the function', async (t) => {
  for (const start of [begin(-1.2, 1), begin(-1.2, 1, -1.2, 1, 0, 3)]) {
    const own = [...lbfgs(valley)(start)]
    const paths = (a: number) => [...lbfgs(scaled(valley, a))(start)].map(({ params }) => toArray(params.x))
    for (const power of [-400, -27, -1, 27, 400])
      t.same(
        paths(2 ** power),
        own.map(({ params }) => toArray(params.x)),
        `times 2 to the ${power}: the same bits`,
      )
    for (const a of [1e8, 1e-8, 1e30, 1e-150]) {
      const found = last([...lbfgs(scaled(valley, a))(start)])
      t.ok(Math.abs(found.step - own.length) <= 2, `times ${a}: ${found.step} steps`)
      for (const x of toArray(found.params.x)) t.ok(Math.abs(x - 1) < 1e-6, `times ${a}: at the bottom`)
    }
    for (const x of toArray(last([...lbfgs(scaled(valley, 1, 1e3))(start)]).params.x))
      t.ok(Math.abs(x - 1) < 1e-4, 'a constant added, as far as the digits of the value reach')
  }
  const single = last([...lbfgs(scaled(valley, 1e8))({ x: fromNested([-1.2, 1]) })])
  for (const x of toArray(single.params.x)) t.ok(Math.abs(x - 1) < 1e-3, 'in float32')
})

t.test('steps along which the gradient turns away or stays are not remembered', async (t) => {
  const wave = ({ x }: At): Tensor<readonly []> => {
    // cos(14.5 x − 0.3) + (y + 0.2) y + (x + 0.2) x, the cosine as the real part of e to the i z, by its series
    const z = op.shift(op.scale(part(x, 0, 1), 14.5), -0.3)
    const square = op.mul(z, z)
    let [term, cosine] = [op.shift(op.scale(z, 0), 1), op.shift(op.scale(z, 0), 1)]
    for (let n = 2; n <= 60; n += 2) {
      term = op.scale(op.mul(term, square), -1 / (n * (n - 1)))
      cosine = op.add(cosine, term)
    }
    return op.add(op.sum(cosine), op.add(op.sum(op.mul(x, x)), op.scale(op.sum(x), 0.2)))
  }
  const found = last([...lbfgs(wave)({ x: fromNested([0.01780837, -0.06329397], 'float64') })])
  t.ok(Math.abs(found.value + 1.0108761844426555) < 1e-13, `SciPy’s basin: ${found.value}`)
  t.ok(largestOf(found.gradient) < 1e-6)
  const slope = ({ x }: At) => op.sum(op.scale(x, -3))
  for (const { history } of lbfgs(slope, { steps: 3 })(begin(1, 2)))
    t.equal(history.length, 0, 'a plane has no curvature')
})
const largestOf = ({ x }: At): number => Math.max(...toArray(x).map(Math.abs))

t.test('lazy, pure, and in float32', async (t) => {
  const search = lbfgs(valley, { steps: 3 })
  t.equal([...search(begin(-1.2, 1))].length, 3)
  t.same(
    [...search(begin(-1.2, 1))].map((s) => toArray(s.params.x)),
    [...search(begin(-1.2, 1))].map((s) => toArray(s.params.x)),
  )
  const settled = lbfgs(valley)(begin(1, 1)).next()
  t.equal(settled.done, true, 'at a minimum there is nothing to do')
  t.equal((settled.value as Minimum<At>).step, 0)
  const single = last([...lbfgs(valley)({ x: fromNested([-1.2, 1]) })])
  t.ok(single.value < 1e-6)
  t.equal(single.params.x.dtype, 'float32')
  const [value, gradient] = valueAndGrad(valley)(single.params)
  t.same(
    [...toArray(value), ...toArray(gradient.x)],
    [single.value, ...toArray(single.gradient.x)],
    'value and gradient are those there',
  )
})

t.test('every line search ends at a point that meets the conditions', async (t) => {
  const shapes: readonly (readonly [string, (x: number) => number, (x: number) => number])[] = [
    ['a bowl', (x) => (x - 3) ** 2, (x) => 2 * (x - 3)],
    ['far away', (x) => (x - 3000) ** 2, (x) => 2 * (x - 3000)],
    ['waves', (x) => x * x - 3 * x - Math.sin(5 * x), (x) => 2 * x - 3 - 5 * Math.cos(5 * x)],
    ['a wall', (x) => (x < 2 ? -Math.log(2 - x) - x : Number.NaN), (x) => (x < 2 ? 1 / (2 - x) - 1 : Number.NaN)],
    ['a slope that ends', (x) => (x - 1) ** 2, (x) => (x < 1.5 ? 2 * (x - 1) : Number.NaN)],
    ['very flat', (x) => 1e-6 * (x - 1) ** 4, (x) => 4e-6 * (x - 1) ** 3],
  ]
  for (const [name, f, slope] of shapes)
    for (const first of [1e-3, 1, 50]) {
      const along = (t: number): OnLine => ({ t, value: f(t), slope: slope(t) })
      const from = along(0)
      const p = strongWolfe(along, from, first, { c1: 1e-4, c2: 0.9, tries: 25 })
      t.ok(p.value <= from.value + 1e-4 * p.t * from.slope, `${name} from ${first}: low enough`)
      t.ok(Math.abs(p.slope) <= 0.9 * Math.abs(from.slope), `${name} from ${first}: flat enough`)
    }
})

t.test('bad input', async (t) => {
  t.throws(() => lbfgs(valley)(begin(Number.NaN, 1)).next(), /lbfgs: expected a finite value at the start, got NaN/)
  const length = ({ x }: At) => op.sum(op.sqrt(op.mul(x, x)))
  t.throws(
    () => lbfgs(length)(begin(0, 1)).next(),
    /lbfgs: expected a finite gradient at the start, got an entry of NaN/,
  )
  t.throws(() => lbfgs(valley, { history: 0 }), /lbfgs: expected history that is a whole number from 1, got 0/)
  t.throws(() => lbfgs(valley, { gradient: -1 }), /lbfgs: expected gradient that is finite and not negative, got -1/)
})
