// The elementary functions of the kernels against exact values: errors in units in the last place of the format.
import { fromArray } from 'pullback'
import t, { type Test } from 'tap'
import { furtherMaps, furtherZips, maps, zips } from '../../lib/kernel/names.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { byFormat, compiled, type Exports, instantiate } from '../../lib/kernel/wasm/exports.ts'
import { core } from '../../lib/kernel/wasm/set/core.ts'
import { further } from '../../lib/kernel/wasm/set/further.ts'
import { raw } from '../../lib/tensor/view.ts'
import {
  elu,
  erf,
  erfinv,
  exp,
  gelu,
  geluTanh,
  log,
  mish,
  normalCdf,
  sigmoid,
  silu,
  softplus,
  tanh,
  ulps,
} from '../support/exact.ts'
import { withAll } from '../support/kernels.ts'

type Name = 'exp' | 'log' | 'tanh' | 'sigmoid' | 'erf' | 'erfinv' | Activation
type Activation = 'elu' | 'softplus' | 'normalCdf' | 'silu' | 'gelu' | 'geluTanh' | 'mish'

const formats = { float32: Float32Array, float64: Float64Array } as const
const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536 })
/** The exports of both sets that have functions of one number, on one memory, and the names of these functions. */
const sets = [
  { set: core, names: Object.keys(maps), pairs: Object.keys(zips) },
  { set: further, names: Object.keys(furtherMaps), pairs: Object.keys(furtherZips) },
].map(({ set, ...lists }) => ({
  ...lists,
  exports: byFormat<Exports>(instantiate(compiled(set.code(), false), memory)),
}))

const kernel = (name: Name, dtype: keyof typeof formats, xs: ArrayLike<number>): readonly number[] => {
  const [from, to] = [1 << 20, 1 << 21]
  new formats[dtype](memory.buffer, from, xs.length).set(xs)
  for (const { names, exports } of sets)
    if (names.includes(name)) exports[dtype].map(names.indexOf(name), from, to, xs.length, 1)
  return [...new formats[dtype](memory.buffer, to, xs.length)]
}
const oracle = (name: Name, xs: readonly number[]): readonly number[] => [
  ...withAll(reference).map(name, raw(fromArray(xs, [xs.length], 'float64')), 1),
]

const grid = (from: number, to: number, n: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * (i + 0.5)) / n)
/** ±2⁻ᵏ, and numbers between. */
const tiny = [...grid(-1074, -30, 30), ...grid(-30, 0, 90)].flatMap((k) => [-(2 ** k), 2 ** k])
const positive = tiny.filter((x) => x > 0)

const points: Readonly<Record<Name, readonly number[]>> = {
  exp: [...tiny, ...grid(-1, 1, 300), ...grid(-745, 709.5, 400), -745.13, -744.5, 709.78],
  log: [
    ...positive,
    ...positive.map((x) => 1 / x).filter(Number.isFinite),
    ...tiny.map((x) => 1 + x / 2),
    ...grid(0, 4, 300),
  ],
  tanh: [...tiny, ...grid(-1, 1, 500), ...grid(-22, 22, 200)],
  sigmoid: [...tiny, ...grid(-4, 4, 300), ...grid(-745, 40, 300)],
  erf: [...tiny, ...grid(-2, 2, 400), ...grid(-6.5, 6.5, 200)],
  erfinv: [...tiny, ...grid(-1, 1, 400), ...positive.map((x) => 1 - x / 2)].filter((x) => x !== 1),
  elu: [...tiny, ...grid(-2, 2, 300), ...grid(-40, 2, 100)],
  softplus: [...grid(-30, 0, 90).map((k) => 2 ** k), ...grid(-4, 4, 200), ...grid(-700, 700, 200)],
  normalCdf: [...grid(-2, 2, 100), ...grid(-27, 10, 100)],
  silu: [...tiny, ...grid(-4, 4, 200), ...grid(-700, 40, 200)],
  gelu: [...tiny, ...grid(-2, 2, 100), ...grid(-27, 10, 100)],
  geluTanh: [...tiny, ...grid(-4, 4, 200)],
  mish: [...tiny, ...grid(-4, 4, 200), ...grid(-700, 40, 200)],
}
/** Errors in the last place that are allowed in float64, by the reference and by the kernel, and in float32; and from where on. */
const bounds: Readonly<Record<Name, readonly [oracle: number, kernel: number, single: number, from?: number]>> = {
  exp: [4, 8, 2],
  log: [4, 8, 2],
  tanh: [4, 8, 2],
  sigmoid: [4, 8, 2],
  erf: [4, 8, 2],
  erfinv: [8, 8, 2],
  elu: [4, 8, 3],
  softplus: [4, 8, 4],
  normalCdf: [8, 8, 6],
  silu: [4, 8, 4, -80], // below, σ is a denormal number
  gelu: [8, 8, 8, -13], // below, Φ is a denormal number
  geluTanh: [32, 32, 32, -4], // the error of u, times u
  mish: [8, 8, 6, -80],
}
const names = Object.keys(points) as readonly Name[]

