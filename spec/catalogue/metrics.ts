// Every metric the package exports: what it must give, worked by hand, and what it must refuse; and what holds for any scores.
import fc from 'fast-check'
import {
  type AnyTensor,
  fromArray,
  fromNested,
  type Labels,
  mae,
  metric,
  nll,
  op,
  random,
  type Scores,
  softmaxCrossEntropy,
  type Tensor,
  toArray,
  toNested,
  zeros,
} from 'pullback'
import t from 'tap'
import * as O from '#fp/Option'
import type { Streaming } from '../../lib/metric/streaming.ts'
import { layouts } from '../arbitrary/tensor.ts'
import { exportedFrom } from '../support/exported.ts'
import { check } from '../support/property.ts'

type Vector = Tensor<readonly [number]>
type Metric = (output: never, target: never) => unknown

interface MetricEntry {
  /** The name it is exported by. */
  readonly of: string
  readonly with?: string
  readonly metric: Metric
  /** What it must give: text for numbers that are no round ones. */
  readonly golden: readonly (readonly [output: AnyTensor, target: AnyTensor, said: unknown])[]
  /** What it refuses, and what it says then. */
  readonly errors: readonly (readonly [output: unknown, target: unknown, said: RegExp])[]
}

const f64 = (x: readonly number[]): Vector => fromNested([...x], 'float64')
const int = (x: readonly number[]): Labels => fromNested([...x], 'int32')
const { NaN: nan } = Number

/** Three classes; in the last row two scores are equal, and the first counts. */
const scores = fromNested([
  [1, 3, 2],
  [9, 0, 0],
  [0, 0, 1],
  [5, 5, 0],
]) as Scores
const labels = int([1, 0, 0, 2])
/** Class 1 never predicted, class 2 without examples, class 3 neither. */
const partial = fromNested([
  [1, 0, 0, 0],
  [1, 0, 0, 0],
  [0, 0, 1, 0],
]) as Scores
const partialLabels = int([0, 1, 0])

/** The first example predicts nothing, whichever its class is; the second class 1, the third class 0. */
const unknown = fromNested([
  [nan, nan],
  [0, 1],
  [1, 0],
]) as Scores
const none = zeros([0, 3])
const noLabels = int([])
const refused: MetricEntry['errors'] = [
  [scores, int([1]), /expected scores \[batch, classes\] and labels \[batch\], got \[4, 3\] and \[1\]/],
  [scores, int([1, 0, 0, 3]), /expected labels from 0 to 2, got 3 at index \[3\]/],
  [scores, zeros([4]), /expected labels or indices in int32, got float32/],
]
const refusedWithEmpty: MetricEntry['errors'] = [
  ...refused,
  [none, noLabels, /expected at least one example, got an empty batch/],
]

const largest = metric.streaming({
  empty: 0,
  of: (z: Tensor, y: Tensor) => Math.max(0, ...toArray(op.abs(op.sub(z, y)))),
  concat: Math.max,
  value: (most: number) => most,
})

