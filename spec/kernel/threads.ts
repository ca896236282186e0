// Products on several threads: the bits of one thread, nothing that keeps a process alive, and threads that end when they are told to.
import { engine, op, random, type Tensor, threads, toTypedArray, ValueError } from 'pullback'
import t from 'tap'
import type { Engine } from '../../lib/kernel/engine.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import type { Data } from '../../lib/tensor/data.ts'
import { raw } from '../../lib/tensor/view.ts'
import { bundledOutput } from '../support/bundle.ts'

const draw = (name: string, shape: readonly number[], dtype: 'float32' | 'float64') =>
  random.normal(random.foldIn(random.key(0), name), shape, dtype) as Tensor

const bytesOf = ({ buffer, byteOffset, byteLength }: Data): Buffer => Buffer.from(buffer, byteOffset, byteLength)

/** Waits until an engine's threads run: they start with the first product that is large enough. */
const started = async (e: Engine): Promise<void> => {
  const x = raw(draw('x', [64, 64], 'float32'))
  e.matmul(x, x)
  await new Promise((resolve) => setTimeout(resolve, 300))
}

t.test('the same bits for any number of threads', async (t) => {
  const one = wasm()
  for (const n of [2, 3]) {
    const many = wasm({ threads: n })
    t.equal(many.threads, n)
    const alike = (run: (e: Engine) => Data): boolean => bytesOf(run(many)).equals(bytesOf(run(one)))
    await started(many)
    for (const dtype of ['float32', 'float64'] as const)
      for (const [m, k, p] of [
        [64, 64, 64],
        [300, 270, 17],
        [13, 600, 77],
        [1, 700, 900],
        [513, 300, 1],
        [9, 300, 521],
        [3, 700, 99],
        [25, 900, 11],
        [12, 1000, 12],
        [1030, 70, 2],
      ] as const) {
        const [a, b, c] = [draw('a', [m, k], dtype), draw('b', [k, p], dtype), draw('c', [p], dtype)]
        for (const x of [a, op.transpose(op.transpose(a)), op.transpose(draw('a', [k, m], dtype))]) {
          t.ok(
            alike((e) => e.matmul(raw(x), raw(b))),
            `${dtype} [${m}, ${k}] × [${k}, ${p}], ${n} threads`,
          )
          const W = raw(op.transpose(b))
          t.ok(
            alike((e) => e.affine(raw(x), W, raw(c))),
            'and the affine map',
          )
        }
      }
    many.stop()
    await started(many)
    const x = draw('x', [128, 128], 'float32')
    t.ok(
      alike((e) => e.matmul(raw(x), raw(x))),
      'threads that have ended start again',
    )
    many.stop()
  }
})

t.test('threads are set for the engine in use', async (t) => {
  t.equal(engine().threads, 1)
  t.equal(threads(2), 2)
  t.equal(engine().threads, 2)
  t.same(engine().features, ['128-bit SIMD', 'shared memory'])
  const x = draw('x', [128, 128], 'float32')
  const before = toTypedArray(op.matmul(x, x))
  t.equal(threads(1), 1)
  t.same(toTypedArray(op.matmul(x, x)), before)
  for (const n of [0, 1.5, Number.NaN, 65]) {
    t.throws(() => threads(n), ValueError)
    t.throws(() => engine().withThreads(n), ValueError)
  }
})

t.test('the engine works without threads that cannot start, and reports them', async (t) => {
  for (const [name, lines] of [
    ['not allowed', "class { constructor() { throw new Error('not allowed') } }"],
    ['broken', "class extends worker.Worker { constructor(_, options) { super('no program', options) } }"],
  ] as const) {
    const program = `
    import { engine, op, ones, threads } from 'pullback'
    import worker from 'node:worker_threads'
    worker.Worker = ${lines}
    const wanted = threads(2)
    const x = ones([128, 128])
    op.matmul(x, x)
    for (let left = 50; engine().threads > 1 && left > 0; left--) await new Promise((resolve) => setTimeout(resolve, 20))
    const found = [wanted, engine().threads, op.matmul(x, x).get(5, 7)]
    engine().stop()
    console.log(...found, engine().threads)`
    const found = await bundledOutput(program)
    t.equal(found.trim(), '2 1 128 2', `${name}; once stopped, they may be tried again`)
  }
})

t.test('threads keep no process alive', async (t) => {
  const program = `
    import { op, random, threads } from 'pullback'
    threads(2)
    const x = random.normal(random.key(0), [128, 128])
    op.matmul(x, x)
    await new Promise((resolve) => setTimeout(resolve, 200))
    op.matmul(x, x)
    console.log('done')`
  const found = await bundledOutput(program)
  t.equal(found.trim(), 'done')
})
