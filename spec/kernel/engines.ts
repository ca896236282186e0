// Every engine, and every name of a kernel, against the reference: random shapes, sizes of zero, views that lie in memory in any way,
// numbers of every kind.
import fc from 'fast-check'
import { type DType, type Float, fromArray, full, op, random, type Shape, type Tensor, toArray } from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import type { Engine } from '../../lib/kernel/engine.ts'
import type { Kernel, RowName } from '../../lib/kernel/kernels.ts'
import { loaders } from '../../lib/kernel/loaders.ts'
import { furtherMaps, furtherZips, maps, zips } from '../../lib/kernel/names.ts'
import type { KernelCall, Place, PlaceView, Program } from '../../lib/kernel/program.ts'
import { reference as plain } from '../../lib/kernel/reference/reference.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { windowCounts } from '../../lib/kernel/window.ts'
import { native } from '../../lib/node/native.ts'
import type { AnyMapName, AnyZipName } from '../../lib/op/elementwise/kernels.ts'
import { insideCounts } from '../../lib/op/window/pooling.ts'
import { windowing } from '../../lib/op/window/window.ts'
import { arrays, type Data, dtypeOfData } from '../../lib/tensor/data.ts'
import { stridesOf } from '../../lib/tensor/shape.ts'
import { fresh, type Raw, raw, view } from '../../lib/tensor/view.ts'
import { layouts, shapes, tensorOf } from '../arbitrary/tensor.ts'
import { slidings } from '../arbitrary/window.ts'
import { type KernelsOfAllSets, withAll } from '../support/kernels.ts'
import { check } from '../support/property.ts'
import { relaxedHere } from '../support/relaxed.ts'

const engines = [
  wasm(),
  ...E.match(
    () => [],
    (e: Engine) => [e],
  )(native()),
  ...E.match(
    () => [],
    (e: Engine) => [{ ...e, name: 'relaxed' }],
  )(relaxedHere()),
].map(withAll)
const reference = withAll(plain)
const formats: readonly Float[] = ['float32', 'float64']
const epsilon = { float32: 2 ** -23, float64: 2 ** -52 }
const least = { float32: 2 ** -149, float64: 2 ** -1074 }

/** Equal, NaN, infinities and the signs of zeros too; or off by no more than `ulps` roundings of numbers as large as `size` says. */
const close = (dtype: Float, found: Data, said: Data, ulps: number, size: ArrayLike<number> = said): boolean =>
  found.length === said.length &&
  (found as Float64Array).every((a, i) => {
    const b = said[i] as number
    if (Object.is(a, b)) return true
    const allowed = ulps * Math.max(epsilon[dtype] * Math.abs(size[i] as number), least[dtype])
    return ulps > 0 && Math.abs(a - b) <= allowed
  })

const special = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -30, max: 30, noNaN: true }) },
  fc.double({ noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    5e-324,
    -1e-310,
    1e-40,
    -3e-45,
  ),
)
const absolute = (x: Tensor): Tensor => fromArray(toArray(x).map(Math.abs), x.shape, x.dtype) as Tensor

/** A tensor of each format, and every way it may lie. */
const each = (make: (dtype: Float) => fc.Arbitrary<Tensor>, holds: (x: Tensor, dtype: Float) => boolean): void => {
  for (const dtype of formats) check(make(dtype), (x) => layouts(x).every(([, y]) => holds(y, dtype)))
}
const any = (from: fc.Arbitrary<number>) => (dtype: Float) =>
  shapes({ maxLength: 3 }).chain(
    (s) =>
      tensorOf(
        s.map((n) => 3 * n),
        from,
        dtype,
      ) as fc.Arbitrary<Tensor>,
  )

/** A view of a shape with random numbers in a buffer: its axes lie there in any order, forward, backward, apart, or repeated. */
const viewOf = (shape: Shape, dtype: DType, from: fc.Arbitrary<number>): fc.Arbitrary<Raw> => {
  const rank = shape.length
  const axes = [...shape.keys()]
  return fc
    .tuple(
      fc.oneof(fc.constant(axes), fc.shuffledSubarray(axes, { minLength: rank })),
      fc.oneof(
        fc.constant(axes.map(() => 1)),
        fc.array(fc.constantFrom(1, -1, 2, -2, 0), { minLength: rank, maxLength: rank }),
      ),
      fc.nat(2),
    )
    .chain(([order, steps, skip]) => {
      const stride = new Array<number>(rank)
      let [n, offset] = [1, skip]
      for (const axis of [...order].reverse()) {
        const [size, step] = [Math.max(1, shape[axis] as number), steps[axis] as number]
        stride[axis] = n * step
        if (step < 0) offset -= n * step * (size - 1)
        n *= Math.max(1, size * Math.abs(step))
      }
      return fc
        .array(from, { minLength: n + skip + 1, maxLength: n + skip + 1 })
        .map((values) => raw(view(arrays[dtype].from(values) as Float64Array, shape, stride, offset)))
    })
}