const table: readonly MetricEntry[] = [
  {
    of: 'streaming',
    metric: (z: Tensor, y: Tensor) => largest(z, y),
    golden: [
      [f64([1, 5]), f64([2, 2]), 3],
      [f64([]), f64([]), 0],
    ],
    errors: [
      [f64([1]), f64([1, 2]), /two tensors of one shape/],
      [f64([1]), zeros([1]), /one number format/],
    ],
  },
  {
    of: 'mapValue',
    metric: metric.mapValue(metric.accuracy, (share) => 100 * share),
    golden: [[scores, int([1, 0, 0, 0]), 75]],
    errors: refusedWithEmpty,
  },
  {
    of: 'ofLoss',
    metric: metric.ofLoss(mae),
    golden: [
      [f64([1, 2]), f64([1, 5]), 1.5],
      [fromNested([[1, 2]]), fromNested([[0, 0]]), 3],
    ],
    errors: [
      [f64([1]), f64([1, 2]), /mae: expected a target \[1\], as the output, got \[2\]/],
      [f64([]), f64([]), /ofLoss mae: expected at least one example, got an empty batch/],
    ],
  },
  {
    of: 'ofLoss',
    with: 'weights and a label to ignore',
    metric: metric.ofLoss(nll.with({ weights: [1, 3, 0], ignore: -1 })),
    golden: [
      [
        fromNested([
          [-1, 0, 0],
          [0, -2, 0],
          [0, 0, 0],
        ]),
        int([0, 1, -1]),
        1.75,
      ],
    ],
    errors: [
      [fromNested([[0, 0, 0]]), int([2]), /ofLoss nll: expected at least one example/],
      [fromNested([[0, 0, 0]]), int([3]), /nll: expected labels from 0 to 2, got 3/],
    ],
  },
  {
    of: 'perplexity',
    metric: metric.perplexity,
    golden: [
      [zeros([3, 4]), int([0, 3, 1]), '4.0000'],
      [
        fromNested([
          [Math.log(3), 0],
          [0, 0],
        ]),
        int([0, 0]),
        '1.6330',
      ], // √(4/3 · 2)
    ],
    errors: [
      [zeros([2, 3]), int([0]), /softmaxCrossEntropy: expected scores \[batch, classes\] and labels \[batch\]/],
      [none, noLabels, /ofLoss softmaxCrossEntropy: expected at least one example, got an empty batch/],
    ],
  },
  {
    of: 'accuracy',
    metric: metric.accuracy,
    golden: [
      [scores, int([1, 0, 0, 0]), 0.75],
      [unknown, int([0, 1, 1]), '0.3333'],
      [fromNested([[nan, 1, 0]]), int([0]), 0],
      [fromNested([[1, nan, 0]]), int([0]), 0],
    ],
    errors: refusedWithEmpty,
  },
  {
    of: 'confusionMatrix',
    metric: (z: Scores, y: Labels) => toNested(metric.confusionMatrix(z, y)),
    golden: [
      [
        scores,
        labels,
        [
          [1, 0, 1],
          [0, 1, 0],
          [1, 0, 0],
        ],
      ],
      [zeros([0, 2]), noLabels, toNested(zeros([2, 2]))],
      [
        unknown,
        int([0, 1, 1]),
        [
          [0, 0],
          [1, 1],
        ],
      ],
    ],
    errors: refused,
  },
  {
    of: 'topK',
    with: 'k = 2',
    metric: (z: Scores, y: Labels) => metric.topK(z, y, 2),
    golden: [
      [scores, int([2, 1, 0, 1]), 1],
      [scores, int([0, 2, 1, 2]), 0],
      [fromNested([[nan, 2, 3]]), int([1]), 0],
      [fromNested([[1, nan, nan]]), int([2]), 0],
      [fromNested([[3, 2, nan]]), int([0]), 0],
      [unknown, int([0, 1, 1]), '0.6667'],
    ],
    errors: refusedWithEmpty,
  },
  {
    of: 'precision',
    metric: metric.precision,
    golden: [
      [scores, labels, '0.5000'],
      [partial, partialLabels, '0.1667'],
      [unknown, int([0, 1, 1]), 0.5],
    ],
    errors: refusedWithEmpty,
  },
  {
    of: 'precision',
    with: 'classes apart',
    metric: metric.precision.perClass,
    golden: [
      [scores, labels, [O.some(0.5), O.some(1), O.some(0)]],
      [partial, partialLabels, [O.some(0.5), O.none, O.some(0), O.none]],
      [unknown, int([0, 1, 1]), [O.some(0), O.some(1)]],
    ],
    errors: refusedWithEmpty,
  },
  {
    of: 'recall',
    metric: metric.recall,
    golden: [
      [scores, labels, '0.5000'],
      [partial, partialLabels, '0.1667'],
      [unknown, int([0, 1, 1]), 0.25],
    ],
    errors: refusedWithEmpty,
  },
  {
    of: 'recall',
    with: 'classes apart',
    metric: metric.recall.perClass,
    golden: [
      [scores, labels, [O.some(0.5), O.some(1), O.some(0)]],
      [partial, partialLabels, [O.some(0.5), O.some(0), O.none, O.none]],
      [unknown, int([0, 1, 1]), [O.some(0), O.some(0.5)]],
    ],
    errors: refusedWithEmpty,
  },
  {
    of: 'f1',
    metric: metric.f1,
    golden: [
      [scores, labels, '0.5000'],
      [partial, partialLabels, '0.1667'],
      [unknown, int([0, 1, 1]), '0.3333'],
    ],
    errors: refusedWithEmpty,
  },
  {
    of: 'f1',
    with: 'classes apart',
    metric: metric.f1.perClass,
    golden: [
      [scores, labels, [O.some(0.5), O.some(1), O.some(0)]],
      [partial, partialLabels, [O.some(0.5), O.some(0), O.some(0), O.none]],
      [unknown, int([0, 1, 1]), [O.some(0), O.some(2 / 3)]],
    ],
    errors: refusedWithEmpty,
  },
  {
    of: 'rocAuc',
    metric: metric.rocAuc,
    golden: [
      [f64([0.1, 0.4, 0.35, 0.8]), int([0, 0, 1, 1]), O.some(0.75)],
      [f64([1, 1, 1]), int([0, 1, 1]), O.some(0.5)],
      [f64([-1e300, 1e300]), int([1, 0]), O.some(0)],
      [f64([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]), int([0, 1]), O.some(1)],
      [f64([1, 2]), int([1, 1]), O.none],
      [f64([1, 2]), int([0, 0]), O.none],
      [f64([]), noLabels, O.none],
    ],
    errors: [
      [f64([1, nan]), int([0, 1]), /rocAuc: expected scores that are numbers, got NaN at index \[1\]/],
      [f64([1, 2]), int([0, 2]), /rocAuc: expected labels from 0 to 1, got 2 at index \[1\]/],
      [zeros([2, 1]), int([0, 1]), /rocAuc: expected scores \[batch\] and labels \[batch\], got \[2, 1\] and \[2\]/],
      [int([1, 2]), int([0, 1]), /rocAuc: expected float32 or float64, got int32/],
    ],
  },
  {
    of: 'overSteps',
    metric: metric.overSteps(metric.accuracy, { ignore: -1 }),
    golden: [
      [
        fromNested([
          [
            [1, 2],
            [4, 3],
          ],
          [
            [1, 2],
            [0, 9],
          ],
        ]),
        fromNested(
          [
            [1, 1],
            [1, -1],
          ],
          'int32',
        ),
        '0.6667',
      ],
      [fromNested([[[1, 2]], [[1, 2]], [[9, 8]]]), fromNested([[0], [-1], [0]], 'int32'), 0.5],
    ],
    errors: [
      [zeros([2, 3]), zeros([2, 3], 'int32'), /expected scores \[batch, classes\] and labels \[batch\]/],
      [
        zeros([2, 3, 4]),
        int([0, 1]),
        /overSteps: expected outputs and targets \[batch, steps, …\], got \[2, 3, 4\] and \[2\]/,
      ],
      [zeros([2, 3, 4]), zeros([2, 4], 'int32'), /overSteps: expected outputs and targets/],
      [zeros([1, 1, 2]), fromNested([[-1]], 'int32'), /accuracy: expected at least one example, got an empty batch/],
    ],
  },
  {
    of: 'r2',
    metric: metric.r2,
    golden: [
      [f64([1, 2, 4]), f64([1, 2, 3]), O.some(0.5)],
      [f64([2, 2, 2]), f64([1, 2, 3]), O.some(0)],
      [f64([1e200, 2e200, 4e200]), f64([1e200, 2e200, 3e200]), O.some(0.5)],
      [f64([1e308, -1e308]), f64([1.5e308, -1.5e308]), O.some(8 / 9)],
      [f64([2 ** -700, 2 ** -699, 2 ** -698]), f64([2 ** -700, 2 ** -699, 3 * 2 ** -700]), O.some(0.5)],
      [f64([1e200, 2]), f64([1, 2]), O.some(Number.NEGATIVE_INFINITY)],
      [f64([nan, 2]), f64([1, 2]), O.some(nan)],
      [f64([3, 2, 1]), f64([1, 2, 3]), O.some(-3)],
      [
        fromNested([
          [1, 3],
          [3, 1],
        ]),
        fromNested([
          [1, 1],
          [3, 3],
        ]),
        O.some(-1),
      ],
      [f64([0.2, 0.1, 0.3]), f64([0.1, 0.1, 0.1]), O.none],
      [f64([1]), f64([1]), O.none],
      [f64([]), f64([]), O.none],
    ],
    errors: [
      [
        zeros([2, 1]),
        zeros([2]),
        /r2: expected an output and a target of one shape \[batch, …\], got \[2, 1\] and \[2\]/,
      ],
      [zeros([]), zeros([]), /r2: expected an output and a target of one shape/],
      [zeros([2]), f64([1, 2]), /r2, output and target: expected one number format, got float32 and float64/],
      [int([1, 2]), int([1, 2]), /r2: expected float32 or float64, got int32/],
    ],
  },
]

