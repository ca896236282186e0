// A loss of steps over sequences is the loss of all steps as one minibatch.
import {
  fromNested,
  item,
  leastSquares,
  ones,
  op,
  overSteps,
  random,
  softmaxCrossEntropy,
  type Tensor,
  toArray,
  toNested,
  weighted,
  zeros,
} from 'pullback'
import t from 'tap'
import { lawsOfDiff } from '../law/diff.ts'

const scores = random.normal(random.key(1), [2, 3, 4], 'float64') as Tensor<readonly [2, 3, 4]>
const labels = fromNested(
  [
    [0, 3, 1],
    [2, -1, -1],
  ],
  'int32',
) as Tensor<readonly [2, 3], 'int32'>
const ignoring = softmaxCrossEntropy.with({ ignore: -1 })
const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-14

t.test('the reductions, with padding left out', async (t) => {
  const flat = op.slice(op.reshape(scores, [6, 4]), [[0, 4]])
  const real = fromNested([0, 3, 1, 2], 'int32')
  const loss = overSteps(ignoring)
  for (const by of ['mean', 'sum'] as const)
    t.ok(
      close(item(loss[by](labels as never)(scores as never)[0]), item(softmaxCrossEntropy[by](real)(flat as never)[0])),
      by,
    )
  const none = toArray(loss.none(labels as never)(scores as never)[0])
  const each = toArray(softmaxCrossEntropy.none(real)(flat as never)[0])
  t.ok(close(none[0] as number, (each[0] as number) + (each[1] as number) + (each[2] as number)))
  t.ok(close(none[1] as number, each[3] as number))
  t.ok(close(item(loss(labels as never)(scores as never)[0]), item(loss.mean(labels as never)(scores as never)[0])))
})

t.test('derivatives', async (t) => {
  const loss = overSteps(ignoring)
  for (const by of ['mean', 'sum', 'none'] as const) {
    const f = (x: Tensor) => loss[by](labels as never)(x as never)[0] as Tensor
    lawsOfDiff(t, by, f, scores as Tensor)
    const [value, back] = loss[by](labels as never)(scores as never)
    const d = back(op.add(value as Tensor, value as never) as never) as Tensor
    t.same(d.shape, [2, 3, 4])
    t.same(
      toNested(op.slice(d, [1, [1, 3]])),
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      'padding gets none',
    )
  }
})

t.test('losses of outputs that are shaped as their targets', async (t) => {
  const [y, z] = [random.normal(random.key(2), [2, 3, 1]), random.normal(random.key(3), [2, 3, 1])]
  const flat = (x: Tensor): never => op.reshape(x, [6, 1]) as never
  t.equal(item(overSteps(leastSquares as never)(y as never)(z as never)[0]), item(leastSquares(flat(y))(flat(z))[0]))
})

t.test('what is refused', async (t) => {
  t.throws(
    () => overSteps(softmaxCrossEntropy(fromNested([0], 'int32')) as never),
    /overSteps: expected a loss, got one that has its target already/,
  )
  t.throws(
    () => overSteps(ignoring)(fromNested([0], 'int32') as never)(fromNested([[1, 2]]) as never),
    /overSteps: expected outputs and targets \[batch, steps, …\], got \[1\]/,
  )
  const of = (target: number[], output: number[]) => () =>
    overSteps(softmaxCrossEntropy)(zeros(target, 'int32') as never)(zeros(output) as never)
  t.throws(
    of([3, 2], [2, 3, 5]),
    /overSteps: expected outputs and targets of 2 sequences with 3 steps each, as outputs \[2, 3, 5\] have, got \[3, 2\]/,
  )
  t.throws(of([2, 4], [2, 3, 5]), /with 3 steps each, as outputs \[2, 3, 5\] have, got \[2, 4\] \[shape-mismatch\]/)
  t.throws(of([1, 6], [2, 3, 5]), /got \[1, 6\] \[batch-mismatch\]/)
  const target = { target: zeros([3, 2], 'int32'), weight: ones([2]) } as never
  t.throws(
    () => weighted(overSteps(softmaxCrossEntropy) as never)(target)(zeros([2, 3, 5]) as never),
    /2 sequences with 3 steps each, .* got \[3, 2\]/,
  )
})

t.test('weights of steps and of sequences: the mean divides by their sum', async (t) => {
  const each = [0, 1].map((i) =>
    toArray(ignoring.none(op.slice(labels, [i]) as never)(op.slice(scores, [i]) as never)[0]),
  ) as [number[], number[]]
  const steps = fromNested(
    [
      [1, 2, 0],
      [0.5, 3, 3],
    ],
    'float64',
  )
  const ofSteps = item(overSteps(weighted(ignoring))({ target: labels, weight: steps } as never)(scores as never)[0])
  const [first, second] = each as [[number, number, number], [number, number, number]]
  t.ok(close(ofSteps, (first[0] + 2 * first[1] + 0.5 * second[0]) / 3.5), 'steps; padding weighs nothing')
  const sequences = fromNested([1, 3], 'float64')
  const target = { target: labels, weight: sequences } as never
  const ofSequences = item(weighted(overSteps(ignoring) as never)(target)(scores as never)[0])
  t.ok(close(ofSequences, (first[0] + first[1] + first[2] + 3 * second[0]) / 6), 'sequences')
})
