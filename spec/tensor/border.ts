// Where data come in from outside: what is no number, no shape or no tensor is refused with a sentence, and quickly.
import vm from 'node:vm'
import fc from 'fast-check'
import ndarray from 'ndarray'
import {
  cast,
  decodeIdx,
  engine,
  eqTensor,
  examples,
  fromArray,
  fromNdarray,
  fromNested,
  full,
  init,
  isTensor,
  key,
  linear,
  ones,
  op,
  predict,
  random,
  range,
  shaped,
  show,
  showTensor,
  toArray,
  toNdarray,
  toNested,
  tree,
  unsafeFromBuffer,
  useEngine,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import { TensorError } from '../../lib/error/tensorError.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { check } from '../support/property.ts'

type Loose = (...args: readonly unknown[]) => unknown
/** A function as plain JavaScript may call it. */
const loose = (f: unknown): Loose => f as Loose
/** True if a call ends in an error of the library; otherwise how it ends. */
const refusal = (run: () => unknown): unknown => {
  try {
    run()
    return 'no error'
  } catch (e) {
    return e instanceof TensorError || e
  }
}

t.test('no other value becomes a number', async (t) => {
  const list = loose(fromArray)
  const array = (data: readonly unknown[]) => loose(fromNdarray)(ndarray(data as number[]))
  for (const [given, said] of [
    [null, 'null'],
    [undefined, 'undefined'],
    ['', "''"],
    ['2', "'2'"],
    [true, 'true'],
    [2n, '2n'],
    [[2], 'an array'],
    [Symbol('two'), 'Symbol(two)'],
  ] as const) {
    const message = new RegExp(`: expected a number at index 1, got ${said.replace(/[()]/g, '\\$&')}`)
    t.throws(() => list([5.1, given, 4.9], [3]), { name: 'ValueError', message })
    for (const dtype of ['float64', 'int32']) t.throws(() => list([5, given, 4], [3], dtype), { message })
    t.throws(() => array([5.1, given, 4.9]), { name: 'ValueError', message })
    t.equal(
      refusal(() => loose(fromNested)([5.1, given])),
      true,
    )
    t.equal(
      refusal(() => loose(full)([2], given)),
      true,
    )
    for (const f of [op.scale, op.shift])
      t.equal(
        refusal(() => loose(f)(ones([2]), given)),
        true,
      )
  }
  t.throws(() => list(new Array(3).fill(1, 0, 1), [3]), /a number at index 1, got undefined/)
  t.throws(() => list([[1], [2]], [2]), /got an array; fromNested takes nested arrays/)
  t.throws(() => list(BigInt64Array.of(1n), [1]), /fromArray: expected an array of numbers, got BigInt64Array/)
  for (const given of [undefined, null, 3, 'text', new ArrayBuffer(4), new DataView(new ArrayBuffer(4))])
    t.throws(() => list(given, [1]), /fromArray: expected an array of numbers, got /)
  t.throws(() => loose(fromNested)([1, '2']), /expected a number at \[1\], got '2'/)
  t.same(toArray(fromArray({ length: 2, 0: 1, 1: 2 }, [2])), [1, 2], 'what has a length and numbers will do')
  t.same(toArray(fromArray([Number.NaN, Number.POSITIVE_INFINITY], [2])), [Number.NaN, Number.POSITIVE_INFINITY])
})

t.test('an ndarray that reaches beyond its array', async (t) => {
  const data = Float32Array.of(1, 2, 3)
  for (const [shape, stride, offset] of [
    [[4], [1], 0],
    [[2], [2], 2],
    [[3], [-1], 1],
    [[2], [0.5], 0],
    [[2, 2], [1], 0],
  ] as const)
    t.throws(
      () => loose(fromNdarray)({ data, shape, stride, offset, dtype: 'float32' }),
      /fromNdarray: expected a layout within the 3 numbers of the array, got shape \[/,
    )
  for (const given of [undefined, null, 3, [1, 2], {}, data])
    t.throws(() => loose(fromNdarray)(given), /fromNdarray: expected an ndarray, got /)
})

t.test('arrays of another realm are arrays', async (t) => {
  const foreign = (code: string) => vm.runInNewContext(code)
  for (const [type, dtype] of [
    ['Float32Array', 'float32'],
    ['Float64Array', 'float64'],
    ['Int32Array', 'int32'],
  ] as const) {
    const data = foreign(`${type}.of(1, -2, 3)`)
    for (const x of [unsafeFromBuffer(data, [3]), fromArray(data, [3]), fromNdarray(ndarray(data))])
      t.same([x.dtype, toArray(x), toArray(cast(x, 'float64'))], [dtype, [1, -2, 3], [1, -2, 3]], type)
    const shared = unsafeFromBuffer(data, [3])
    data[0] = 9
    t.equal(toArray(shared)[0], 9, 'and not copied')
  }
  t.same(toNested(fromNested(foreign('[[1, 2], [3, 4]]'))), [
    [1, 2],
    [3, 4],
  ])
  t.same(zeros(foreign('[2, 3]')).shape, [2, 3])
  const read = decodeIdx(foreign('Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)'))
  t.same(E.isRight(read) && toArray(fromNdarray(read.right)), [7, 9])
  t.equal(
    refusal(() => loose(unsafeFromBuffer)({ length: 1, 0: 1, [Symbol.toStringTag]: 'Float32Array' }, [1])),
    true,
  )
})

t.test('shapes are not kept by reference', async (t) => {
  const shape = [2]
  const k = key(0)
  const made = [
    zeros(shape),
    ones(shape),
    full(shape, 2),
    fromArray([1, 2], shape),
    unsafeFromBuffer(Float32Array.of(1, 2), shape),
    fromNdarray(ndarray([1, 2], shape)),
    op.reshape(ones([2]), shape as never),
    op.broadcast(ones([1]), shape),
    random.uniform(k, shape),
    random.uniform(k, shape, { min: 1, max: 2 }),
    random.normal(k, shape),
    random.bernoulli(k, 0.5, shape),
    random.truncatedNormal(k, shape),
  ]
  shape.push(3)
  for (const [i, x] of made.entries()) t.same([x.shape, x.size], [[2], 2], `${i}`)
})

t.test('a tensor is not written to', async (t) => {
  const x = fromNested([
    [1, 2],
    [3, 4],
  ])
  type Writable = ReturnType<typeof ndarray> & { readonly data: Float32Array }
  const plain = x as unknown as Writable
  const parts = [plain, plain.pick(0, -1), plain.lo(1, 0), plain.hi(1, 2), plain.step(-1, 1), plain.transpose(1, 0)]
  for (const part of parts) {
    t.ok(isTensor(part))
    t.throws(
      () => part.set(0, 0, 9),
      /set: expected no writes, since tensors are immutable, got a new entry; make another/,
    )
  }
  t.same(
    parts.map((part) => part.get(0, 0)),
    [1, 1, 3, 1, 3, 1],
  )
  t.same(toNested(x), [
    [1, 2],
    [3, 4],
  ])
  t.throws(() => plain.hi(3, 3), /expected a part of the tensor, got \[3, 3\]; use op.slice/)
})

t.test('isTensor holds for tensors only', async (t) => {
  const x = ones([2])
  const copies = [structuredClone({ ...x }), JSON.parse(JSON.stringify(x)), { ...x }]
  for (const none of [
    { dtype: 'x' },
    { dtype: 'float32', shape: [2] },
    ndarray([1]),
    toNdarray(x),
    null,
    'x',
    ...copies,
  ])
    t.notOk(isTensor(none))
  vjp((y: typeof x) => {
    t.ok(isTensor(y))
    return y
  })(x)
  for (const copy of copies)
    for (const f of [op.exp, tree.leaves, (copied: unknown) => examples({ input: copied as typeof x })])
      t.throws(
        () => loose(f)(copy),
        /got a copy of a tensor \[2\] without its methods; .*toBytes and fromBytes keep it/,
      )
  t.throws(() => loose(op.exp)(structuredClone(x)), /and revive restores a copy \[not-a-tensor\]$/)
  t.throws(() => loose(op.exp)(JSON.parse(JSON.stringify(x))), /and fromJSON reads it from its JSON \[not-a-tensor\]$/)
  const net = linear(2, 1)
  const kept = structuredClone(init(net, key(0)))
  t.throws(() => predict(net, kept, ones([1, 2])), /parameters at W: .*structuredClone lose what a tensor is: toBytes/)
  t.throws(
    () => loose(op.exp)(toNdarray(x)),
    /exp: expected a tensor, got an ndarray \[2\]; fromNdarray makes one of it/,
  )
})

t.test('errors name the function that was called and its argument', async (t) => {
  const two = ones([3, 0])
  for (const [f, said] of [
    [() => zeros([-1]), /^zeros: expected whole sizes that are not negative, got \[-1\]/],
    [() => ones([1.5]), /^ones: /],
    [() => loose(zeros)(3), /^zeros: expected a shape, which is an array of sizes, got 3; write \[3\]/],
    [() => loose(random.uniform)(key(0), 3), /^uniform: expected a shape, .*; write \[3\]/],
    [() => loose(zeros)(['2']), /^zeros: expected whole sizes that are not negative, got \['2'\]/],
    [() => loose(zeros)([2], 'f32'), /^zeros: expected float32, float64 or int32, got 'f32'/],
    [() => loose(zeros)([2], 'toString'), /^zeros: expected float32, float64 or int32, got 'toString'/],
    [() => op.gather(ones([2, 1]), fromNested([2], 'int32')), /^gather: expected indices from 0 to 1, got 2/],
    [
      () => loose(op.reshape)(ones([6]), [-1, -1]),
      /^reshape: expected one size that is left open by −1, got \[-1, -1\]/,
    ],
    [() => loose(op.reshape)(ones([6]), 6), /^reshape: expected a shape, .*; write \[6\]/],
    [() => op.max(two, [1]), /^max: expected at least one entry, got \[3, 0\]/],
    [() => op.max(op.transpose(two), [0]), /^max: expected at least one entry, got \[0, 3\]/],
    [() => op.argmax(op.transpose(two), 0), /^argmax: expected at least one entry, got \[0, 3\]/],
  ] as const)
    t.throws(f, { message: said })
})

t.test('an array that was transferred, and a long text', async (t) => {
  const data = Float32Array.of(1, 2)
  const x = unsafeFromBuffer(data, [2])
  structuredClone(data.buffer, { transfer: [data.buffer] })
  t.throws(() => toArray(x), /got one from within a step that has ended, or whose array was transferred/)
  t.throws(() => fromArray(data, [2]), /expected 2 numbers for \[2\], got 0/)
  t.throws(() => loose(fromArray)('x'.repeat(1000), [1]), /got 'x{57}…' \[wrong-argument\]$/)
  const around: { a?: unknown; readonly x: unknown } = { x: ones([1]) }
  around.a = { around }
  t.equal(show(around), 'x: float32 [1]\n[1]\na.around: a record around it')
})

const odd: readonly unknown[] = [
  undefined,
  null,
  3,
  -1,
  'a',
  true,
  10n,
  Symbol('s'),
  () => 1,
  {},
  Object.create(null),
  new Map(),
]
const unusual: readonly unknown[] = [[1, 2], ['a'], Float32Array.of(1), { dtype: 'float32' }, ndarray([1, 2])]

t.test('the library answers every mistake in the tensor argument of an operation', async (t) => {
  const [x, square] = [ones([2, 3]), ones([2, 2])]
  const image = ones([1, 4, 4, 1])
  const index = fromNested([0, 1], 'int32')
  const calls: readonly (readonly [unknown, readonly unknown[], tensors: number])[] = [
    ...[op.exp, op.relu, op.softmax, op.logSoftmax, op.logSumExp, op.sum, op.mean, op.max, op.argmax, op.transpose].map(
      (f) => [f, [x], 1] as const,
    ),
    ...[op.add, op.sub, op.mul, op.div, op.maximum].map((f) => [f, [x, x], 2] as const),
    [op.matmul, [square, square], 2],
    [op.affine, [x, x, ones([2])], 3],
    [op.where, [x, x, x], 3],
    [op.prelu, [x, ones([3])], 2],
    [op.gather, [x, index], 2],
    [op.pick, [x, index], 2],
    [op.reshape, [x, [6]], 2],
    [op.broadcast, [x, [2, 2, 3]], 2],
    [op.slice, [x, [0]], 1],
    [op.cast, [x, 'float64'], 2],
    [op.concat, [[x, x]], 1],
    [op.conv2d, [image, ones([1, 2, 2, 1]), ones([1])], 3],
    [op.maxPool2d, [image, 2], 1],
    [op.avgPool2d, [image, 2], 1],
    [toArray, [x], 1],
    [toNested, [x], 1],
    [toNdarray, [x], 1],
    [shaped, [x, [2, 3]], 2],
    [showTensor.show, [x], 1],
    [eqTensor.equals, [x, x], 2],
    [examples, [{ input: x }], 1],
  ]
  const asRecord = [op.cast] as readonly unknown[] // which takes records of tensors too
  for (const [f, args, tensors] of calls) {
    t.doesNotThrow(() => loose(f)(...args))
    for (let at = 0; at < tensors; at++)
      for (const given of [...odd, ...unusual]) {
        const plain = typeof given === 'object' && given !== null && Object.keys(given).length === 0
        if (asRecord.includes(f) && at === 0 && plain && !(given instanceof Map)) continue
        t.equal(
          refusal(() => loose(f)(...args.map((a, i) => (i === at ? given : a)))),
          true,
        )
      }
  }
})

const huge = 2 ** 32 - 1

t.test('empty tensors take no time, however many empty rows they have', async (t) => {
  const file = decodeIdx(Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 0))
  for (const kernels of [engine(), reference]) {
    const before = useEngine(kernels)
    const since = performance.now()
    const x = E.isRight(file) ? fromNdarray(file.right, 'float32') : zeros([huge, 1, 0])
    const back = (f: (y: typeof x) => typeof x) => {
      const [y, pullback] = vjp(f)(x)
      return [y.size, pullback(y)]
    }
    t.same(op.concat([x, x], 1).shape, [huge, 2, 0])
    t.same(back((y) => op.concat([y, y], 2))[0], 0)
    t.same(back((y) => op.slice(y, [[1, null]]) as typeof x)[0], 0)
    t.same(op.softmax(x).shape, [huge, 1, 0])
    t.same(op.matmul(x, zeros([huge, 0, 0])).shape, [huge, 1, 0])
    t.same(op.matmul(zeros([huge, 0, 2]), zeros([huge, 2, 0])).shape, [huge, 0, 0])
    t.same(op.maxPool2d(zeros([huge, 2, 2, 0]), 2).shape, [huge, 1, 1, 0])
    t.same(op.conv2d(zeros([huge, 2, 2, 0]), zeros([0, 2, 2, 0]), zeros([0])).shape, [huge, 1, 1, 0])
    t.same(toArray(op.transpose(x)), [])
    t.ok(eqTensor.equals(x, x) && show(x) === `float32 [${huge}, 1, 0]`)
    t.throws(() => toNested(x), /toNested: expected at most 1048576 rows without entries, got 4294967295/)
    t.throws(() => examples({ x }), /examples: expected at most 2147483647 examples/)
    t.ok(performance.now() - since < 5000)
    useEngine(before)
  }
  t.same(fromNdarray(ndarray([], [huge, 1, 0])).shape, [huge, 1, 0])
})

t.test('ranks and sizes are limited at the border', async (t) => {
  const many = new Array<number>(33).fill(1)
  let deep: unknown = 1
  for (let i = 0; i < 33; i++) deep = [deep]
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  t.equal(zeros(many.slice(1)).size, 1)
  for (const f of [
    () => zeros(many),
    () => fromArray([1], many),
    () => loose(fromNdarray)({ data: [1], shape: many, stride: many, offset: 0 }),
    () => loose(fromNested)(deep),
    () => loose(fromNested)(cyclic),
    () => random.uniform(key(0), many),
    () => op.reshape(ones([1]), many as never),
    () => op.broadcast(ones([1]), many),
  ])
    t.throws(f, /expected a shape of at most 32 axes, got 33/)
  t.throws(() => zeros([2 ** 40, 2 ** 40, 0]), /zeros: expected sizes whose product is below 2⁵³/)
  t.throws(() => range(0, huge, 1, 'int32'), /whole numbers of 32 bits/)
})

t.test('a reader returns a tensor or an error of the library for any value', async () => {
  const anything = fc.anything({
    withBigInt: true,
    withNullPrototype: true,
    withTypedArray: true,
    withSparseArray: true,
  })
  const sizes = fc.oneof(anything, fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 3 }))
  const answers = (run: () => unknown): boolean => {
    try {
      const made = run()
      return isTensor(made) && toArray(made).length === made.size
    } catch (e) {
      return e instanceof TensorError
    }
  }
  const view = fc.record({ data: anything, shape: sizes, stride: sizes, offset: anything }, { requiredKeys: [] })
  check(fc.tuple(anything, sizes, view), ([u, shape, array]) =>
    [
      () => loose(fromNested)(u),
      () => loose(fromArray)(u, shape),
      () => loose(unsafeFromBuffer)(u, shape),
      () => loose(fromNdarray)(u),
      () => loose(fromNdarray)(array),
    ].every(answers),
  )
})