const rounded = (found: unknown, said: unknown): unknown =>
  typeof said === 'string' ? (found as number).toFixed(4) : found

for (const { of, with: options, metric, golden, errors } of table)
  t.test(options === undefined ? of : `${of}, ${options}`, async (t) => {
    for (const [output, target, said] of golden) {
      const backward = <T extends AnyTensor>(x: T): never =>
        op.gather(x, int([...Array(x.shape[0]).keys()].reverse())) as AnyTensor as never
      for (const [layout, x] of layouts(output as Tensor))
        t.same(rounded(metric(x as never, target as never), said), said, `${layout}: ${said}`)
      t.same(rounded(metric(backward(output), backward(target)), said), said, 'in another order')
    }
    t.ok(errors.length >= 2, 'two errors at least')
    for (const [output, target, said] of errors) t.throws(() => metric(output as never, target as never), said)
  })

t.test('every exported metric has an entry', async (t) => {
  t.same([...new Set(table.map(({ of }) => of))].sort(), exportedFrom(/^metric\//))
})

t.test('scores that are all NaN', async (t) => {
  const [z, y] = [fromNested([[nan, nan]]) as Scores, int([0])]
  t.equal(metric.accuracy(z, y), 0)
  t.equal(metric.topK(z, y, 2), 0)
  for (const share of [metric.precision, metric.recall, metric.f1])
    t.same([share.micro(z, y), share.macro(z, y)], [0, 0])
  t.same(metric.precision.perClass(z, y), [O.none, O.none])
  t.same(metric.recall.perClass(z, y), [O.some(0), O.none])
})

t.test('k', async (t) => {
  for (const k of [0, 4, 1.5, nan])
    t.throws(() => metric.topK(scores, labels, k), /topK: expected a whole k from 1 to 3, got/)
  t.equal(metric.topK(scores, labels, 3), 1)
})

t.test('a streaming metric has all its parts', async (t) => {
  const { empty, of, concat, value } = largest
  for (const parts of [{ of, concat, value }, { empty, of, concat }, { empty, of, concat, value: 1 }, undefined])
    t.throws(() => metric.streaming(parts as never), /streaming: expected parts \{ empty, of, concat, value \} of a/)
  t.throws(() => metric.accuracy.value(metric.accuracy.empty), /accuracy: expected at least one example, got an empty/)
  t.same(metric.r2.value(metric.r2.empty), O.none)
  t.throws(
    () => metric.f1.concat(metric.f1.of(scores, labels), metric.f1.of(partial, partialLabels)),
    /f1: expected minibatches of 3 classes, got one of 4/,
  )
})

/** Scores of few values, so that there are ties, and labels. */
const classified = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 })).chain(([n, classes]) => {
  const digits = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: n * classes, maxLength: n * classes })
  const named = fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: n, maxLength: n })
  return fc.tuple(digits, named).map(([z, y]) => [fromArray(z, [n, classes]) as Scores, int(y)] as const)
})
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-12

