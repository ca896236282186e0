// The memory of the engine: what a training step leaves behind, what outlives it, and what happens when there is no more.
import {
  adam,
  approxEqual,
  compose,
  engine,
  eqTensor,
  fromArray,
  fromNdarray,
  fromNested,
  grad,
  item,
  key,
  leastSquares,
  linear,
  named,
  op,
  random,
  scanSync,
  show,
  start,
  type Tensor,
  tanh,
  toArray,
  toNdarray,
  toNested,
  toTypedArray,
  trainStep,
  tree,
  unsafeFromBuffer,
  useEngine,
  ValueError,
} from 'pullback'
import t from 'tap'
import { scoped } from '../../lib/diff/scope.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { raw } from '../../lib/tensor/view.ts'

/** Runs with an engine of its own. */
const on = async (options: Parameters<typeof wasm>[0], run: () => void | Promise<void>): Promise<void> => {
  const before = useEngine(wasm(options))
  try {
    await run()
  } finally {
    useEngine(before)
  }
}
const x = random.normal(key(1), [50, 40])
const total = (y: Tensor): number => item(op.sum(y))

t.test('the result of a step outlives it, in records and arrays', () =>
  on({ poison: true }, () => {
    const said = toArray(op.tanh(x))
    const found = scoped(() => {
      const y = op.tanh(x)
      return { y, list: [op.transpose(y), 'text', 3] as const, none: null, x }
    })
    for (let i = 0; i < 3; i++) scoped(() => [op.exp(x), op.exp(x)])
    t.same(toArray(found.y), said)
    t.same(toArray(op.transpose(found.list[0])), said)
    t.equal(found.list[1], 'text')
    t.equal(found.x, x, 'what the step has not made is the same object')
    t.not(raw(found.y).buffer.buffer.byteLength, engine().bytes, 'a result has a buffer of its own')
  }),
)

t.test('after memory has grown too', () =>
  on({ poison: true }, () => {
    let caught: Tensor | undefined
    scoped(() => {
      caught = op.tanh(x)
      return 0
    })
    scoped(() =>
      Array.from({ length: 12 }).reduce((z: Tensor) => op.scale(z, 1), random.normal(key(2), [1000, 1000]) as Tensor),
    )
    for (const read of [toArray, op.exp])
      t.throws(() => (read as (y: Tensor) => unknown)(caught as Tensor), /outlives its training step/)
  }),
)

for (const threads of [1, 2])
  t.test(`tensors that escape are detected, ${threads} threads`, (t) =>
    on({ poison: true, threads }, () => {
      const caught: Tensor[] = []
      const value = scoped(() => {
        caught.push(op.tanh(x), op.transpose(op.exp(x)))
        return op.sum(x)
      })
      t.ok(Number.isFinite(item(value)))
      for (const y of caught) {
        const said = { name: 'ValueError', message: /outlives its training step.*within the step: toTypedArray/ }
        for (const read of [toArray, toNested, toTypedArray, toNdarray, op.exp, op.argmax])
          t.throws(() => (read as (y: Tensor) => unknown)(y), said, 'its numbers are gone')
        t.equal(show(y), 'released float32 [50, 40]'.replace('50, 40', y.shape.join(', ')))
        for (let step = 0; step < 4; step++)
          t.throws(
            () => scoped(() => op.add(op.exp(x), y.shape[0] === 50 ? y : op.transpose(y))),
            said,
            'in any later step',
          )
      }
    }),
  )

t.test('reading an escaped tensor is an error', () =>
  on({}, () => {
    let caught: Tensor = x
    let numbers: Float32Array = new Float32Array()
    scoped(() => {
      caught = op.tanh(x)
      numbers = (caught as unknown as { readonly data: Float32Array }).data
      return 0
    })
    const turned = (y: unknown) => y as ReturnType<typeof toNdarray> & Tensor
    const readers: Readonly<Record<string, () => unknown>> = {
      concat: () => op.concat([caught, caught]),
      'the pullback of slice': () =>
        op.slice
          .pull(x, [[0, 50]])[1](caught)
          .map((thunk) => thunk?.()),
      fromNdarray: () => fromNdarray(turned(caught)),
      'fromNdarray of a part': () => fromNdarray(turned(turned(caught).transpose(1, 0))),
      get: () => caught.get(0, 0),
      data: () => turned(caught).data,
      pick: () => turned(caught).pick(0, -1),
      eqTensor: () => eqTensor.equals(caught, x),
      'eqTensor of one': () => eqTensor.equals(caught, caught),
      approxEqual: () => approxEqual(caught, caught),
      'fromArray of its numbers': () => fromArray(numbers, [50, 40]),
      'unsafeFromBuffer of its numbers': () => unsafeFromBuffer(numbers, [50, 40]),
    }
    for (const [name, read] of Object.entries(readers)) {
      const said = { name: 'ValueError', message: /outlives its training step/ }
      t.throws(read, said, name)
      t.throws(() => scoped(() => [op.exp(x), read()]), said, `${name}, in a later step`)
    }
  }),
)

t.test('overlapping parts of one outside tensor', () =>
  on({ poison: true }, () => {
    const line = fromArray([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10])
    const square = op.reshape(line, [5, 2])
    const parts = [
      [0, 4],
      [2, 8],
      [1, 3],
      [5, 10],
      [0, 10],
      [4, 6],
    ] as const
    const said = (from: number, to: number) => toArray(line).slice(from, to)
    const found = scoped(() => parts.map(([from, to]) => op.scale(op.slice(line, [[from, to]]), 1)))
    t.same(
      found.map(toArray),
      parts.map(([from, to]) => said(from, to)),
    )
    // The factor of a product is placed as it lies, rows and columns swapped.
    const rows = [
      [0, 2],
      [1, 4],
      [0, 5],
      [3, 5],
    ] as const
    const products = scoped(() =>
      rows.map((range) => op.matmul(op.transpose(op.slice(square, [range])), op.slice(square, [range]))),
    )
    for (const [i, range] of rows.entries()) {
      const part = toNested(op.slice(square, [range])) as number[][]
      const sums = [0, 1].map((j) => [0, 1].map((k) => part.reduce((s, row) => s + (row[j] ?? 0) * (row[k] ?? 0), 0)))
      t.same(toNested(products[i] as Tensor), sums)
    }
  }),
)