for (const engine of engines) {
  t.test(`${engine.name}: maps`, async () => {
    const exact: readonly AnyMapName[] = [
      'neg',
      'sqrt',
      'relu',
      'atLeast',
      'below',
      'atMost',
      'leakyRelu',
      'abs',
      'floor',
      'round',
    ]
    const rounded: readonly AnyMapName[] = [
      'exp',
      'log',
      'tanh',
      'sigmoid',
      'erf',
      'erfinv',
      'scale',
      'shift',
      'elu',
      'softplus',
      'log1p',
      'expm1',
    ]
    for (const f of exact)
      each(any(special), (x, dtype) => close(dtype, engine.map(f, raw(x), 0.25), reference.map(f, raw(x), 0.25), 0))
    for (const f of rounded)
      each(any(special), (x, dtype) => close(dtype, engine.map(f, raw(x), 0.25), reference.map(f, raw(x), 0.25), 8))
    const within = fc.oneof(fc.double({ min: -12, max: 30, noNaN: true }), fc.constantFrom(0, -0, Number.NaN, 1e30))
    const angles = fc.oneof(fc.double({ min: -1e5, max: 1e5, noNaN: true }), fc.constantFrom(0, -0, Number.NaN, 1e-30))
    for (const f of ['sin', 'cos'] as const) {
      each(any(angles), (x, dtype) => close(dtype, engine.map(f, raw(x)), reference.map(f, raw(x)), 8))
      each(any(special), (x) => Array.from(engine.map(f, raw(x))).every((v) => !(Math.abs(v) > 1)))
    }
    const further: { readonly [f in AnyMapName]?: number } = { normalCdf: 16, gelu: 16, geluTanh: 512 } // the error of u, times u
    for (const f of Object.keys({ ...maps, ...furtherMaps }) as AnyMapName[])
      if (![...exact, ...rounded, 'sin', 'cos'].includes(f))
        each(any(within), (x, dtype) => close(dtype, engine.map(f, raw(x)), reference.map(f, raw(x)), further[f] ?? 8))
  })

  t.test(`${engine.name}: zips`, async () => {
    const fair = fc.double({ min: 0.1, max: 1, noNaN: true })
    const moderate = fc.double({ min: -30, max: 30, noNaN: true })
    const pairs = (dtype: Float, second: fc.Arbitrary<number>) =>
      shapes({ maxLength: 3 })
        .map((s) => s.map((n) => 3 * n))
        .chain((s) => fc.tuple(tensorOf(s, special, dtype), tensorOf(s, second, dtype)))
    const run = (f: AnyZipName, ulps: number, second: fc.Arbitrary<number>) => {
      for (const dtype of formats)
        check(pairs(dtype, second), ([x, y]) => {
          const size =
            f === 'addScaled'
              ? reference.zip('add', raw(absolute(x)), raw(absolute(y)))
              : f === 'atan2'
                ? reference.zip(f, raw(x), raw(y))
                : toArray(absolute(x))
          return layouts(x as Tensor).every(([, a]) =>
            layouts(y as Tensor).every(([, b]) =>
              close(dtype, engine.zip(f, raw(a), raw(b), 0.25), reference.zip(f, raw(a), raw(b), 0.25), ulps, size),
            ),
          )
        })
    }
    const exact: readonly AnyZipName[] = [
      'add',
      'sub',
      'mul',
      'div',
      'maskAbove',
      'prelu',
      'maskLeaky',
      'maximum',
      'minimum',
      'greater',
      'greaterEqual',
    ]
    for (const f of exact) run(f, 0, special)
    run('addScaled', 2, special)
    run('atan2', 8, special)
    const far = fc.oneof(moderate, fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY))
    const rounded: readonly AnyZipName[] = ['tanhPullback', 'sigmoidPullback']
    for (const f of rounded) run(f, 8, far)
    for (const f of Object.keys({ ...zips, ...furtherZips }) as AnyZipName[]) {
      if (f === 'addScaled' || f === 'atan2' || exact.includes(f) || rounded.includes(f)) continue
      for (const dtype of formats)
        check(fc.tuple(tensorOf([9], fair, dtype), tensorOf([9], moderate, dtype)), ([d, x]) =>
          close(
            dtype,
            engine.zip(f, raw(d), raw(x), 0.25),
            reference.zip(f, raw(d), raw(x), 0.25),
            64, // 1 − σ(x), times x
            toArray(absolute(d as Tensor)),
          ),
        )
    }
  })

  t.test(`${engine.name}: sums`, async () => {
    each(any(fc.double({ min: -1e3, max: 1e3, noNaN: true })), (x, dtype) =>
      [...x.shape.keys(), x.shape.length].every((kept) =>
        close(dtype, engine.sum(raw(x), kept), reference.sum(raw(x), kept), 4, reference.sum(raw(absolute(x)), kept)),
      ),
    )
    each(any(special), (x, dtype) => {
      if (x.shape.length !== 2) return true
      const columns = op.transpose(x)
      const size = reference.sum(raw(absolute(columns)), 1)
      return close(dtype, engine.sum(raw(columns), 1), reference.sum(raw(columns), 1), 4, size)
    })
  })

  t.test(`${engine.name}: rows`, async () => {
    const wide = (dtype: Float) =>
      shapes({ minLength: 1, maxLength: 3 }).chain(
        (s) => tensorOf([...s.slice(0, -1), 5 * (s.at(-1) as number)], special, dtype) as fc.Arbitrary<Tensor>,
      )
    for (const f of ['softmax', 'logSoftmax'] as readonly RowName[])
      each(wide, (x, dtype) => {
        const said = reference.rows(f, raw(x))
        const size = f === 'softmax' ? said : Array.from(said, (v) => 1 + Math.abs(v))
        return close(dtype, engine.rows(f, raw(x)), said, 64, size)
      })
    const cotangents = (dtype: Float) =>
      fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 9 })).chain(([m, n]) => {
        const some = fc.double({ min: -9, max: 9, noNaN: true })
        return fc.tuple(
          tensorOf([m, n], some, dtype),
          tensorOf([m, n], fc.double({ min: -40, max: 40, noNaN: true }), dtype),
        )
      })
    for (const dtype of formats)
      check(cotangents(dtype), ([d, x]) => {
        const y = fresh(x.shape, reference.rows('softmax', raw(x)))
        const said = reference.softmaxPullback(raw(d), raw(y))
        const size = toArray(y).map((share) => 40 * share)
        return layouts(d as Tensor).every(([, c]) =>
          layouts(y as Tensor).every(([, z]) => close(dtype, engine.softmaxPullback(raw(c), raw(z)), said, 8, size)),
        )
      })
    each(wide, (x, dtype) => {
      const said = reference.logSumExp(raw(x))
      return close(
        dtype,
        engine.logSumExp(raw(x)),
        said,
        64,
        Array.from(said, (v) => 1 + Math.abs(v)),
      )
    })
    each(wide, (x, dtype) => close(dtype, engine.rows('cumsum', raw(x)), reference.rows('cumsum', raw(x)), 0))
    each(wide, (x) => x.shape.at(-1) === 0 || close('float64', engine.argmax(raw(x)), reference.argmax(raw(x)), 0))
  })

  t.test(`${engine.name}: cross entropy`, async () => {
    const cases = (dtype: Float) =>
      fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 11 })).chain(([m, n]) => {
        const at = fc.array(fc.nat(n - 1), { minLength: m, maxLength: m })
        return fc.tuple(
          tensorOf([m, n], special, dtype),
          at.map((ids) => fromArray(ids, [m], 'int32')),
          tensorOf([m], fc.double({ min: -9, max: 9, noNaN: true }), dtype),
        )
      })
    for (const dtype of formats)
      check(cases(dtype), ([x, labels, d]) => {
        const said = reference.crossEntropy(raw(x), raw(labels))
        const back = reference.crossEntropyPullback(raw(x), raw(labels), raw(d))
        return layouts(x as Tensor).every(
          ([, y]) =>
            close(dtype, engine.crossEntropy(raw(y), raw(labels)), said, 8) &&
            close(
              dtype,
              engine.crossEntropyPullback(raw(y), raw(labels), raw(d)),
              back,
              64,
              Array.from(back, () => 10),
            ),
        )
      })
  })

  const sides = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(1, 31, 33))
  const factors = (dtype: Float) =>
    fc
      .tuple(fc.integer({ min: 0, max: 2 }), sides, fc.oneof(sides, fc.constantFrom(255, 257, 300)), sides)
      .map(([l, m, k, n]) => {
        const draw = (name: string, shape: readonly number[]) =>
          random.normal(random.foldIn(random.key(m * 1000 + n), name), shape, dtype) as Tensor
        const lead = l === 0 ? [] : [l]
        return [draw('a', [...lead, m, k]), draw('b', [...lead, k, n]), draw('c', [n])] as const
      })
  const largest = (x: Data, scale: number): readonly number[] => Array.from(x, () => scale)

  t.test(`${engine.name}: products`, async () => {
    for (const dtype of formats)
      check(factors(dtype), ([a, b]) => {
        const said = reference.matmul(raw(a), raw(b))
        const k = a.shape.at(-1) as number
        return layouts(a).every(([, p]) =>
          layouts(b).every(([, q]) =>
            close(dtype, engine.matmul(raw(p), raw(q)), said, 16, largest(said, 4 * Math.sqrt(k + 1))),
          ),
        )
      })
  })

  t.test(`${engine.name}: affine maps`, async () => {
    for (const dtype of formats)
      check(factors(dtype), ([x, V, b]) => {
        if (x.shape.length !== 2) return true
        const W = op.transpose(V)
        const said = reference.affine(raw(x), raw(W), raw(b))
        const k = x.shape.at(-1) as number
        return layouts(x).every(([, p]) =>
          close(dtype, engine.affine(raw(p), raw(W), raw(b)), said, 16, largest(said, 4 * Math.sqrt(k + 1))),
        )
      })
  })

  t.test(`${engine.name}: windows`, async () => {
    const values = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY))
    for (const dtype of formats) {
      const cases = fc.tuple(slidings, fc.constantFrom(1, 3, 16)).chain(([sliding, wide]) => {
        const {
          image: [n, h, w, c],
          kernel,
          ...options
        } = sliding
        const image = [n, h, w, wide * c] as const
        const [window, counts] = windowing('windows', kernel, options)(image)
        const rows = [n * counts[0] * counts[1], kernel[0] * kernel[1] * wide * c]
        const inside = ([0, 1] as const).flatMap((i) => insideCounts(image[i + 1] as number, counts[i], window, i))
        const covered = !inside.includes(0)
        return fc.tuple(
          tensorOf(image, values, dtype),
          tensorOf(rows, fc.integer(), dtype),
          fc.constant({ window, covered }),
        )
      })
      const same = (found: Data, said: Data) => close(dtype, found, said, 0)
      check(
        cases,
        ([x, d, { window, covered }]) =>
          layouts(x as Tensor).every(([, y]) => {
            if (!same(engine.im2col(raw(y), window), reference.im2col(raw(y), window))) return false
            const [found, said] = covered ? [engine, reference].map((e) => e.maxPool(raw(y), window)) : [[], []]
            return (found as Data[]).every((data, i) => same(data, said?.[i] as Data))
          }) &&
          layouts(d as Tensor).every(([, y]) =>
            close(
              dtype,
              engine.col2im(raw(y), window, x.shape),
              reference.col2im(raw(y), window, x.shape),
              16,
              largest(reference.col2im(raw(y), window, x.shape), 2 ** 31),
            ),
          ),
      )
    }
  })

  t.test(`${engine.name}: convolutions`, async () => {
    const draw = (name: string, shape: Shape, dtype: Float) =>
      random.normal(random.foldIn(random.key(1), name), shape, dtype) as Tensor
    /** Groups, channels of each, and kernels of each; most often with a kernel for each channel if there are groups. */
    const kinds = fc.oneof(
      fc.tuple(fc.constant(1), fc.constant(3), fc.integer({ min: 0, max: 9 })),
      fc.tuple(fc.integer({ min: 2, max: 3 }), fc.constantFrom(1, 3), fc.integer({ min: 0, max: 3 })),
      fc.tuple(fc.integer({ min: 2, max: 9 }), fc.constant(1), fc.constant(1)),
    )
    const pixels = slidings.map((s) => ({ ...s, kernel: [1, 1] as const, stride: 1, dilation: 1, padding: 0 }))
    const any = fc.oneof({ weight: 5, arbitrary: slidings }, { weight: 1, arbitrary: pixels })
    for (const dtype of formats)
      check(fc.tuple(any, fc.constantFrom(1, 40), kinds), ([sliding, more, [groups, wide, kernels]]) => {
        const { image, kernel, ...options } = sliding
        const [part, out] = [wide * image[3], groups * kernels]
        const shape = [more * image[0], image[1], image[2], groups * part] as const
        const [window, counts] = windowing('windows', kernel, options)(shape)
        const size = kernel[0] * kernel[1] * part
        const x = draw('x', shape, dtype)
        const [W, b] = [draw('W', [out, size], dtype), draw('b', [out], dtype)]
        const d = draw('d', [shape[0] * counts[0] * counts[1], out], dtype)
        const alike = (run: (e: KernelsOfAllSets) => Data, terms: number): boolean => {
          const said = run(reference)
          return close(dtype, run(engine), said, 16, largest(said, 6 * Math.sqrt(terms + 1)))
        }
        return layouts(x).every(
          ([, y]) =>
            alike((e) => e.convolve(raw(y), raw(W), raw(b), window, groups), size) &&
            alike((e) => e.convolveToImages(raw(d), raw(W), window, shape, groups), out * kernel[0] * kernel[1]) &&
            alike((e) => e.convolveToKernels(raw(d), raw(y), window, groups), d.shape[0] as number),
        )
      })
  })

  const flat = (data: Data): Raw => raw(fresh([data.length], data as Float64Array))
  /** The program of one kernel: places of the arguments' buffers, and the call, which is found by making it. */
  const programOf = (
    xs: readonly Raw[],
    said: Data,
    run: (e: KernelsOfAllSets, ...xs: readonly Raw[]) => Data,
  ): Program => {
    const placeOf = (id: number, data: Data): Place => ({ id, dtype: dtypeOfData(data), length: data.length })
    const [inputs, output] = [xs.map((x, i) => placeOf(i, x.buffer)), placeOf(xs.length, said)]
    const views = xs.map(({ shape, stride, offset, size, dtype }, i) => {
      const place = inputs[i] as Place
      return { place, shape, stride, offset, size, dtype } satisfies PlaceView
    })
    const calls: KernelCall[] = []
    const call =
      (kernel: Kernel) =>
      (...args: readonly unknown[]) =>
        calls.push({ kernel, args, results: [output], path: [] })
    run(new Proxy({}, { get: (_, name) => call(name as Kernel) }) as KernelsOfAllSets, ...(views as unknown as Raw[]))
    return { _tag: 'Program', inputs, constants: [], calls, outputs: [output], carried: [] }
  }
  /** A kernel's result outside of a step, within one, within one on views of results, and by a program. */
  const everywhere = (
    xs: readonly Raw[],
    said: Data,
    run: (e: KernelsOfAllSets, ...xs: readonly Raw[]) => Data,
  ): readonly Data[] => {
    const resident = (x: Raw): Raw =>
      raw(view(engine.copy(flat(x.buffer)) as Float64Array, x.shape, x.stride, x.offset))
    const loaded = engine.load(programOf(xs, said, run), loaders)
    const byProgram = (): Data => {
      const session = loaded.open()
      if (session === undefined) throw new Error('no room')
      xs.forEach((x, i) => {
        session.write(i, flat(x.buffer))
      })
      session.run([])
      return session.read(0)
    }
    return [
      run(engine, ...xs),
      engine.scope((keep) => keep(flat(run(engine, ...xs)))),
      engine.scope((keep) => keep(flat(run(engine, ...xs.map(resident))))),
      byProgram(),
    ]
  }
  /** True if the bits are those of the reference, everywhere. */
  const moved = (xs: readonly Raw[], run: (e: KernelsOfAllSets, ...xs: readonly Raw[]) => Data): boolean => {
    const said = run(reference, ...xs)
    return everywhere(xs, said, run).every((found) => dtypeOfData(found) === dtypeOfData(said) && same(found, said))
  }
  const same = (found: Data, said: Data): boolean =>
    found.length === said.length && said.every((v: number, i: number) => Object.is(v, found[i]))
  const indices = (shape: Shape, n: number): fc.Arbitrary<Raw> => viewOf(shape, 'int32', fc.nat(n - 1))
  const eachFormat = <A>(make: (dtype: DType) => fc.Arbitrary<A>, holds: (a: A) => boolean): void => {
    for (const dtype of ['float32', 'float64', 'int32'] as const) check(make(dtype), holds, 30)
  }

  t.test(`${engine.name}: entries that move`, async (t) => {
    eachFormat(
      (dtype) => shapes({ maxLength: 5 }).chain((s) => viewOf(s, dtype, special)),
      (x) => moved([x], (e, y) => e.copy(y)),
    )
    const wide = fc.constantFrom<Shape[]>([8, 4], [9, 7], [16, 33], [3, 100], [2, 9, 12], [5, 2, 8, 3], [1, 70, 1])
    eachFormat(
      (dtype) => wide.chain((s) => viewOf(s, dtype, special)),
      (x) => moved([x], (e, y) => e.copy(y)),
    )
    for (const dtype of formats)
      check(
        wide.chain((s) => viewOf(s, dtype, special)),
        (x) => moved([x], (e, y) => e.map('neg', y)),
      )
    const axes = Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 1 : 2))
    const many = raw(random.normal(random.key(1), axes))
    const turned = raw(
      view(
        many.buffer as Float64Array,
        axes,
        [...many.stride].reverse().map((s) => s / 2),
        0,
      ),
    )
    t.ok(
      moved([turned], (e, y) => e.copy(y)),
      'along 32 axes',
    )
  })

  t.test(`${engine.name}: other number formats`, async () => {
    const edges = [
      2 ** 31,
      -(2 ** 31),
      -(2 ** 31) - 1,
      2 ** 32,
      2 ** 53 + 2,
      1e20,
      -1e20,
      1e300,
      2.5,
      -0.5,
      2 ** 24 + 1,
    ]
    const values = fc.oneof(special, fc.constantFrom(...edges), fc.integer())
    for (const to of ['float32', 'float64', 'int32'] as const)
      eachFormat(
        (dtype) => shapes({ maxLength: 5 }).chain((s) => viewOf(s, dtype, values)),
        (x) => moved([x], (e, y) => e.cast(y, to)),
      )
  })

  t.test(`${engine.name}: rows by index`, async () => {
    const rows = fc.oneof(shapes({ maxLength: 3 }), fc.constantFrom([70], [3, 30]))
    const cases = (dtype: DType) =>
      fc
        .tuple(fc.integer({ min: 1, max: 5 }), shapes({ maxLength: 2 }), rows)
        .chain(([n, lead, row]) =>
          fc.tuple(
            viewOf([n, ...row], dtype, special),
            indices(lead, n),
            viewOf([...lead, ...row], dtype, dtype === 'int32' ? fc.integer() : fc.integer({ min: -99, max: 99 })),
            fc.constant(n),
          ),
        )
    eachFormat(cases, ([x, index]) => moved([x, index], (e, y, i) => e.gather(y, i as Raw)))
    eachFormat(cases, ([, index, d, n]) => moved([d, index], (e, c, i) => e.scatterAdd(c, i as Raw, n)))
  })

  t.test(`${engine.name}: entries by index`, async () => {
    const cases = (dtype: DType) =>
      fc
        .tuple(shapes({ maxLength: 4 }), fc.integer({ min: 1, max: 5 }))
        .chain(([lead, n]) =>
          fc.tuple(
            viewOf([...lead, n], dtype, special),
            indices(lead, n),
            viewOf(lead, dtype, special),
            fc.constant(n),
          ),
        )
    eachFormat(cases, ([x, index]) => moved([x, index], (e, y, i) => e.pick(y, i as Raw)))
    eachFormat(cases, ([, index, d, n]) => moved([d, index], (e, c, i) => e.place(c, i as Raw, n)))
    const several = (dtype: DType) =>
      fc
        .tuple(shapes({ maxLength: 3 }), fc.integer({ min: 1, max: 5 }), fc.nat(4))
        .chain(([lead, n, k]) =>
          fc.tuple(
            viewOf([...lead, n], dtype, special),
            indices([...lead, k], n),
            viewOf([...lead, k], dtype, fc.integer({ min: -99, max: 99 })),
            fc.constant(n),
          ),
        )
    eachFormat(several, ([x, index]) => moved([x, index], (e, y, i) => e.takeAlong(y, i as Raw)))
    for (const dtype of formats)
      check(several(dtype), ([, index, d, n]) => moved([d, index], (e, c, i) => e.putAlong(c, i as Raw, n)))
    const few = fc.constantFrom(0, -0, 1, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
    eachFormat(
      (dtype) => shapes({ minLength: 1, maxLength: 5 }).chain((s) => viewOf(s, dtype, fc.oneof(few, fc.integer()))),
      (x) => moved([x], (e, y) => e.argmax(y)) && moved([x], (e, y) => e.argsort(y)),
    )
  })

  t.test(`${engine.name}: parts of a whole`, async () => {
    eachFormat(
      (dtype) =>
        fc
          .tuple(shapes({ minLength: 1, maxLength: 5 }), fc.nat(4), fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }))
          .chain(([s, at, sizes]) => {
            const axis = at % s.length
            const parts = sizes.map((n) => viewOf(s.with(axis, n), dtype, special))
            return fc.tuple(fc.tuple(...parts), fc.constant(axis))
          }),
      ([xs, axis]) => moved(xs, (e, ...ys) => e.concat(ys, axis)),
    )
    eachFormat(
      (dtype) =>
        fc
          .tuple(shapes({ maxLength: 5 }), fc.array(fc.constantFrom(1, 2, -1, -2), { minLength: 5, maxLength: 5 }))
          .chain(([s, steps]) => fc.tuple(viewOf(s, dtype, special), fc.constant(steps))),
      ([x, steps]) => {
        const shape = x.shape.map((n, i) => n * Math.abs(steps[i] as number) + i)
        const step = stridesOf(shape)
        const stride = step.map((n, i) => n * (steps[i] as number))
        const offset = step.reduce((p, n, i) => ((steps[i] as number) < 0 ? p + n * ((shape[i] as number) - 1) : p), 0)
        return moved([x], (e, y) => e.padTo(y, shape, { shape: x.shape, stride, offset }))
      },
    )
  })

  t.test(`${engine.name}: products of no terms`, async (t) => {
    for (const dtype of formats) {
      const [a, b] = [full([2, 3, 0], 1, dtype), full([2, 0, 2], 1, dtype)].map(raw)
      t.ok(
        moved([a as Raw, b as Raw], (e, p, q) => e.matmul(p, q as Raw)),
        dtype,
      )
    }
  })

  t.test(`${engine.name}: within a step no kernel changes the result of another`, async (t) => {
    const draw = (name: string, shape: Shape, dtype: Float) =>
      raw(random.normal(random.foldIn(random.key(2), name), shape, dtype))
    const view = (data: Data, shape: Shape): Raw => raw(fresh(shape, data as Float64Array))
    for (const dtype of formats)
      for (let n = 1; n < 24; n++) {
        const rows = draw('rows', [3, n], dtype)
        const images = draw('images', [2, n, n + 1, 1], dtype)
        const [kernels, bias] = [draw('kernels', [n, 4], dtype), draw('bias', [n], dtype)]
        const [ones, widths] = [raw(full([3], 1, dtype)), raw(full([n], 1, dtype))]
        const byRow = { blocks: 3, groups: 1, centered: true, epsilon: 1 }
        const byColumn = { blocks: 1, groups: n, centered: true, epsilon: 1 }
        const labels = raw(fromArray([0, n - 1, 0], [3], 'int32'))
        const order = raw(
          fromArray(
            [...Array(3 * n).keys()].map((i) => i % n),
            [3, n],
            'int32',
          ),
        )
        const picked = raw(fromArray([2, 0, 2], [3], 'int32'))
        const turned = raw(op.transpose(fresh([3, n], rows.buffer as Float64Array)))
        const window = { kernel: [2, 2], stride: [1, 2], dilation: [1, 1], padding: [1, 1, 1, 1] } as const
        const [down, right] = windowCounts(images.shape, window)
        const d = draw('d', [2 * down * right, n], dtype)
        const channels = draw('channels', [2, n, n + 1, n], dtype)
        const kernelsOf = (e: KernelsOfAllSets) => ({
          softmax: () => [e.rows('softmax', rows)],
          logSoftmax: () => [e.rows('logSoftmax', rows)],
          softmaxPullback: () => [e.softmaxPullback(rows, view(e.rows('softmax', rows), [3, n]))],
          logSumExp: () => [e.logSumExp(rows)],
          cumsum: () => [e.rows('cumsum', rows)],
          crossEntropy: () => [e.crossEntropy(rows, labels)],
          crossEntropyPullback: () => [e.crossEntropyPullback(rows, labels, view(e.logSumExp(rows), [3]))],
          moments: () => [...e.moments(rows, byRow), ...e.moments(rows, byColumn)],
          normalize: () => [
            e.normalize(rows, bias, bias, ones, ones, byRow),
            e.normalize(rows, bias, bias, bias, widths, byColumn),
          ],
          normalizePullback: () => [
            ...e.normalizePullback(rows, rows, bias, ones, ones, byRow),
            ...e.normalizePullback(rows, rows, bias, bias, widths, byColumn),
          ],
          exp: () => [e.map('exp', rows)],
          sum: () => [e.sum(rows, 1), e.sum(turned, 1)],
          im2col: () => [e.im2col(images, window)],
          maxPool: () => e.maxPool(images, window),
          convolve: () => [e.convolve(images, kernels, bias, window, 1)],
          convolveToImages: () => [e.convolveToImages(d, kernels, window, images.shape, 1)],
          convolveToKernels: () => [e.convolveToKernels(d, images, window, 1)],
          depthwise: () => [e.convolve(channels, kernels, bias, window, n)],
          depthwiseToImages: () => [e.convolveToImages(d, kernels, window, channels.shape, n)],
          depthwiseToKernels: () => [e.convolveToKernels(d, channels, window, n)],
          product: () => [e.matmul(rows, turned)],
          uniform: () => [e.uniform(1, 2, n, dtype)],
          copy: () => [e.copy(turned)],
          cast: () => (['float32', 'float64', 'int32'] as const).map((to) => e.cast(rows, to)),
          gather: () => [e.gather(rows, picked)],
          scatterAdd: () => [e.scatterAdd(rows, picked, 3)],
          pick: () => [e.pick(rows, labels)],
          place: () => [e.place(ones, labels, n)],
          takeAlong: () => [e.takeAlong(rows, order)],
          putAlong: () => [e.putAlong(rows, order, n)],
          concat: () => [e.concat([turned, turned], 0), e.concat([turned, turned], 1)],
          padTo: () => [e.padTo(rows, [5, n + 2], { shape: [3, n], stride: [n + 2, 1], offset: n + 3 })],
          argmax: () => [e.argmax(rows)],
          argsort: () => [e.argsort(rows)],
        })
        const said = Object.values(kernelsOf(reference)).flatMap((kernel) => [...kernel()])
        for (const region of ['one', 'other'])
          engine.scope(() => {
            const before = [rows, images, channels, kernels, bias, d].map((x) => ({
              x,
              data: engine.map('scale', x, 1),
            }))
            const found = Object.entries(kernelsOf(engine)).flatMap(([name, kernel]) =>
              [...kernel()].map((data) => ({ name, data })),
            )
            const whole = before.every(({ x, data }) => data.every((v, i) => v === x.buffer[i]))
            t.ok(whole, `${dtype} ${n}, ${region} region: what was there before`)
            for (const [i, { name, data }] of found.entries()) {
              const right = said[i] as Data
              const alike = data.every(
                (v, j) => Math.abs(v - (right[j] as number)) < 1e-3 * (1 + Math.abs(right[j] as number)),
              )
              if (!alike || data.length !== right.length) t.fail(`${dtype} ${n}, ${region} region: ${name}`)
            }
            return 0
          })
      }
  })

  t.test(`${engine.name}: infinities and NaN pass through products`, async (t) => {
    const a = fromArray([1, Number.POSITIVE_INFINITY, Number.NaN, 2], [2, 2]) as Tensor
    const b = fromArray([1, 0, 0, 1], [2, 2]) as Tensor
    t.same([...engine.matmul(raw(a), raw(b))], [...reference.matmul(raw(a), raw(b))])
  })

  t.test(`${engine.name}: normalization`, async () => {
    const values = fc.double({ min: -3, max: 3, noNaN: true })
    const side = fc.integer({ min: 1, max: 4 })
    const many = fc.integer({ min: 0, max: 7 })
    for (const dtype of formats)
      for (const centered of [true, false]) {
        const row = fc.tuple(many, fc.constant(1), fc.constant(1), many)
        const sizes = centered ? fc.oneof(row, fc.tuple(many, side, many, side)) : row
        const cases = sizes.chain(([blocks, rows, groups, width]) => {
          const shape = [blocks * rows, groups * width]
          return fc.tuple(
            tensorOf(shape, values, dtype),
            tensorOf(shape, values, dtype),
            tensorOf([groups * width], values, dtype),
            tensorOf([blocks * groups], centered ? values : fc.constant(0), dtype),
            tensorOf([blocks * groups], fc.double({ min: 1, max: 9, noNaN: true }), dtype),
            fc.constant({ blocks, groups, centered, epsilon: 0.1 }),
          )
        })
        check(cases, ([x, d, scale, mean, variance, o]) => {
          const alike = (found: Data, said: Data, size: number) => close(dtype, found, said, 16, largest(said, size))
          const [s, m, v] = [raw(scale), raw(mean), raw(variance)]
          const moments = reference.moments(raw(x), o)
          const y = reference.normalize(raw(x), s, s, m, v, o)
          const back = reference.normalizePullback(raw(d), raw(x), s, m, v, o)
          return layouts(x as Tensor).every(
            ([, z]) =>
              engine.moments(raw(z), o).every((found, i) => alike(found, moments[i] as Data, 100)) &&
              alike(engine.normalize(raw(z), s, s, m, v, o), y, 50) &&
              engine
                .normalizePullback(raw(d), raw(z), s, m, v, o)
                .every((found, i) => alike(found, back[i] as Data, 500)),
          )
        })
      }
  })

  t.test(`${engine.name}: Adam`, async () => {
    const moments = { b1: 0.9, b2: 0.999, eps: 1e-8, c1: 0.1, c2: 0.001, keep: 0.9, rate: -0.1 }
    const positive = fc.double({ min: 0.01, max: 10, noNaN: true })
    for (const dtype of formats)
      check(
        shapes().chain((s) =>
          fc.tuple(
            tensorOf(s, positive, dtype),
            tensorOf(s, positive, dtype),
            tensorOf(s, positive, dtype),
            tensorOf(s, positive, dtype),
          ),
        ),
        ([g, mu, nu, p]) => {
          const said = reference.adam(raw(g), raw(mu), raw(nu), raw(p), moments)
          return layouts(g as Tensor).every(([, h]) =>
            engine
              .adam(raw(h), raw(mu), raw(nu), raw(p), moments)
              .every((found, i) => close(dtype, found, said[i] as Data, 16)),
          )
        },
      )
  })

  t.test(`${engine.name}: random numbers are the same bits`, async (t) => {
    const word = fc.nat(2 ** 32 - 1)
    check(
      fc.tuple(word, word, word, fc.constantFrom(0, 7, 2 ** 32 - 3, 2 ** 32 - 1), fc.nat(9)),
      ([k0, k1, high, low, n]) => {
        const [found, said] = [engine, reference].map((e) => e.threefry(k0, k1, high, low, n)) as [
          Uint32Array,
          Uint32Array,
        ]
        return found.length === said.length && found.every((v, i) => v === said[i])
      },
    )
    for (const dtype of formats)
      check(fc.tuple(word, word, fc.nat(9)), ([k0, k1, n]) =>
        close(dtype, engine.uniform(k0, k1, n, dtype), reference.uniform(k0, k1, n, dtype), 0),
      )
    t.equal(engine.threefry(0, 0, 0, 0, 0).length, 0)
  })
}
