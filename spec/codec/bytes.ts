// States as bytes: every state comes back with every bit, equal states have equal bytes, and no damage goes unseen.
import fc from 'fast-check'
import * as io from 'io-ts'
import {
  adam,
  batchNorm,
  codecOf,
  compose,
  decodeSafetensors,
  dropout,
  encodeSafetensors,
  type FormatError,
  fromBytes,
  fromNested,
  init,
  isTensor,
  key,
  linear,
  named,
  op,
  relu,
  sgd,
  start,
  type Tensor,
  type Tree,
  toBytes,
  toTypedArray,
  tree,
  zeros,
} from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import * as T from '#fp/These'
import { readState } from '../../lib/codec/bytes.ts'
import { flatName } from '../../lib/codec/state.ts'
import { tensorOf } from '../arbitrary/tensor.ts'
import { treesOf } from '../arbitrary/tree.ts'
import { exportedFrom } from '../support/exported.ts'
import { missingOptimizers, optimizers } from '../support/optimizers.ts'
import { check } from '../support/property.ts'

const left = <A>(found: E.Either<FormatError, A>): FormatError => {
  if (E.isRight(found)) throw new Error('expected an error')
  return found.left
}
const right = <A>(found: E.Either<FormatError, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
const identical = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** True if two states are equal bit by bit, in the order of their names too. */
const same = (a: unknown, b: unknown): boolean => {
  if (isTensor(a) && isTensor(b))
    return (
      a.dtype === b.dtype &&
      `${a.shape}` === `${b.shape}` &&
      identical(new Uint8Array(toTypedArray(a).buffer), new Uint8Array(toTypedArray(b).buffer))
    )
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  const [x, y] = [Object.entries(a), Object.entries(b)]
  return (
    Array.isArray(a) === Array.isArray(b) &&
    x.length === y.length &&
    x.every(([name, v], i) => name === y[i]?.[0] && same(v, y[i]?.[1]))
  )
}
/** The same state with the names of its records in another order. */
const shuffled = (u: unknown): unknown =>
  isTensor(u) || typeof u !== 'object' || u === null
    ? u
    : Array.isArray(u)
      ? u.map(shuffled)
      : Object.fromEntries(
          Object.entries(u)
            .reverse()
            .map(([name, v]) => [name, shuffled(v)]),
        )

const names = [
  'W',
  'b',
  'a.b',
  'a',
  'b.c',
  '',
  '.',
  '\\',
  'then',
  '__proto__',
  'constructor',
  'toJSON',
  '0',
  '10',
  '9',
  '__metadata__',
]
const numbers = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('#', '##', '#tensor', '#NaN', '#x', '\ud800'))
const states: fc.Arbitrary<unknown> = treesOf(
  fc.oneof(
    tensorOf([2], numbers, 'float32'),
    tensorOf([0, 3]),
    tensorOf([], numbers),
    numbers,
    texts,
    fc.boolean(),
    fc.constantFrom(null, undefined),
  ) as never,
  names,
)

t.test('every state comes back with every bit', async (t) => {
  check(
    states,
    (state) => {
      const bytes = toBytes(state)
      const found = right(fromBytes(state)(bytes))
      return same(found, state) && identical(toBytes(found), bytes) && identical(toBytes(shuffled(state)), bytes)
    },
    1000,
  )
  const deep = Array.from({ length: 900 }).reduce((inner: Tree) => ({ a: inner }), zeros([1]))
  t.ok(same(right(fromBytes(deep)(toBytes(deep))), deep), 'one nine hundred deep')
})

t.test('names that differ only by dots stay distinct', async (t) => {
  t.equal(flatName(['L1', 'W']), 'L1.W')
  t.equal(flatName(['a.b', 'c\\']), 'a\\.b.c\\\\')
  const paths = fc.array(fc.string({ unit: fc.constantFrom('a', '.', '\\', '_') }), { minLength: 1, maxLength: 3 })
  check(
    fc.tuple(paths, paths),
    ([a, b]) => (flatName(a) === flatName(b)) === (JSON.stringify(a) === JSON.stringify(b)),
    2000,
  )
})

const net = compose(named('L1', linear(3, 4)), relu, batchNorm(4), dropout({ drop: 0.5 }), named('L2', linear(4, 2)))