t.test('properties that hold for any scores', async () => {
  check(classified, ([z, y]) => {
    const right = metric.accuracy(z, y)
    const [p, r, f] = [metric.precision, metric.recall, metric.f1].map((m) =>
      m.perClass(z, y).map(O.getOrElse(() => 0)),
    ) as [number[], number[], number[]]
    return (
      metric.topK(z, y, 1) === right &&
      metric.topK(z, y, z.shape[1]) === 1 &&
      [metric.precision, metric.recall, metric.f1].every(
        (m) => near(m.micro(z, y), right) && m(z, y) === m.macro(z, y),
      ) &&
      f.every((v, c) => {
        const [a, b] = [p[c] as number, r[c] as number]
        return near(v, a + b === 0 ? 0 : (2 * a * b) / (a + b))
      })
    )
  })
})

const first = (z: Scores): Vector => op.slice(z, [[null, null], 0]) as Vector
const yes = (y: Labels): Labels => int(toArray(y).map((c) => Math.min(c, 1)))
const counts = metric.mapValue(metric.confusionMatrix, (counts) => toNested(counts))
const steps = metric.overSteps(counts, { ignore: 1 })
/** Every metric, on scores and labels. */
const streams: Readonly<Record<string, Streaming<Scores, Labels, unknown, unknown>>> = Object.fromEntries(
  Object.entries({
    accuracy: metric.accuracy,
    topK: metric.topK(1),
    confusionMatrix: counts,
    precision: metric.precision,
    recall: metric.recall.micro,
    f1: metric.f1.perClass,
    rocAuc: { ...metric.rocAuc, of: (z: Scores, y: Labels) => metric.rocAuc.of(first(z), yes(y)) },
    r2: { ...metric.r2, of: (z: Scores, y: Labels) => metric.r2.of(first(z), op.cast(y, 'float32') as Tensor) },
    perplexity: metric.perplexity,
    overSteps: {
      ...steps,
      of: (z: Scores, y: Labels) =>
        steps.of(op.reshape(z, [...y.shape, 1, z.shape[1]]) as never, op.reshape(y, [...y.shape, 1]) as never),
    },
    ofLoss: metric.ofLoss(softmaxCrossEntropy.with({ weights: [1, 2, 3, 4] })),
    largest: { ...largest, of: (z: Scores, y: Labels) => largest.of(first(z), op.cast(y, 'float32') as Tensor) },
  }).map(([name, parts]) => [name, metric.streaming(parts as never)]),
)
/** Equal, but for rounding where squares and logarithms are summed. */
const alike = (a: unknown, b: unknown): boolean => {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-9 * (1 + Math.abs(a))
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  return (
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([name, x]) => alike(x, b[name as never]))
  )
}

