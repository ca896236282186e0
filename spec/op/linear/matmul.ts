import fc from 'fast-check'
import {
  approxEqual,
  DTypeError,
  eqTensor,
  fromArray,
  fromNested,
  op,
  random,
  type Shape,
  ShapeError,
  type Tensor,
  toNested,
  toTypedArray,
  zeros,
} from 'pullback'
import t from 'tap'
import { reference } from '../../../lib/kernel/reference/reference.ts'
import { layouts, tensorOf } from '../../arbitrary/tensor.ts'
import { lawsOfDiff } from '../../law/diff.ts'
import { engines, on } from '../../support/engines.ts'
import { check } from '../../support/property.ts'

/** The same entries, row after row in memory. */
const toRows = (x: Tensor): Tensor => fromArray(toTypedArray(x), x.shape) as Tensor
const normal = (seed: number, shape: Shape): Tensor => random.normal(random.key(seed), shape, 'float64')
type Pair = { readonly a: Tensor; readonly b: Tensor }
const product = ({ a, b }: Pair): Tensor => op.matmul(a, b)

t.test('derivatives', async (t) => {
  lawsOfDiff(t, '2×3 · 3×4', product, { a: normal(1, [2, 3]), b: normal(2, [3, 4]) })
  lawsOfDiff(t, 'batch of 1', product, { a: normal(1, [1, 3]), b: normal(2, [3, 2]) })
  lawsOfDiff(t, 'no rows', product, { a: normal(1, [0, 3]), b: normal(2, [3, 2]) })
  lawsOfDiff(t, 'no inner entries', product, { a: normal(1, [2, 0]), b: normal(2, [0, 2]) })
  lawsOfDiff(t, 'a batch of products', product, { a: normal(1, [2, 2, 3]), b: normal(2, [2, 3, 2]) })
  for (const [left, right] of [
    [
      [2, 2, 3],
      [3, 2],
    ],
    [
      [2, 3],
      [2, 3, 2],
    ],
    [
      [1, 2, 3],
      [2, 3, 2],
    ],
    [
      [2, 1, 2, 3],
      [3, 3, 1],
    ],
    [
      [0, 2, 3],
      [3, 2],
    ],
    [
      [2, 3],
      [1, 3, 2],
    ],
  ] as const)
    lawsOfDiff(t, `[${left}] · [${right}]`, product, { a: normal(1, left), b: normal(2, right) })
  lawsOfDiff(
    t,
    'sequences of turned axes by a matrix',
    ({ a, b }: Pair) => op.matmul(op.transpose(a, [0, 2, 1] as never) as Tensor, b),
    { a: normal(1, [2, 3, 2]), b: normal(2, [3, 2]) },
  )
  lawsOfDiff(t, 'aᵀb', ({ a, b }: Pair) => op.matmul(op.transpose(a), b), {
    a: normal(1, [3, 2]),
    b: normal(2, [3, 2]),
  })
  lawsOfDiff(t, 'abᵀ', ({ a, b }: Pair) => op.matmul(a, op.transpose(b)), {
    a: normal(1, [2, 3]),
    b: normal(2, [2, 3]),
  })
  lawsOfDiff(t, 'aᵀbᵀ', ({ a, b }: Pair) => op.matmul(op.transpose(a), op.transpose(b)), {
    a: normal(1, [3, 2]),
    b: normal(2, [2, 3]),
  })
  lawsOfDiff(t, 'x xᵀ', (x: Tensor) => op.matmul(x, op.transpose(x)), normal(1, [2, 3]))
})

/** The definition, entry by entry. */
const byHand = (a: Tensor, b: Tensor): Tensor => {
  const [x, y] = [toNested(a) as number[][], toNested(b) as number[][]]
  const n = b.shape[1] as number
  return x.length * n === 0
    ? zeros([x.length, n], 'float64')
    : (fromNested(
        x.map((row) =>
          Array.from({ length: n }, (_, j) => row.reduce((s, v, k) => s + v * ((y[k] as number[])[j] as number), 0)),
        ),
        'float64',
      ) as Tensor)
}

t.test('is the product, whatever the sizes and layouts', async () => {
  const size = fc.integer({ min: 0, max: 9 })
  const pair = fc.tuple(size, size, size).chain(([m, k, n]) => fc.tuple(tensorOf([m, k]), tensorOf([k, n])))
  check(pair, ([a, b]) => {
    const expected = byHand(a, b)
    return layouts(a).every(([, x]) =>
      layouts(b).every(([, y]) => approxEqual(op.matmul(x, y), expected, { relative: 1e-12, absolute: 1e-12 })),
    )
  })
})

