// The engine on OpenBLAS: found or said to be missing, on the memory of the others, at the processor's own pace.
import { engine, op, random, threads, toArray, useEngine } from 'pullback'
import { native } from 'pullback/node'
import t from 'tap'
import * as E from '#fp/Either'
import { pipe } from '#fp/function'
import type { Engine } from '../../lib/kernel/engine.ts'
import { findOpenBLAS, slowedDown } from '../../lib/node/openblas.ts'

const found = native()
const absent = E.isLeft(found) ? { skip: found.left.message } : {}

t.test('an error names what is missing and what to do', async (t) => {
  pipe(
    native({ path: 'no/such/library.so' }),
    E.match(
      (e) =>
        t.match(
          e.message,
          /native: expected OpenBLAS, got .*no\/such\/library.*; omit the path .*; the engine stays as it is/,
        ),
      () => t.fail('there is no such library'),
    ),
  )
  t.equal(engine().name, 'wasm')
})

t.test('a library that is not BLAS', async (t) => {
  t.ok(E.isLeft(native({ path: process.platform === 'linux' ? 'libm.so.6' : 'libm' })))
})

t.test('an environment that slows OpenBLAS down', async (t) => {
  const flags = 'fpu avx2 avx512f avx512_bf16'
  t.match(slowedDown('Haswell', flags, 'Haswell'), /computes for Haswell.*OPENBLAS_CORETYPE=Haswell.*unset it/)
  t.equal(slowedDown('Cooperlake', flags, 'Cooperlake'), null, 'forced to what is right')
  t.equal(slowedDown('Zen', flags, undefined), null, 'not forced')
  t.equal(slowedDown('Haswell', 'fpu avx2', 'Haswell'), null, 'the processor has no more')
})

t.test('OpenBLAS as an engine', absent, async (t) => {
  const x = random.normal(random.key(1), [70, 90])
  const y = random.normal(random.key(2), [90, 50])
  const said = toArray(op.matmul(x, y))
  const before = useEngine((found as E.Right<Engine>).right)
  try {
    t.equal(engine().name, 'native')
    t.match(engine().features.join(), /OpenBLAS for \w+/)
    const close = (a: readonly number[]): boolean => a.every((v, i) => Math.abs(v - (said[i] as number)) < 1e-4)
    t.ok(close(toArray(op.matmul(x, y))))
    t.equal(threads(2), 2)
    t.equal(engine().name, 'native')
    t.ok(close(toArray(op.matmul(x, y))), 'on two threads')
    const grown = op.scale(random.normal(random.key(3), [4000, 4000]), 0)
    t.ok(close(toArray(op.matmul(x, y))), 'after the memory has grown')
    t.equal(grown.size, 16e6)
    const wide = op.broadcast(op.reshape(op.slice(x, [0]), [1, 90]), [70, 90])
    t.ok(toArray(op.matmul(wide, y)).every(Number.isFinite), 'strides that BLAS does not know')
  } finally {
    useEngine(before)
  }
})

t.test('the core type is that of OpenBLAS', absent, async (t) => {
  t.ok(
    pipe(
      findOpenBLAS(),
      E.exists((library) => /^\w+$/.test(library.core)),
    ),
  )
})
