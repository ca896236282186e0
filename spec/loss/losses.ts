import {
  approxEqual,
  defineLoss,
  fromNested,
  gradCheck,
  item,
  type Loss,
  leastSquares,
  multiclassHinge,
  op,
  type PerExample,
  random,
  type Scalar,
  ShapeError,
  show,
  softmaxCrossEntropy,
  type Tensor,
  toArray,
  toNested,
  ValueError,
  vjp,
  zeros,
} from 'pullback'
import t from 'tap'
import { layouts } from '../arbitrary/tensor.ts'
import { closeTrees, sameTree } from '../law/diff.ts'

const normal = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, 'float64')
type Reduced = {
  readonly [K in 'mean' | 'sum' | 'none']: (target: never) => (y: never) => readonly [Tensor, (d: Tensor) => Tensor]
}

const cases: readonly (readonly [string, object, Tensor, unknown])[] = [
  ['leastSquares', leastSquares, normal(1, 4, 3), normal(2, 4, 3)],
  ['leastSquares of numbers', leastSquares, normal(1, 4), normal(2, 4)],
  ['leastSquares of pictures', leastSquares, normal(1, 2, 3, 2), normal(2, 2, 3, 2)],
  ['leastSquares of one', leastSquares, normal(1, 1, 3), normal(2, 1, 3)],
  ['softmaxCrossEntropy', softmaxCrossEntropy, normal(1, 4, 3), fromNested([0, 2, 1, 2], 'int32')],
  ['softmaxCrossEntropy of one', softmaxCrossEntropy, normal(1, 1, 5), fromNested([4], 'int32')],
  ['multiclassHinge', multiclassHinge, normal(3, 4, 3), fromNested([0, 2, 1, 2], 'int32')],
  ['multiclassHinge of one class', multiclassHinge, normal(3, 2, 1), fromNested([0, 0], 'int32')],
]
for (const [name, loss, output, target] of cases)
  t.test(name, async (t) => {
    for (const [layout, y] of layouts(output)) {
      const report = gradCheck(loss as Loss<Tensor, unknown>, { output: y, target })
      t.ok(report.pass && report.notes.length === 0, `${layout}: derivatives`, { report: show(report) })
    }
    const { mean, sum, none } = loss as unknown as Reduced
    const each = none(target as never)(output as never)
    const [total, back] = sum(target as never)(output as never)
    const [average, halfBack] = mean(target as never)(output as never)
    t.same(each[0].shape, [output.shape[0]], 'one number for each example')
    t.ok(Math.abs(item(total as Scalar) - item(op.sum(each[0]))) < 1e-12, 'the sum is theirs')
    t.ok(Math.abs(item(average as Scalar) - item(op.mean(each[0]))) < 1e-12, 'the mean is theirs')
    const one = fromNested(1, 'float64') as Tensor
    const n = output.shape[0] as number
    t.ok(closeTrees(op.scale(back(one), 1 / n), halfBack(one)), 'the gradient of the mean is that of the sum over n')
    t.ok(
      sameTree((loss as unknown as Loss<Tensor, unknown>)(target)(output)[0], average),
      'by itself a loss is its mean',
    )
  })

t.test('golden values', async (t) => {
  const labels = fromNested([0, 2], 'int32')
  const z = fromNested(
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    'float64',
  )
  const lse = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3))
  const close = (a: Tensor, b: readonly number[]) => approxEqual(a, fromNested(b, 'float64'), { relative: 1e-14 })
  t.ok(close(softmaxCrossEntropy.none(labels)(z)[0], [lse - 1, lse - 3]))
  t.ok(close(multiclassHinge.none(labels)(z)[0], [1 - (1 - 3), 0]), '1 − (z_y − the best rival)')
  t.ok(
    close(
      leastSquares.none(
        fromNested(
          [
            [0, 0, 0],
            [1, 2, 4],
          ],
          'float64',
        ),
      )(z)[0],
      [14, 1],
    ),
  )
  const [, back] = softmaxCrossEntropy(labels)(z)
  const p = [1, 2, 3].map((v) => Math.exp(v - lse))
  const expected = [
    [(p[0] as number) - 1, p[1], p[2]],
    [p[0], p[1], (p[2] as number) - 1],
  ].map((r) => r.map((v) => (v as number) / 2))
  t.ok(
    approxEqual(back(fromNested(1, 'float64') as Scalar), fromNested(expected, 'float64'), {
      relative: 1e-12,
      absolute: 1e-15,
    }),
    '(softmax − one-hot) / n',
  )
})

