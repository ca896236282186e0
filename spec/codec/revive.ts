// Tensors that went through structuredClone, a worker, or JSON: they are tensors again, with every bit, and carry nothing else along.
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import {
  type AnyTensor,
  adam,
  codecOf,
  compact,
  eqTree,
  eye,
  fromArray,
  fromJSON,
  fromNested,
  grad,
  type Issue,
  isTensor,
  key,
  linear,
  op,
  revive,
  type Shape,
  show,
  start,
  type Tensor,
  type Tree,
  toBytes,
  toNested,
  toTypedArray,
  zeros,
} from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import type { ReadonlyNonEmptyArray } from '#fp/ReadonlyNonEmptyArray'
import { scoped } from '../../lib/diff/scope.ts'
import { raw } from '../../lib/tensor/view.ts'
import { layouts, shapes, tensorOf } from '../arbitrary/tensor.ts'
import { trees } from '../arbitrary/tree.ts'
import { check } from '../support/property.ts'

const identical = (a: unknown, b: unknown): boolean => Buffer.compare(toBytes(a), toBytes(b)) === 0
const right = <L, A>(found: E.Either<L, A>): A => {
  if (E.isLeft(found)) throw new Error(JSON.stringify(found.left))
  return found.right
}
const numbers = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, Number.NEGATIVE_INFINITY, 5e-324))
const anyTensor: fc.Arbitrary<AnyTensor> = fc.oneof(
  shapes().chain((shape) => tensorOf(shape, numbers, 'float32')),
  shapes().chain((shape) => tensorOf(shape, numbers, 'float64')),
  fc.array(fc.integer()).map((xs) => fromArray(xs, [xs.length] as Shape, 'int32')),
)

t.test('structuredClone and back', async (t) => {
  check(anyTensor, (x) => {
    const clone = structuredClone(x)
    return !isTensor(clone) && identical(revive(clone), x)
  })
  check(trees, (tree) => identical(revive(structuredClone(tree)), tree) && identical(compact(tree), tree))
  for (const [name, x] of layouts(fromNested([[1, 2, 3]]) as Tensor)) {
    const found = revive(structuredClone(x))
    t.ok(identical(found, x), name)
    t.equal(raw(found).buffer.buffer.byteLength, 12, `${name}: its own numbers alone`)
  }
  t.equal(toNested(revive(structuredClone(zeros([2, 0])))).length, 2)
})

t.test('a state goes to a worker and back', async (t) => {
  const worker = new Worker(
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m))",
    { eval: true },
  )
  const there = async <T>(message: T): Promise<T> => {
    const answer = new Promise<T>((resolve) => worker.once('message', resolve))
    worker.postMessage(message)
    return answer
  }
  const run = start(linear(3, 2), adam(), key(0))
  t.ok(identical(revive(await there(run)), run))
  const large = zeros([1_000_000])
  const small = { three: op.slice(large, [[0, 3]]), turned: op.transpose(fromNested([[1, 2]])) }
  const sent = compact(small)
  t.equal(raw(sent.three).buffer.buffer.byteLength, 12, 'three entries do not carry four megabytes')
  t.ok(identical(revive(await there(sent)), small))
  t.ok(identical(revive(await there(small)), small))
  await worker.terminate()
})

t.test('unchanged values keep their identity, and shared ones stay shared', async (t) => {
  const W = eye(2)
  t.equal(compact({ W }).W, W)
  t.equal(revive(W), W)
  const { a, b } = revive(structuredClone({ a: W, b: W }))
  t.equal(a, b)
  const date = new Date(0)
  const other = {
    date,
    bytes: Uint8Array.of(1),
    text: 'x',
    none: null,
    map: new Map([[1, 2]]),
    numbers: Float32Array.of(1),
  }
  t.same(revive(structuredClone(other)), other)
  const record = { buffer: W, shape: W, stride: W, offset: W }
  t.ok(identical(revive(structuredClone(record)), record), 'a record with the names of what a tensor holds is a record')
  t.equal(Object.getPrototypeOf(revive(JSON.parse('{"__proto__":{"polluted":1}}'))), Object.prototype)
})

