// The reference engine against definitions written out entry by entry, on tensors that lie in memory in any way.
import fc from 'fast-check'
import { fromArray, full, type Shape, type Tensor, toArray, zeros } from 'pullback'
import t from 'tap'
import { engine, useEngine } from '../../lib/kernel/current.ts'
import { reference as plain } from '../../lib/kernel/reference/reference.ts'
import type { Window } from '../../lib/kernel/window.ts'
import type { AnyMapName, AnyZipName } from '../../lib/op/elementwise/kernels.ts'
import { windowing } from '../../lib/op/window/window.ts'
import { fresh, raw } from '../../lib/tensor/view.ts'
import { layouts, numbers, shapes, tensorOf } from '../arbitrary/tensor.ts'
import { slidings } from '../arbitrary/window.ts'
import { withAll } from '../support/kernels.ts'
import { check } from '../support/property.ts'

const same = (found: ArrayLike<number>, said: readonly number[], tolerance = 0): boolean =>
  found.length === said.length &&
  said.every(
    (v, i) =>
      Object.is(found[i], v) || found[i] === v || Math.abs((found[i] as number) - v) <= tolerance * (1 + Math.abs(v)),
  )
const everywhere = (x: Tensor, holds: (x: Tensor) => boolean): boolean => layouts(x).every(([, y]) => holds(y))

const reference = withAll(plain)

/** The functions that math.ts compares with exact values. */
type Smooth = 'erf' | 'erfinv' | 'normalCdf' | 'silu' | 'gelu' | 'geluTanh' | 'mish'
const maps: Readonly<Record<Exclude<AnyMapName, Smooth>, (x: number, p: number) => number>> = {
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (x) => Math.exp(Math.min(x, 0)) / (1 + Math.exp(-Math.abs(x))),
  relu: (x) => (Number.isNaN(x) ? x : Math.max(0, x)),
  scale: (x, p) => p * x,
  shift: (x, p) => x + p,
  atLeast: (x, p) => (Number.isNaN(x) ? x : Math.max(x, p)),
  below: (x, p) => (x < p ? 1 : 0),
  abs: Math.abs,
  atMost: (x, p) => (Number.isNaN(x) ? x : Math.min(x, p)),
  leakyRelu: (x, p) => (x > 0 ? x : p * x),
  elu: (x, p) => (x > 0 ? x : p * Math.expm1(x)),
  floor: Math.floor,
  round: (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
  log1p: Math.log1p,
  expm1: Math.expm1,
  sin: Math.sin,
  cos: Math.cos,
  softplus: (x, p) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(p * x))) / p,
}
/** The pullbacks that the specs of layers check by differences. */
type Slopes = 'siluPullback' | 'geluPullback' | 'geluTanhPullback' | 'mishPullback'
/** σ(x) (1 − σ(x)). */
const bell = (x: number): number => Math.exp(-Math.abs(x)) / (1 + Math.exp(-Math.abs(x))) ** 2
const zips: Readonly<Record<Exclude<AnyZipName, Slopes>, (x: number, y: number, p: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  maskAbove: (d, x, p) => (x > p ? d : 0),
  tanhPullback: (d, x) => d * (4 * bell(2 * x)),
  sigmoidPullback: (d, x) => d * bell(x),
  addScaled: (x, y, p) => x + p * y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  prelu: (x, y) => (x > 0 ? x : x * y),
  maskLeaky: (d, x, p) => (x > 0 ? d : p * d),
  greater: (x, y) => (x > y ? 1 : 0),
  greaterEqual: (x, y) => (x >= y ? 1 : 0),
  atan2: Math.atan2,
  eluPullback: (d, x, p) => (x > 0 ? d : d * p * Math.exp(x)),
}
const special = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -1e-310),
)