t.test('over minibatches of any sizes a metric is what it is over all examples', async () => {
  const cuts = fc.tuple(fc.nat(6), fc.nat(6), fc.boolean())
  check(fc.tuple(classified, cuts), ([[z, y], [i, j, toTheRight]]) => {
    const n = y.size
    const at = [0, Math.min(i, j, n), Math.min(Math.max(i, j), n), n] as const
    const part = (k: 0 | 1 | 2) =>
      [
        op.slice(z, [[at[k], at[k + 1] as number]]) as Scores,
        op.slice(y, [[at[k], at[k + 1] as number]]) as Labels,
      ] as const
    return Object.values(streams).every((m) => {
      if (m === streams.ofLoss && z.shape[1] !== 4) return true
      const [a, b, c] = [m.of(...part(0)), m.of(...part(1)), m.of(...part(2))]
      const all = toTheRight ? m.concat(a, m.concat(b, c)) : m.concat(m.concat(m.concat(m.empty, a), b), c)
      return alike(m.value(all), m(z, y)) && alike(m.concat(all, m.empty), all) && alike(m.concat(m.empty, all), all)
    })
  })
})

t.test('over steps every metric is that of the steps that count', async (t) => {
  const z = random.normal(random.key(1), [3, 4, 3])
  const y = fromArray([0, 1, 2, -1, 1, 1, -1, -1, 2, 0, 0, -1], [3, 4], 'int32')
  const counted = int([0, 1, 2, 4, 5, 8, 9, 10])
  const [rows, right] = [op.gather(op.reshape(z, [12, 3]), counted), op.gather(op.reshape(y, [12]), counted)]
  const { accuracy, f1, perplexity, confusionMatrix } = metric
  const of = { accuracy, top: metric.topK(2), f1, perClass: f1.perClass, perplexity, confusionMatrix }
  for (const [name, m] of Object.entries(of) as [string, Streaming<Scores, Labels, unknown, unknown>][]) {
    const [over, said] = [metric.overSteps(m, { ignore: -1 }), m(rows as Scores, right as Labels)]
    const parts = [
      [0, 1],
      [1, 3],
    ].map((range) => over.of(op.slice(z, [range as never]) as never, op.slice(y, [range as never]) as never))
    const found = [over(z as never, y as never), over.value(parts.reduce(over.concat, over.empty))]
    for (const one of found) t.ok(alike(one, said) || alike(toNested(one as Tensor), toNested(said as Tensor)), name)
  }
  const first = op.slice(z, [null, null, 0])
  const atMostOne = fromArray(
    toArray(y).map((c) => Math.min(c, 1)),
    [3, 4],
    'int32',
  )
  t.same(
    metric.overSteps(metric.rocAuc, { ignore: -1 })(first as never, atMostOne as never),
    metric.rocAuc(op.slice(rows, [null, 0]) as Vector, yes(right as Labels)),
  )
  t.throws(() => metric.overSteps((() => 1) as never), /overSteps: expected a metric that streams/)
  t.throws(() => metric.overSteps(accuracy, { ignore: 0.5 }), /overSteps: expected a whole label to ignore, got 0.5/)
})