t.test('the state of every optimizer', async (t) => {
  t.same(missingOptimizers(exportedFrom(/^optim\/(?!schedule)/)), [])
  const { params } = init(net, key(1))
  const gradient = tree.map(params, (x) => op.shift(op.scale(x as Tensor, 0.5), 0.01))
  for (const [name, optimizer] of Object.entries(optimizers)) {
    let run = start(net, optimizer, key(2))
    for (let k = 0; k < 3; k++) {
      const [, state] = optimizer.update(gradient, run.optimizer, run.params)
      run = { ...run, step: run.step + 1, optimizer: state }
    }
    const found = right(fromBytes(start(net, optimizer, key(0)))(toBytes(run)))
    t.ok(identical(toBytes(found), toBytes(run)), name)
  }
})

t.test('the content of a file, for other programs', async (t) => {
  const run = start(named('L1', linear(1, 1)), sgd(0.1, { momentum: 0.9 }), key(7))
  const { tensors, metadata } = right(decodeSafetensors(toBytes(run)))
  t.same(Object.keys(tensors), ['optimizer.0.velocity.L1.W', 'optimizer.0.velocity.L1.b', 'params.L1.W', 'params.L1.b'])
  t.match(metadata, { format: 'pullback', version: '1', crc32: /^[0-9a-f]{8}$/ })
  t.match(JSON.parse(metadata.state as string), { step: 0, key: [0, 7], params: { L1: { W: '#tensor' } } })
})

t.test('an io-ts codec describes a part of open structure', async (t) => {
  const run = start(net, adam(), key(0))
  const state = { run, history: { loss: [1, Number.NaN, -0] }, best: null as null | typeof run.params }
  const codec = io.type({
    run: codecOf(run),
    history: io.record(io.string, io.array(io.number)),
    best: io.union([io.null, codecOf(run.params)]),
  })
  for (const best of [null, run.params]) {
    const found = right(fromBytes(codec)(toBytes({ ...state, best })))
    t.ok(same(found.run, run) && same(found.history, state.history) && same(found.best, best))
  }
  const error = left(fromBytes(codec)(toBytes({ ...state, history: { loss: ['much'] } })))
  t.match(error.differences, [{ _tag: 'Invalid', path: 'history.loss.0', message: "expected number, got 'much'" }])
  const other = start(linear(2, 2), adam(), key(0))
  t.match(
    left(fromBytes(codec)(toBytes({ ...state, run: other }))).differences.map(({ path }) => path)[0],
    'run.params.',
    'the way to a difference goes through both',
  )
})

t.test('a file of another network is rejected with the names that differ', async (t) => {
  const saved = toBytes(init(compose(named('L1', linear(3, 5)), named('L3', linear(5, 2))), key(0)))
  const error = left(fromBytes(init(compose(named('L1', linear(3, 4)), named('L2', linear(4, 2))), key(0)))(saved))
  t.equal(error.reason, 'Mismatch')
  t.same(
    error.differences.map(({ _tag, path, message }) => `${_tag} ${path}: ${message}`),
    [
      'Extra params.L3.W: expected nothing, got float32 [2, 5]',
      'Extra params.L3.b: expected nothing, got float32 [2]',
      'WrongShape params.L1.W: expected float32 [4, 3], got float32 [5, 3]',
      'WrongShape params.L1.b: expected float32 [4], got float32 [5]',
      'Missing params.L2.W: expected float32 [2, 4], got nothing',
      'Missing params.L2.b: expected float32 [2], got nothing',
    ],
  )
  t.match(
    error.message,
    /^pullback: expected a state of the same structure, got one that differs: params.L3.W: expected/,
  )
  const formats = left(fromBytes(init(linear(1, 1), key(0)))(toBytes(init(linear(1, 1), key(0), { dtype: 'float64' }))))
  t.match(formats.differences[0], { _tag: 'WrongFormat', path: 'params.W' })
  const optimizer = left(fromBytes(start(net, sgd(0.1), key(0)))(toBytes(start(net, adam(), key(0)))))
  t.match(optimizer.differences[0]?.path, /^optimizer/)
  for (const [template, state, message] of [
    [{ a: 1 }, { a: '1' }, "expected a number, got '1'"],
    [{ a: 'x' }, { a: 1 }, 'expected a string, got 1'],
    [{ a: null }, { a: 1 }, 'expected null, got 1'],
    [{ a: 1 }, { a: null }, 'expected a number, got null'],
    [{ a: 1 }, { a: { b: 2 } }, 'expected a number, got the names b'],
    [{ a: zeros([1]) }, { a: 1 }, 'expected float32 [1], got 1'],
    [{ a: [1] }, { a: { 0: 1 } }, 'expected an array, got the names 0'],
    [{ a: true }, { a: 0 }, 'expected a boolean, got 0'],
    [{ a: undefined }, { a: 0 }, 'expected undefined, got 0'],
  ] as const)
    t.equal(left(fromBytes<unknown>(template)(toBytes(state))).differences[0]?.message, message)
  const parts = tree.load(
    init(compose(named('L1', linear(3, 5)), named('L2', linear(5, 9))), key(1)) as never,
    right(decodeSafetensors(saved)).tensors,
  )
  t.ok(T.isBoth(parts), 'those who want the parts that fit have them')
})