t.test('a step within a step, and one that fails', () =>
  on({ poison: true }, () => {
    const inner = scoped(() => {
      const y = scoped(() => op.tanh(x))
      return op.mul(y, y)
    })
    t.same(toArray(inner), toArray(op.mul(op.tanh(x), op.tanh(x))))
    t.throws(
      () =>
        scoped(() => {
          op.exp(x)
          throw new TypeError('no')
        }),
      TypeError,
    )
    t.same(total(scoped(() => op.exp(x))), total(op.exp(x)))
  }),
)

t.test('inputs copied by an inner step are copied again after it', () =>
  on({ poison: true }, () => {
    for (const between of [op.exp, op.tanh]) {
      const [, after] = scoped(() => {
        const inner = scoped(() => op.sum(op.sigmoid(x)))
        const other = between(random.normal(key(2), [50, 40]))
        return [op.add(inner as Tensor, op.sum(other) as Tensor), op.tanh(x)]
      })
      t.ok(eqTensor.equals(after as Tensor, op.tanh(x)))
    }
  }),
)

t.test('a derivative goes through a step', () =>
  on({ poison: true }, () => {
    const f = (y: typeof x) => scoped(() => op.sum(op.mul(op.tanh(y), y)))
    const g = (y: typeof x) => op.sum(op.mul(op.tanh(y), y))
    t.same(toArray(grad(f)(x)), toArray(grad(g)(x)))
  }),
)

t.test('a step that does not fit runs again in more memory', () =>
  on({ poison: true }, () => {
    const large = random.normal(key(2), [1000, 1000])
    let runs = 0
    const before = engine().bytes
    const found = scoped(() => {
      runs++
      let y = large
      for (let i = 0; i < 12; i++) y = op.scale(y, 1.5)
      return { y, first: op.sum(op.scale(large, 2)) }
    })
    t.ok(runs > 1 && engine().bytes > before, `${runs} runs`)
    t.ok(Math.abs(total(found.y) / (total(large) * 1.5 ** 12) - 1) < 1e-3)
    t.same(total(op.scale(found.y, 1)), total(found.y), 'and what it gave back can be worked on')
  }),
)

t.test('a step that catches errors runs again in more memory too', () =>
  on({ pages: 2000 }, () => {
    const large = random.normal(key(2), [1000, 1000])
    const many = (y: Tensor): Tensor => Array.from({ length: 12 }).reduce((z: Tensor) => op.scale(z, 1), y)
    const wrapped = scoped(() => {
      try {
        return many(large)
      } catch (e) {
        throw new TypeError(`my layer: ${(e as Error).message}`)
      }
    })
    t.ok(Math.abs(total(wrapped) - total(large)) < 1)
  }),
)

t.test('near the end of memory few runs suffice', () =>
  on({ pages: 900 }, () => {
    let runs = 0
    const y = scoped(() => {
      runs++
      return Array.from({ length: 430 }).reduce(
        (z: Tensor) => op.scale(z, 1),
        random.normal(key(1), [25_000]) as Tensor,
      )
    })
    t.ok(Number.isFinite(total(y)) && runs < 4, `${runs} runs`)
  }),
)

t.test('results in records without a prototype are kept', () =>
  on({ poison: true }, () => {
    const { y } = scoped(() => Object.assign(Object.create(null) as object, { y: op.tanh(x) }))
    t.same(toArray(y), toArray(op.tanh(x)))
  }),
)

t.test('memory that is exhausted', () =>
  on({ pages: 64 }, () => {
    const most = 64 * 65_536
    t.throws(() => random.uniform(key(0), [most]), {
      name: 'ValueError',
      message:
        /allocate: expected numbers that fit in memory, got 16\.0 MiB where 1\.\d MiB of 4\.0 MiB are in use, and there is no more; use smaller/,
    })
    t.throws(() => scoped(() => Array.from({ length: 30 }, () => op.exp(random.uniform(key(0), [50_000])))), ValueError)
    t.ok(item(op.sum(op.exp(x))) > 0, 'what is smaller still runs')
  }),
)

t.test('memory stays as it is over 10,000 steps', () =>
  on({ poison: true }, () => {
    const net = compose(named('L1', linear(3, 8)), tanh, named('L2', linear(8, 1)))
    const optimizer = adam(1e-3)
    const batch = { input: random.normal(key(1), [4, 3]), target: fromNested([[1], [2], [3], [4]]) }
    const step = trainStep(net, leastSquares, optimizer)
    let run = start(net, optimizer, key(0))
    const steps = (n: number): readonly [engine: number, buffers: number] => {
      for (const [at] of scanSync(step, run, Array(n).fill(batch) as (typeof batch)[])) run = at
      return [engine().bytes, process.memoryUsage().external]
    }
    const [held, external] = steps(1000)
    const [after, last] = steps(10_000)
    t.equal(after, held)
    t.ok(last < external + 40e6, `${external} bytes, then ${last}`)
    t.ok(
      tree.leaves(run.params).every((p) => toArray(p).every(Number.isFinite)),
      'and nothing escaped',
    )
  }),
)