t.test('r2 over minibatches of numbers that are far apart in size', async (t) => {
  const [z, y] = [f64([1e308, -1e308, 1, 2]), f64([1.5e308, -1.5e308, 3, 4])]
  const of = (from: number, to: number) =>
    metric.r2.of(op.slice(z, [[from, to]]) as Tensor, op.slice(y, [[from, to]]) as Tensor)
  for (const cut of [1, 2, 3]) {
    const both = metric.r2.value(metric.r2.concat(of(0, cut), of(cut, 4)))
    t.ok(O.isSome(both) && near(both.value, 8 / 9), `cut at ${cut}`)
  }
  t.same(metric.r2.value(metric.r2.concat(of(0, 0), metric.r2.concat(of(2, 3), of(2, 3)))), O.none, 'equal targets')
})

t.test('rocAuc counts pairs', async () => {
  check(classified, ([z, y]) => {
    const [s, is] = [op.slice(z, [[null, null], 0]) as Vector, toArray(y).map((c) => Math.min(c, 1))]
    const xs = toArray(s)
    const pairs = xs.flatMap((a, i) =>
      xs.flatMap((b, j) => (is[i] === 1 && is[j] === 0 ? [a > b ? 1 : a === b ? 0.5 : 0] : [])),
    )
    const said = pairs.length === 0 ? O.none : O.some(pairs.reduce<number>((a, b) => a + b, 0) / pairs.length)
    const found = metric.rocAuc(s, int(is))
    const opposed = metric.rocAuc(op.neg(s), int(is))
    return (
      found._tag === said._tag &&
      (found._tag === 'None' || said._tag === 'None' || near(found.value, said.value)) &&
      (found._tag === 'None' || opposed._tag === 'None' || near(found.value, 1 - opposed.value))
    )
  })
})

t.test('r2 far from zero', async (t) => {
  const y = random.normal(random.key(1), [50], 'float64')
  const z = op.addScaled(y, random.normal(random.key(2), [50], 'float64'), 0.1)
  const [here, there] = [metric.r2(z, y), metric.r2(op.shift(z, 1e6), op.shift(y, 1e6))]
  t.ok(O.isSome(here) && O.isSome(there) && Math.abs(here.value - there.value) < 1e-8)
})
