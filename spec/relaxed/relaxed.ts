// The engine with relaxed SIMD: said to be missing where it is, else an engine whose products are rounded once.
import {
  adam,
  compose,
  conv2d,
  type Engine,
  engine,
  flatten,
  fromArray,
  input,
  key,
  linear,
  maxPool2d,
  named,
  op,
  random,
  relu,
  StructureError,
  scanSync,
  softmaxCrossEntropy,
  start,
  type Tensor,
  threads,
  toArray,
  trainStep,
  ValueError,
} from 'pullback'
import { type RelaxedOptions, relaxed } from 'pullback/relaxed'
import t from 'tap'
import * as E from '#fp/Either'
import { on } from '../support/engines.ts'
import { relaxedHere } from '../support/relaxed.ts'

const draw = (name: string, shape: readonly number[]): Tensor =>
  random.normal(random.foldIn(key(0), name), shape) as Tensor

t.test('where the platform has none, the error says where there is one', async (t) => {
  const { validate } = WebAssembly
  WebAssembly.validate = () => false
  t.teardown(() => {
    WebAssembly.validate = validate
  })
  const found = relaxed()
  t.ok(E.isLeft(found) && found.left instanceof ValueError)
  t.match(
    E.isLeft(found) && found.left.message,
    /relaxed: expected .*relaxed SIMD, got .*Node from 22 on.*stays as it is/,
  )
  t.equal(engine().name, 'wasm')
})

t.test('options are checked', async (t) => {
  t.throws(() => relaxed({ thread: 2 } as never), StructureError)
  t.throws(() => relaxed({ threads: 0 }), ValueError)
  const options: RelaxedOptions = { threads: undefined, poison: true }
  t.ok(options)
  // @ts-expect-error a number of threads is a number
  t.throws(() => relaxed({ threads: '2' }), ValueError)
})

t.test('an engine whose products are rounded once where the processor can do so', async (t) => {
  const found = relaxedHere({ poison: true })
  const other = E.getOrElse((e: ValueError): Engine => t.fail(e.message) as never)(found)
  t.same([other.name, other.threads, other.features], ['wasm', 1, ['128-bit SIMD', 'relaxed SIMD']])
  const [x, y] = [draw('x', [70, 300]), draw('y', [300, 50])]
  const product = (): readonly number[] => toArray(op.matmul(x, y))
  const said = product()
  on(other, () => {
    const one = product()
    t.ok(one.every((v, i) => Math.abs(v - (said[i] as number)) < 1e-4))
    t.equal(threads(2), 2)
    t.same(engine().features, ['128-bit SIMD', 'relaxed SIMD', 'shared memory'])
    t.same(product(), one, 'the same bits for any number of threads')
    threads(1)
    t.same(product(), one)
  })
  t.same(product(), said, 'the engine before gives the bits of every processor')
  // (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴ if rounded once, and 0 if rounded twice.
  const [a, b] = [fromArray([1 + 2 ** -11, 1 + 2 ** -12], [1, 2]), fromArray([-1, 1 + 2 ** -12], [2, 1])]
  const rounded = (): number => toArray(op.matmul(op.concat([a, a]), op.concat([b, b], 1)))[0] as number
  t.equal(rounded(), 0)
  t.ok([0, 2 ** -24].includes(on(other, rounded)))
})

t.test('it trains', async (t) => {
  const net = compose(
    input([8, 8, 1]),
    named('C', conv2d(1, 4, { kernel: 3, padding: 1 })),
    relu,
    maxPool2d(2),
    flatten,
    named('L', linear(64, 3)),
  )
  const optimizer = adam(0.01)
  const examples = {
    input: draw('images', [12, 8, 8, 1]),
    target: fromArray([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], [12], 'int32'),
  }
  const losses = (): readonly number[] =>
    [
      ...scanSync(
        trainStep(net, softmaxCrossEntropy, optimizer),
        start(net, optimizer, key(0)),
        Array(40).fill(examples),
      ),
    ].map(([, { loss }]) => loss)
  const said = losses()
  const found = on(E.getOrElse((): Engine => t.fail() as never)(relaxedHere()), losses)
  t.ok(found.every((loss, i) => Math.abs(loss - (said[i] as number)) < 1e-3 * (1 + loss)))
  t.ok((found.at(-1) as number) < (found[0] as number) / 2)
})