t.test('every flipped bit and every truncation is detected', async (t) => {
  const bytes = toBytes({ params: { W: fromNested([[1.5, -2]]), n: fromNested([3], 'int32') }, step: 3, note: 'ä' })
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const damaged = bytes.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7))
    if (E.isRight(readState(damaged))) t.fail(`bit ${bit}`)
  }
  for (let n = 0; n < bytes.length; n++) if (E.isRight(readState(bytes.slice(0, n)))) t.fail(`cut at ${n}`)
  t.ok(E.isRight(readState(bytes)))
  const numbers = bytes.slice()
  numbers[bytes.length - 1] = 1
  t.match(left(readState(numbers)), {
    reason: 'WrongChecksum',
    message:
      /^pullback at byte 34: expected the checksum [0-9a-f]{8} of its \d+ bytes, got [0-9a-f]{8}; the file is damaged/,
  })
  t.equal(left(readState(bytes.slice(0, -1))).reason, 'Truncated')
})

/** The bytes of a file as of another version of the library, or of a forger, with a checksum that fits. */
const forged = (metadata: Readonly<Record<string, string>>, tensors = {}): Uint8Array => {
  const draft = encodeSafetensors(tensors, { crc32: '00000000', ...metadata })
  const message = left(readState(draft)).message
  const sum = /the checksum ([0-9a-f]{8})/.exec(message)?.[1] as string
  return encodeSafetensors(tensors, { crc32: sum, ...metadata })
}

t.test('other files, and other versions', async (t) => {
  t.equal(left(readState(encodeSafetensors({ W: zeros([2]) }))).reason, 'OtherFormat')
  t.equal(left(readState(encodeSafetensors({}, { format: 'pt' }))).reason, 'OtherFormat')
  t.match(left(readState(forged({ format: 'pullback', state: 'null', version: '2' }))), {
    reason: 'OtherVersion',
    message:
      'pullback at byte 8: expected version 1 of the format, got 2; read it with the release of the library that wrote it, or a later one',
  })
  t.equal(right(readState(forged({ state: '1', version: '1' }))), 1)
  for (const [state, reason] of [
    ['', 'NotJson'],
    ['{', 'NotJson'],
    ['"#tensor"', 'BadState'],
    ['"#nan"', 'BadState'],
    ['{"a":"#tensor","b":"#tensor"}', 'BadState'],
    ['1', 'BadState'],
    [`${'['.repeat(5000)}${']'.repeat(5000)}`, 'TooDeep'],
  ] as const)
    t.equal(left(readState(forged({ state, version: '1' }, { a: zeros([1]) }))).reason, reason, state.slice(0, 40))
  t.same(Object.keys({}), [], 'nothing has polluted the prototype of objects')
  t.equal(({} as { readonly polluted?: unknown }).polluted, undefined)
  const hostile = right(readState(forged({ state: '{"__proto__":{"polluted":1}}', version: '1' })))
  t.equal((hostile as { readonly polluted?: unknown }).polluted, undefined)
})

t.test('values that are not a state are rejected by name', async (t) => {
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  for (const [state, message] of [
    [{ a: { f: () => 0 } }, /^toBytes at a.f: expected a tensor, a record, .*, got a function; leave the name out/],
    [{ a: new Map() }, /^toBytes at a: /],
    [{ a: new Date() }, /^toBytes at a: /],
    [{ a: Float32Array.of(1) }, /^toBytes at a: .*, got an array/],
    [{ a: 1n }, /^toBytes at a: .*, got 1/],
    [Symbol('s'), /^toBytes: /],
    [cyclic, /^toBytes at self.self.*, got a record that contains itself/],
  ] as const)
    t.throws(() => toBytes(state), { name: 'StructureError', message })
})