t.test('a tensor with missing parts', async (t) => {
  const numbersOf = (n: number): Float32Array => new Float32Array(n)
  for (const remains of [
    { buffer: numbersOf(3), shape: [2, 2], stride: [2, 1], offset: 0 },
    { buffer: numbersOf(4), shape: [2, 2], stride: [2, 1], offset: 1 },
    { buffer: numbersOf(4), shape: [2], stride: [-1], offset: 0 },
    { buffer: numbersOf(4), shape: [2], stride: [1, 1], offset: 0 },
    { buffer: numbersOf(4), shape: [-2], stride: [1], offset: 0 },
    { buffer: numbersOf(4), shape: [0.5], stride: [1], offset: 0 },
    { buffer: numbersOf(4), shape: [2], stride: [Number.NaN], offset: 0 },
    { buffer: numbersOf(4), shape: 2, stride: [1], offset: 0 },
    { buffer: numbersOf(0), shape: [], stride: [], offset: 0 },
  ])
    t.throws(() => revive(remains), {
      name: 'StructureError',
      message: /^revive: expected a tensor whose entries lie within/,
    })
})

t.test('JSON and back', async (t) => {
  check(anyTensor, (x) => identical(right(fromJSON(x)(JSON.stringify(x))), x))
  check(trees, (tree) => identical(right(fromJSON<Tree>(tree)(JSON.stringify(tree))), tree))
  for (const [name, x] of layouts(fromNested([[1, 2, 3]]) as Tensor))
    t.equal(JSON.stringify(x), '{"tensor":"float32","shape":[1,3],"values":[1,2,3]}', name)
  t.equal(
    JSON.stringify(fromNested([Number.NaN, -0, 0.1], 'float64')),
    '{"tensor":"float64","shape":[3],"values":["NaN","-0",0.1]}',
  )
  const run = start(linear(3, 2), adam(), key(0))
  t.ok(identical(right(fromJSON(codecOf(run))(JSON.stringify(run))), run))
  t.ok(
    eqTree.equals(right(fromJSON({ W: zeros([2]) })('{"W":{"tensor":"float32","shape":[2],"values":[0,0]}}')), {
      W: zeros([2]),
    }),
  )
  t.match(show(zeros([1])), /float32/)
})

t.test('tensors without numbers throw', async (t) => {
  t.throws(() => grad((x: Tensor<readonly []>) => op.scale(x, JSON.stringify(x).length))(fromNested(1)), {
    name: 'TracedError',
    message: /toJSON/,
  })
  let escaped: Tensor | undefined
  scoped(() => {
    escaped = op.exp(zeros([100]))
    return zeros([1])
  })
  t.throws(() => JSON.stringify(escaped), { name: 'ValueError', message: /^toJSON: expected a tensor that outlives/ })
  t.throws(() => compact({ escaped }), { name: 'ValueError' })
})

t.test('wrong JSON and its messages', async (t) => {
  const said = (text: string, template: unknown): string =>
    E.match(
      ([{ path, message }]: ReadonlyNonEmptyArray<Issue>) => `${path}: ${message}`,
      () => 'right',
    )(fromJSON(template)(text))
  const tensor = (fields: object): string =>
    JSON.stringify({ a: { tensor: 'float32', shape: [2], values: [1, 2], ...fields } })
  const a = { a: zeros([2]) }
  for (const [text, message] of [
    [tensor({}), /^right$/],
    ['{', /^: expected JSON, got /],
    [tensor({ tensor: 'float16' }), /^a: expected float32, float64 or int32, got "float16"$/],
    [tensor({ tensor: 'constructor' }), /^a: expected float32, float64 or int32, got "constructor"$/],
    [tensor({ shape: [-2] }), /^a: expected a shape of whole sizes that are not negative, got \[-2\]$/],
    [tensor({ shape: [2 ** 60] }), /^a: expected a shape of whole sizes/],
    [tensor({ shape: [3] }), /^a: expected 3 numbers for \[3\], got 2$/],
    [tensor({ values: 'many' }), /^a: expected 2 numbers for \[2\], got string$/],
    [tensor({ values: [1, null] }), /^a: expected a number in float32, got null at 1$/],
    [tensor({ values: [1, '2'] }), /^a: expected a number in float32, got "2" at 1$/],
    [tensor({ tensor: 'int32', values: [1, 0.5] }), /^a: expected a number in int32, got 0.5 at 1$/],
    [tensor({ tensor: 'float64' }), /^a: expected float32 \[2\], got float64 \[2\]$/],
    [tensor({ shape: [1, 2] }), /^a: expected float32 \[2\], got float32 \[1, 2\]$/],
    ['{"b":1}', /^b: expected nothing, got 1$/],
    [`${'['.repeat(5000)}${']'.repeat(5000)}`, /expected records nested up to 1000 deep, got deeper ones$/],
  ] as const)
    t.match(said(text, a), message, text.slice(0, 60))
  t.same(
    [...toTypedArray(right(fromJSON(zeros([2]))('{"tensor":"float32","shape":[2],"values":[1,"-Infinity"]}')))],
    [1, Number.NEGATIVE_INFINITY],
  )
})