/** As NumPy gives them: `np.matmul(np.arange(12).reshape(a) % 5 - 2, np.arange(12).reshape(b) % 7 - 3)`. */
t.test('leading axes repeat, as in NumPy', async (t) => {
  const counted = (shape: Shape, n: number): Tensor =>
    fromArray(
      Array.from({ length: 12 }, (_, i) => (i % n) - (n - 1) / 2),
      shape,
      'float64',
    ) as Tensor
  for (const engine of engines)
    on(engine, () => {
      for (const [left, right, shape, entries] of [
        [
          [3, 2, 2],
          [2, 6],
          [3, 2, 6],
          [
            3, 7, 4, 1, -2, -5, 3, -3, -2, -1, 0, 1, -12, 2, 2, 2, 2, 2, 3, 2, 1, 0, -1, -2, 3, -8, -5, -2, 1, 4, 3, 7,
            4, 1, -2, -5,
          ],
        ],
        [
          [1, 3, 4],
          [3, 4, 1],
          [3, 3, 1],
          [8, -1, -5, -7, -5, 2, 6, -2, -5],
        ],
        [
          [2, 6],
          [2, 6, 1],
          [2, 2, 1],
          [6, -2, -6, -8],
        ],
        [
          [2, 1, 3, 2],
          [3, 2, 2],
          [2, 3, 3, 2],
          [
            7, 4, -1, 0, -4, -4, -5, -1, 3, -3, -4, 10, 4, 1, 0, 1, -4, -4, 3, 2, -5, -2, 7, 4, -1, -2, 7, -4, -5, -1,
            2, 1, -2, 1, 4, 1,
          ],
        ],
        [
          [3, 1, 4],
          [1, 4, 3],
          [3, 1, 3],
          [5, 3, 1, -9, -3, -4, -8, 6, 6],
        ],
      ] as const) {
        const y = op.matmul(counted(left, 5), counted(right, 7))
        t.same([y.shape, [...toTypedArray(y)]], [shape, entries], `${engine.name}: [${left}] · [${right}]`)
      }
    })
})

t.test('errors', async (t) => {
  t.throws(
    () => op.matmul(normal(1, [2, 3]), normal(1, [2, 3])),
    /inner sizes that agree, the first factor is \[2, 3\], got \[2, 3\]/,
  )
  t.throws(() => op.matmul(normal(1, [3]), normal(1, [3, 2])), ShapeError)
  t.throws(
    () => op.matmul(normal(1, [2, 2, 3]), normal(1, [3, 3, 2])),
    /leading axes that agree from the back, or of size 1, the first factor is \[2, 2, 3\], got \[3, 3, 2\]/,
  )
  t.throws(() => op.matmul(normal(1, [2, 3]), random.normal(random.key(1), [3, 2]) as Tensor), DTypeError)
})

t.test('affine', async (t) => {
  type Args = {
    readonly x: Tensor<readonly [number, 3]>
    readonly W: Tensor<readonly [2, 3]>
    readonly b: Tensor<readonly [2]>
  }
  const at = (batch: number) =>
    ({ x: normal(1, [batch, 3]), W: normal(2, [2, 3]), b: normal(3, [2]) }) as unknown as Args
  for (const batch of [0, 1, 4]) lawsOfDiff(t, `batch ${batch}`, ({ x, W, b }: Args) => op.affine(x, W, b), at(batch))
  const { x, W, b } = at(4)
  const composite = op.add(op.matmul(x, op.transpose(W)), op.broadcast(b, [4, 2]))
  t.ok(approxEqual(op.affine(x, W, b), composite, { relative: 1e-14 }), 'X Wᵀ + 1bᵀ')
  for (const engine of engines)
    on(engine, () => {
      for (const [of, p] of layouts(x))
        for (const [by, V] of layouts(W))
          for (const [plus, c] of layouts(b))
            t.ok(
              approxEqual(op.affine(p, V, c), composite, { relative: 1e-14 }),
              `${engine.name}: x ${of}, W ${by}, b ${plus}`,
            )
    })
  const [, back] = op.affine.diff([x, W, b])
  t.same(
    toNested(
      back(
        fromNested(
          [
            [1, 0],
            [2, 0],
            [3, 1],
            [4, 1],
          ],
          'float64',
        ),
      )[2],
    ),
    [10, 2],
    'the bias gradient is the sum over the batch',
  )
  t.throws(
    () => op.affine(W as never, x as never, b),
    /x \[batch, in\], W \[out, in\], b \[out\], got \[2, 3\], \[4, 3\], \[2\]/,
  )
})

t.test('products of more than a block in any direction', async (t) => {
  const whole = (shape: Shape, step: number, dtype: 'float32' | 'float64'): Tensor => {
    const n = shape.reduce((a, b) => a * b, 1)
    const entries = Array.from({ length: n }, (_, i) => ((i * step) % 5) - 2)
    return fromArray(entries, shape, dtype) as Tensor
  }
  const many = 2 ** 17 + 5 // of a vector
  for (const [m, k, n] of [
    [11, 7, 1030],
    [9, 515, 3],
    [2, 259, 514],
    [3, many, 1],
    [1, many, 3],
  ] as const)
    for (const dtype of ['float32', 'float64'] as const) {
      const [a, b] = [whole([m, k], 3, dtype), whole([k, n], 7, dtype)]
      const expected = on(reference, () => op.matmul(a, b))
      for (const engine of engines)
        on(engine, () => {
          const [turnedA, turnedB] = [a, b].map((x) => op.transpose(toRows(op.transpose(x) as Tensor)))
          for (const [p, q] of [
            [a, b],
            [turnedA, b],
            [a, turnedB],
          ] as const)
            t.ok(
              eqTensor.equals(op.matmul(p as Tensor, q as Tensor), expected),
              `${engine.name}, ${dtype}: ${m}, ${k}, ${n}`,
            )
        })
    }
})