const exact: Readonly<Record<Name, (x: number, near: number) => bigint>> = {
  elu,
  erf,
  erfinv,
  exp,
  gelu,
  geluTanh,
  log,
  mish,
  normalCdf,
  sigmoid,
  silu,
  softplus,
  tanh,
}

const within = (t: Test, errors: readonly number[], bound: number, what: string): void => {
  const worst = errors.reduce((a, b) => (a >= b ? a : b), 0)
  t.ok(
    errors.every((e) => e <= bound),
    `${what}: ${worst.toFixed(2)} ulp, at most ${bound}`,
  )
}

t.test('float64', async (t) => {
  for (const name of names) {
    const xs = points[name]
    const near = oracle(name, xs)
    const truth = xs.map((x, i) => exact[name](x, near[i] as number))
    const errors = (ys: readonly number[]) => ys.map((y, i) => ulps(y, truth[i] as bigint, 'float64'))
    const [oracleBound, kernelBound] = bounds[name]
    within(t, errors(near), oracleBound, `${name}, reference`)
    within(t, errors(kernel(name, 'float64', xs)), kernelBound, `${name}, kernel`)
  }
})

/** |found − said| in units in the last place of float32, for a `said` in double precision; 0 for two NaN. */
const ulps32 = (found: number, said: number): number => {
  if (Object.is(found, Math.fround(said)) && !Number.isFinite(found)) return 0
  if (Object.is(found, -0) !== Object.is(Math.fround(said), -0)) return Number.POSITIVE_INFINITY
  const top = Math.floor(Math.log2(Math.abs(said))) - 23
  return Math.abs(found - said) / 2 ** Math.max(top, -149)
}

t.test('float32, on 65536 numbers of all sizes and signs and on grids', async (t) => {
  // An odd step through all bit patterns meets every exponent with many mantissas, denormals, ∞ and NaN among them.
  const patterns = new Float32Array(Uint32Array.from({ length: 1 << 16 }, (_, i) => i * 65537).buffer)
  for (const name of names) {
    const all = [...patterns, ...points[name], ...grid(-10, 10, 1 << 15), ...grid(-104, 89, 1 << 15)].map(Math.fround)
    const said = oracle(name, all)
    const [, , single, from = Number.NEGATIVE_INFINITY] = bounds[name]
    within(
      t,
      kernel(name, 'float32', all).map((y, i) => ((all[i] as number) < from ? 0 : ulps32(y, said[i] as number))),
      single,
      name,
    )
  }
})

t.test('float64, on numbers of all sizes and signs', async (t) => {
  const words = Uint32Array.from({ length: 1 << 15 }, (_, i) => Math.imul(i, i & 1 ? 131071 : 0x9e3779b1))
  const xs = [...new Float64Array(words.buffer)]
  for (const name of names) {
    const said = oracle(name, xs)
    const [, , , from = Number.NEGATIVE_INFINITY] = bounds[name]
    const far = kernel(name, 'float64', xs).filter((y, i) => {
      const z = said[i] as number
      return !((xs[i] as number) < from || Object.is(y, z) || Math.abs(y - z) <= Math.abs(z) * 2 ** -49 + 5e-324)
    })
    t.same(far, [], name)
  }
})