t.test('maps', async () => {
  for (const [name, f] of Object.entries(maps))
    check(
      shapes().chain((s) => tensorOf(s, special)),
      (x) => {
        const said = toArray(x).map((v) => f(v, 0.3))
        return everywhere(x, (y) => same(reference.map(name as AnyMapName, raw(y), 0.3), said))
      },
    )
})

t.test('erfinv', async (t) => {
  const erfinv = (x: number) => reference.map('erfinv', raw(fromArray([x], [1], 'float64')))[0] as number
  // Values of erf at round numbers, from tables (Abramowitz and Stegun 7.1).
  for (const [z, erf] of [
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
  ] as const) {
    t.ok(Math.abs(erfinv(erf) - z) < 1e-11, `erfinv(${erf}) is ${z}`)
    t.equal(erfinv(-erf), -erfinv(erf))
  }
  t.ok(Math.abs(erfinv(1 - 2 ** -53) - 5.863584748755167) < 1e-12, 'far out in the tail')
  t.same([erfinv(1), erfinv(-1), erfinv(2)], [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
})

t.test('zips', async () => {
  for (const [name, f] of Object.entries(zips))
    check(
      shapes().chain((s) => fc.tuple(tensorOf(s, special), tensorOf(s, special))),
      ([x, y]) => {
        const ys = toArray(y)
        const said = toArray(x).map((v, i) => f(v, ys[i] as number, 0.7))
        const tolerance = name === 'tanhPullback' || name === 'sigmoidPullback' ? 1e-14 : 0
        return everywhere(x, (a) =>
          everywhere(y, (b) => same(reference.zip(name as AnyZipName, raw(a), raw(b), 0.7), said, tolerance)),
        )
      },
    )
})

const rowsOf = (x: Tensor): readonly (readonly number[])[] => {
  const n = x.shape.at(-1) as number
  const all = toArray(x)
  const count = x.shape.slice(0, -1).reduce((a, b) => a * b, 1)
  return Array.from({ length: count }, (_, i) => all.slice(i * n, (i + 1) * n))
}
const withRows = shapes({ minLength: 1 }).chain((s) => tensorOf(s))

t.test('rows', async () => {
  const exps = (row: readonly number[]) => row.map(Math.exp)
  const total = (row: readonly number[]) => row.reduce((a, b) => a + b, 0)
  check(withRows, (x) => {
    const rows = rowsOf(x)
    return everywhere(x, (y) => {
      const r = raw(y)
      const last = y.shape.length - 1
      return (
        same(reference.sum(r, last), rows.map(total), 1e-14) &&
        same(reference.sum(r, 0), [total(toArray(x))], 1e-13) &&
        same(
          reference.rows('softmax', r),
          rows.flatMap((row) => exps(row).map((e) => e / total(exps(row)))),
          1e-14,
        ) &&
        same(
          reference.rows('logSoftmax', r),
          rows.flatMap((row) => row.map((v) => v - Math.log(total(exps(row))))),
          1e-14,
        ) &&
        same(
          reference.logSumExp(r),
          rows.map((row) => Math.log(total(exps(row)))),
          1e-14,
        ) &&
        (y.shape[last] === 0 ||
          same(
            reference.argmax(r),
            rows.map((row) => row.indexOf(Math.max(...row))),
          )) &&
        same(
          reference.rows('cumsum', r),
          rows.flatMap((row) => row.map((_, i) => total(row.slice(0, i + 1)))),
          1e-14,
        ) &&
        same(
          reference.argsort(r),
          rows.flatMap((row) =>
            row
              .map((v, i) => [v, i] as const)
              .sort(([a, i], [b, j]) => a - b || i - j)
              .map(([, i]) => i),
          ),
        )
      )
    })
  })
})

t.test('moves', async () => {
  const index = (n: number, shape: Shape) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return fc
      .array(fc.integer({ min: 0, max: n - 1 }), { minLength: size, maxLength: size })
      .map((ids) => fromArray(ids, shape, 'int32'))
  }
  const gathers = fc
    .tuple(fc.integer({ min: 1, max: 4 }), shapes({ maxLength: 2 }), shapes({ maxLength: 2 }))
    .chain(([n, rest, at]) => fc.tuple(tensorOf([n, ...rest]), index(n, at)))
  check(gathers, ([x, ids]) => {
    const size = x.shape.slice(1).reduce((a, b) => a * b, 1)
    const all = toArray(x)
    const said = toArray(ids).flatMap((i) => all.slice(i * size, (i + 1) * size))
    const back = new Array<number>(all.length).fill(0)
    toArray(ids).forEach((id, i) => {
      for (let j = 0; j < size; j++) (back[id * size + j] as number) += said[i * size + j] as number
    })
    const d = fromArray(said, [...ids.shape, ...x.shape.slice(1)], 'float64') as Tensor
    return (
      everywhere(x, (y) => same(reference.gather(raw(y), raw(ids)), said)) &&
      everywhere(d, (e) => same(reference.scatterAdd(raw(e), raw(ids), x.shape[0] as number), back, 1e-14))
    )
  })
  const picks = fc
    .tuple(shapes({ maxLength: 2 }), fc.integer({ min: 1, max: 4 }))
    .chain(([lead, n]) => fc.tuple(tensorOf([...lead, n]), index(n, lead)))
  check(picks, ([x, ids]) => {
    const n = x.shape.at(-1) as number
    const [all, at] = [toArray(x), toArray(ids)]
    const said = at.map((id, i) => all[i * n + id] as number)
    const placed = at.flatMap((id, i) => Array.from({ length: n }, (_, j) => (j === id ? (said[i] as number) : 0)))
    const d = fromArray(said, ids.shape, 'float64') as Tensor
    return (
      everywhere(x, (y) => same(reference.pick(raw(y), raw(ids)), said)) &&
      everywhere(d, (e) => same(reference.place(raw(e), raw(ids), n), placed))
    )
  })
})

t.test('windows', async () => {
  const cases = slidings.chain(({ image, kernel, ...options }) => {
    const [window, [down, right]] = windowing('windows', kernel, options)(image)
    const rows = [image[0] * down * right, kernel[0] * kernel[1] * image[3]] as const
    return fc.record({
      x: tensorOf(image, fc.oneof(numbers, fc.constantFrom(0, 1, Number.NaN, Number.NEGATIVE_INFINITY))),
      d: tensorOf(rows),
      window: fc.constant(window),
      right: fc.constant(right),
      down: fc.constant(down),
    })
  })
  /** Where in the images each entry of each row comes from; −1 where it is padding. */
  const sources = (
    x: Tensor,
    rows: number,
    { kernel, stride, dilation, padding }: Window,
    down: number,
    right: number,
  ) => {
    const [, height, width, channels] = x.shape as readonly [number, number, number, number]
    return Array.from({ length: rows }, (_, n) =>
      Array.from({ length: kernel[0] * kernel[1] * channels }, (_, e) => {
        const [image, i, j] = [Math.floor(n / right / down), Math.floor(n / right) % down, n % right]
        const [place, c] = [Math.floor(e / channels), e % channels]
        const row = i * stride[0] - padding[0] + Math.floor(place / kernel[1]) * dilation[0]
        const column = j * stride[1] - padding[2] + (place % kernel[1]) * dilation[1]
        const inside = row >= 0 && row < height && column >= 0 && column < width
        return inside ? ((image * height + row) * width + column) * channels + c : -1
      }),
    )
  }
  /** Largest first: NaN, then larger numbers, then earlier ones. */
  const order = (all: readonly number[]) => (p: number, q: number) => {
    const [a, b] = [all[p] as number, all[q] as number]
    return Number(Number.isNaN(b)) - Number(Number.isNaN(a)) || (a === b ? 0 : b - a) || p - q
  }
  check(cases, ({ x, d, window, down, right }) => {
    const [all, from] = [toArray(x), sources(x, d.shape[0] as number, window, down, right)]
    const back = new Array<number>(x.size).fill(0)
    toArray(d).forEach((v, i) => {
      const p = from.flat()[i] as number
      if (p >= 0) (back[p] as number) += v
    })
    const channels = x.shape[3] as number
    const best = from.flatMap((row) =>
      Array.from(
        { length: channels },
        (_, c) => row.filter((p, e) => p >= 0 && e % channels === c).sort(order(all))[0] ?? -1,
      ),
    )
    return (
      everywhere(x, (y) =>
        same(
          reference.im2col(raw(y), window),
          from.flat().map((p) => (p < 0 ? 0 : (all[p] as number))),
        ),
      ) &&
      everywhere(d, (e) => same(reference.col2im(raw(e), window, x.shape), back, 1e-14)) &&
      (best.includes(-1) ||
        everywhere(x, (y) => {
          const [values, index] = reference.maxPool(raw(y), window)
          return (
            same(index, best) &&
            same(
              values,
              best.map((p) => all[p] as number),
            )
          )
        }))
    )
  })
})

t.test('the engine can be replaced', async (t) => {
  const calls: string[] = []
  const before = useEngine({
    ...plain,
    name: 'counting',
    map: (f, x, p) => {
      calls.push(f)
      return plain.map(f, x, p)
    },
  })
  t.not(before.name, 'counting')
  t.equal(engine().name, 'counting')
  const { op, zeros } = await import('pullback')
  op.tanh(zeros([2]))
  t.same(calls, ['tanh'], 'without a change to any operation')
  t.equal(useEngine(before).name, 'counting')
  t.ok(fresh([2], new Float32Array(2)))
})

t.test('sums of many terms are right to the last place', async (t) => {
  const n = 20_000
  for (const [dtype, many, some] of [
    ['float64', 2000, 20.1],
    ['float32', 2000.0000298023224, 20.10000029951334],
  ] as const) {
    const round = dtype === 'float32' ? Math.fround : (x: number) => x
    const of = (shape: Shape, value = 0.1) => raw(full(shape, value, dtype))
    const [wide, tall] = [{ kernel: [1, n] } as const, { kernel: [1, 201] } as const]
    const window = ({ kernel }: typeof wide | typeof tall): Window => ({
      kernel,
      stride: [1, 1],
      dilation: [1, 1],
      padding: [0, 0, 0, 0],
    })
    const image = [1, 1, 401, 1] as const
    const found: { readonly [name: string]: readonly [found: number | undefined, said: number] } = {
      sum: [reference.sum(of([n]), 0)[0], many],
      matmul: [reference.matmul(of([1, n]), of([n, 1], 1))[0], many],
      affine: [reference.affine(of([1, n - 1]), of([1, n - 1], 1), of([1]))[0], many],
      scatterAdd: [reference.scatterAdd(of([n]), raw(zeros([n], 'int32')), 1)[0], many],
      convolve: [reference.convolve(of([1, 1, n, 1]), of([1, n], 1), of([1], 0), window(wide), 1)[0], many],
      convolveToKernels: [
        reference.convolveToKernels(of([n, 1]), of([1, 1, n, 1], 1), window({ kernel: [1, 1] } as never), 1)[0],
        many,
      ],
      convolveToImages: [reference.convolveToImages(of([201, 1]), of([1, 201], 1), window(tall), image, 1)[200], some],
      col2im: [reference.col2im(of([201, 201]), window(tall), image)[200], some],
    }
    for (const [name, [value, said]] of Object.entries(found)) t.equal(value, round(said), `${name} in ${dtype}`)
  }
  const huge = fromArray([1e308, 1e308, 1], [1, 3], 'float64')
  t.equal(reference.matmul(raw(huge), raw(full([3, 1], 1, 'float64')))[0], Number.POSITIVE_INFINITY)
  t.ok(Number.isNaN(reference.matmul(raw(huge), raw(fromArray([10, -10, 1], [3, 1], 'float64')))[0]))
})