t.test('kinks of the hinge', async (t) => {
  const at = (z: readonly (readonly number[])[]) =>
    vjp((x: Tensor<readonly [number, number]>) => multiclassHinge.sum(fromNested([0], 'int32'))(x)[0])(
      fromNested(z, 'float64') as Tensor<readonly [number, number]>,
    )
  const gradient = (z: readonly (readonly number[])[]) => toNested(at(z)[1](fromNested(1, 'float64')))
  t.same(gradient([[2, 1, 0]]), [[0, 0, 0]], 'at a margin of 1')
  t.same(gradient([[1, 1, 1]]), [[-1, 1, 0]], 'of equal rivals the first')
})

t.test('a loss of one’s own', async (t) => {
  const huber = (delta: number) =>
    defineLoss('huber', (z: Tensor, y: Tensor) => {
      const e = op.sub(z, y)
      const size = op.add(op.relu(e), op.relu(op.neg(e)))
      const inside = op.sub(size, op.relu(op.shift(size, -delta)))
      return op.sum(op.sub(op.mul(inside, size), op.scale(op.mul(inside, inside), 0.5)), 1) as PerExample
    })
  const [z, y] = [normal(1, 5, 2), normal(2, 5, 2)]
  const expected = toArray(op.sub(z, y)).map((e) => (Math.abs(e) <= 1 ? (e * e) / 2 : Math.abs(e) - 0.5))
  t.ok(Math.abs(item(huber(1).sum(y)(z)[0]) - expected.reduce((a, b) => a + b, 0)) < 1e-12)
  t.ok(gradCheck(huber(1), { output: z, target: y }).pass)
  t.ok(gradCheck(huber(1).sum, { output: z, target: y }).pass)
  t.ok(
    gradCheck(({ output, target }: { output: Tensor; target: Tensor }) => op.mul(output, target), {
      output: z,
      target: y,
    }).pass,
    'a record of these names is no loss',
  )
})

t.test('extreme scores', async (t) => {
  const infinite = fromNested([[Number.POSITIVE_INFINITY, 0]], 'float64') as Tensor<readonly [number, number]>
  t.equal(item(multiclassHinge(fromNested([0], 'int32'))(infinite)[0]), 0)
  const z = fromNested([[1e30, -1e30]], 'float64') as Tensor<readonly [number, number]>
  t.equal(item(softmaxCrossEntropy(fromNested([0], 'int32'))(z)[0]), 0)
  t.equal(item(softmaxCrossEntropy(fromNested([1], 'int32'))(z)[0]), 2e30)
})

t.test('bad input', async (t) => {
  const z = normal(1, 2, 3) as Tensor<readonly [number, number]>
  const labels = fromNested([0, 1], 'int32')
  t.throws(
    () => leastSquares(normal(1, 2))(normal(2, 2, 1)),
    /leastSquares: expected a target \[2, 1\], as the output, got \[2\]/,
    'no [N, N] surprise',
  )
  t.throws(
    () => leastSquares(fromNested([1, Number.NaN], 'float64') as Tensor)(normal(1, 2)),
    /targets that are numbers, got NaN at index \[1\]/,
  )
  t.throws(() => leastSquares<Tensor>(zeros([2, 3]))(normal(1, 2, 3)), /float64 and float32/)
  t.ok(
    Number.isNaN(item(leastSquares(normal(1, 1))(fromNested([Number.NaN], 'float64') as Tensor)[0])),
    'a NaN in the output is the output’s',
  )
  for (const [name, loss] of Object.entries({ softmaxCrossEntropy, multiclassHinge })) {
    t.throws(
      () => loss(fromNested([0, 3], 'int32'))(z),
      new RegExp(`${name}: expected labels from 0 to 2, got 3 at index \\[1\\]`),
    )
    t.throws(() => loss(fromNested([0, -1], 'int32'))(z), ValueError)
    t.throws(
      () => loss(fromNested([0], 'int32'))(z),
      /scores \[batch, classes\] and labels \[batch\], got \[2, 3\] and \[1\]/,
    )
    t.throws(() => loss(labels)(normal(1, 2) as never), ShapeError)
    t.throws(
      () => loss(fromNested([0, 1]) as never)(z),
      new RegExp(`${name}: expected labels or indices in int32, got float32`),
    )
    t.throws(() => loss([0, 1] as never)(z), new RegExp(`${name}: expected a tensor, got an array`))
    const none = fromNested([], 'int32')
    t.throws(
      () => loss(none)(zeros([0, 3])),
      new RegExp(`${name}: expected at least one example to take the mean over, got an empty batch`),
    )
    t.equal(item(loss.sum(none)(zeros([0, 3]))[0]), 0, 'the sum over no examples is 0')
  }
})