t.test('special values', async (t) => {
  const { POSITIVE_INFINITY: inf, NaN: nan } = Number
  const said: readonly (readonly [Name, number, number])[] = [
    ['exp', 0, 1],
    ['exp', -0, 1],
    ['exp', inf, inf],
    ['exp', -inf, 0],
    ['exp', 1e30, inf],
    ['exp', -1e30, 0],
    ['log', 1, 0],
    ['log', 0, -inf],
    ['log', -0, -inf],
    ['log', -1, nan],
    ['log', -inf, nan],
    ['log', inf, inf],
    ['tanh', 0, 0],
    ['tanh', -0, -0],
    ['tanh', inf, 1],
    ['tanh', -inf, -1],
    ['sigmoid', 0, 0.5],
    ['sigmoid', inf, 1],
    ['sigmoid', -inf, 0],
    ['erf', 0, 0],
    ['erf', -0, -0],
    ['erf', inf, 1],
    ['erf', -inf, -1],
    ['erfinv', 0, 0],
    ['erfinv', -0, -0],
    ['erfinv', 1, inf],
    ['erfinv', -1, -inf],
    ['erfinv', 1.5, nan],
    ['erfinv', -inf, nan],
    ['elu', -0, -0],
    ['elu', inf, inf],
    ['elu', -inf, -1],
    ['softplus', inf, inf],
    ['softplus', -inf, 0],
    ['normalCdf', 0, 0.5],
    ['normalCdf', inf, 1],
    ['normalCdf', -inf, 0],
    ...(['silu', 'gelu', 'geluTanh', 'mish'] as const).flatMap(
      (name) =>
        [
          [name, 0, 0],
          [name, -0, -0],
          [name, inf, inf],
          [name, -inf, -0],
        ] as const,
    ),
  ]
  for (const dtype of ['float32', 'float64'] as const) {
    // In every lane, beside other numbers.
    for (const [name, x, y] of [...said, ...names.map((name) => [name, nan, nan] as const)])
      for (const lane of [0, 1, 2, 3]) {
        const found = kernel(
          name,
          dtype,
          [0, 1, 2, 3].map((i) => (i === lane ? x : 0.5)),
        )
        t.ok(Object.is(found[lane], y), `${name}(${x}) in lane ${lane} of ${dtype} is ${y}, found ${found[lane]}`)
      }
  }
  t.ok((kernel('exp', 'float64', [709.782712893384])[0] as number) < inf, 'the largest result in float64')
  t.equal(kernel('exp', 'float64', [709.7827128933841])[0], inf)
  t.ok((kernel('exp', 'float32', [88.72283172607422])[0] as number) < inf, 'the largest result in float32')
  t.equal(kernel('exp', 'float32', [88.7228393554687])[0], inf)
})

t.test('the tails of the normal distribution', async (t) => {
  // Φ(x) to 16 digits, by mpmath.
  for (const [x, said] of [
    [-6, 9.865876450376981e-10],
    [-13, 6.11716439954988e-39],
    [-30, 4.906713927148187e-198],
    [-37.5, 4.605353009581955e-308],
  ] as const) {
    const found = kernel('normalCdf', 'float64', [x])[0] as number
    t.ok(Math.abs(found / said - 1) < 1e-14, `Φ(${x}) is ${said}, found ${found}`)
  }
})

t.test('an unknown code traps', async (t) => {
  for (const { names, pairs, exports } of sets)
    for (const format of [exports.float32, exports.float64]) {
      t.throws(() => format.map(names.length, 0, 64, 1, 0), /unreachable/)
      t.throws(() => format.zip(pairs.length, 0, 64, 128, 1, 0), /unreachable/)
    }
})
