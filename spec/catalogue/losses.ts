// Every loss the package exports: where it is smooth, what it must give (numbers of PyTorch 1.13 in float64, or worked by hand), and what
// it must refuse. The laws do the rest.
import {
  type AnyTensor,
  binaryCrossEntropy,
  binaryFocal,
  categoricalCrossEntropy,
  contrastive,
  cosineDistance,
  type Diff,
  defineLoss,
  dice,
  type Float,
  fromNested,
  gaussianNll,
  huber,
  item,
  klDivergence,
  leastSquares,
  mae,
  mse,
  multiclassHinge,
  type Nested,
  nll,
  ones,
  op,
  type PerExample,
  random,
  type Shape,
  smoothL1,
  softmaxCrossEntropy,
  softmaxFocal,
  type Tensor,
  type Tree,
  toArray,
  toNested,
  tripletMargin,
  weighted,
  westonWatkinsHinge,
  zeros,
} from 'pullback'
import t from 'tap'
import { type Drawn, type Golden, type LossEntry, lawsOfLoss } from '../law/loss.ts'
import { exportedFrom } from '../support/exported.ts'

const { POSITIVE_INFINITY: infinity, NaN: nan } = Number
const f64 = (x: Nested): Tensor => fromNested(x, 'float64') as Tensor
const int = (x: Nested): AnyTensor => fromNested(x, 'int32') as AnyTensor
const normal = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape, 'float64')
const uniform = (seed: number, shape: Shape): Tensor =>
  random.uniform(random.key(seed), shape, { min: 0.1, max: 0.9, dtype: 'float64' })
const distribution = (seed: number, ...shape: number[]): Tensor => op.softmax(normal(seed, ...shape))
const logDistribution = (...shape: number[]): Tensor => op.logSoftmax(normal(3, ...shape))

type Draw = (n: number) => Drawn
const pairs =
  (...outputs: number[]): Draw =>
  (n) => [normal(3, n, ...outputs), normal(4, n, ...outputs)]
const equals: Draw = (n) => [normal(3, n, 3), normal(3, n, 3)]
const regressions = [pairs(), pairs(3), pairs(2, 2)]
const labelled =
  (classes: number, output = (...shape: number[]) => normal(3, ...shape)): Draw =>
  (n) => [output(n, classes), int(Array.from({ length: n }, (_, i) => (i * i + i + classes - 1) % classes))]
const partly: Draw = (n) => {
  const [output, target] = labelled(3)(n)
  return [output, int(toArray(target).map((c, i) => (i % 3 === 1 ? -1 : c)))]
}

const z = f64([
  [0.5, -2, 3],
  [1, 1.5, -0.25],
])
const y = f64([
  [0, 1, 2.75],
  [1, -2, 0.25],
])
const logs = f64([
  [-0.5, -2, -3],
  [-1, -1.5, -0.25],
])
const shares = f64([
  [0, 1, 1],
  [0.25, 1, 0],
])
const mixture = f64([
  [0.5, 0.25, 0.25],
  [0, 0.75, 0.25],
])
const labels = int([2, 0])
const weights = [0.5, 1, 3]
const weightOf = (target: AnyTensor): number => toArray(target).reduce((sum, c) => sum + (weights[c] ?? 0), 0)

type Given = (target: never) => (output: never) => unknown
const call = (loss: unknown, output: unknown, target: unknown) => () =>
  (loss as Given)(target as never)(output as never)
const golden = (
  at: string,
  [output, target]: Drawn,
  losses: readonly number[],
  gradient: readonly number[],
  mean?: number,
): Golden => ({ at, output, target, losses, gradient, ...(mean === undefined ? {} : { mean }) })

const refusesTargets = (name: string, loss: unknown): LossEntry['errors'] => [
  [
    call(loss, zeros([2, 1]), zeros([2])),
    new RegExp(`${name}: expected a target \\[2, 1\\], as the output, got \\[2\\]`),
  ],
  [call(loss, zeros([2, 3]), normal(2, 2, 3)), new RegExp(`${name}, output and target: .* got float32 and float64`)],
  [call(loss, zeros([2]), [1, 2]), new RegExp(`${name}: expected a tensor, got an array`)],
]
const refusesLabels = (name: string, loss: unknown): LossEntry['errors'] => [
  [call(loss, z, int([0, 3])), new RegExp(`${name}: expected labels from 0 to 2, got 3 at index \\[1\\]`)],
  [call(loss, z, int([-2, 0])), new RegExp(`${name}: expected labels from 0 to 2, got -2 at index \\[0\\]`)],
  [call(loss, z, int([0])), /scores \[batch, classes\] and labels \[batch\], got \[2, 3\] and \[1\]/],
  [call(loss, normal(1, 2), labels), new RegExp(`${name}: expected scores`)],
  [call(loss, z, zeros([2])), new RegExp(`${name}: expected labels or indices in int32, got float32`)],
  [call(loss, z, [0, 1]), new RegExp(`${name}: expected a tensor, got an array`)],
]
const refusesNumbers = (name: string, loss: unknown): LossEntry['errors'] => [
  [call(loss, f64([[0.5]]), f64([[1.5]])), new RegExp(`${name}: expected targets from 0 to 1.*, got 1.5 at`)],
  [call(loss, f64([[0.5]]), f64([[nan]])), new RegExp(`${name}: expected targets from 0 to 1.*, got NaN at`)],
]

const regression = (of: string, loss: unknown, entry: Partial<LossEntry> & Pick<LossEntry, 'golden'>): LossEntry => ({
  of,
  loss,
  domain: 'numbers',
  draws: regressions,
  ...entry,
  errors: [...refusesTargets(of, loss), ...(entry.errors ?? [])],
})
const classification = (
  of: string,
  loss: unknown,
  entry: Partial<LossEntry> & Pick<LossEntry, 'golden'>,
): LossEntry => ({
  of,
  loss,
  domain: 'numbers',
  draws: [labelled(3), labelled(5), labelled(1)],
  ...entry,
  errors: [...refusesLabels(of, loss), ...(entry.errors ?? [])],
})

const cubed = defineLoss('cubed', (output: Tensor, target: Tensor) => {
  const e = op.abs(op.sub(output, target))
  return op.sum(op.mul(e, op.mul(e, e)), 1) as PerExample
})

/** 0 and 1, as for questions and masks. */
const mask = f64([
  [0, 1, 1],
  [1, 0, 0],
])
/** Two means, and two logarithms of variances. */
const uncertain = f64([
  [0.5, -2, 0.3, -1],
  [1, 1.5, -0.25, 2],
])
/** Embeddings of an anchor, of what is alike and of what is not. */
const triplets = f64([
  [
    [0.5, -2],
    [0, 1],
    [1, 1],
  ],
  [
    [1, 1.5],
    [1, -2],
    [0, -2],
  ],
  [
    [0, 0],
    [0.1, 0],
    [3, 0],
  ],
])
const noTarget = zeros([3], 'float64') as Tensor
const drawnStack =
  (parts: number): Draw =>
  (n) => [normal(3, n, parts, 2), zeros([n], 'float64') as Tensor]

/** A loss of records as one of tensors [batch, parts, …], which the laws take; it has the target given here, if any. */
const stacked = (loss: unknown, names: readonly string[], ownTarget?: Tree): unknown => {
  const over =
    (how: (target: Tree) => Diff<Tree, Tensor>) =>
    (target: Tree) =>
    (output: Tensor): readonly [Tensor, (d: Tensor) => Tensor] => {
      const parts = names.map((name, i) => [name, op.slice(output, [null, i])] as const)
      const [value, back] = how(ownTarget ?? target)(Object.fromEntries(parts) as Tree)
      return [
        value,
        (d) =>
          op.stack(
            names.map((name) => (back(d) as Record<string, Tensor>)[name] as Tensor),
            1,
          ),
      ]
    }
  const { mean, sum, none } = loss as Record<'mean' | 'sum' | 'none', (target: Tree) => Diff<Tree, Tensor>>
  return Object.assign(over(mean), { mean: over(mean), sum: over(sum), none: over(none) })
}

const total = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)
/** Weights that depend on the targets, so that they go where these go: 1 + y² for the first number, or half a label + 1. */
const weightsAt = (target: AnyTensor, dtype: Float): PerExample =>
  (target.dtype === 'int32'
    ? op.shift(op.scale(op.cast(target, dtype), 0.5), 1)
    : op.shift(op.square(op.slice(target as Tensor, [null, 0]) as Tensor), 1)) as PerExample
const withWeights = (loss: unknown): unknown => {
  const over =
    (how: (target: Tree) => Diff<Tensor, Tensor>) =>
    (target: AnyTensor): Diff<Tensor, Tensor> =>
    (output) =>
      how({ target, weight: weightsAt(target, output.dtype) } as Tree)(output)
  const { mean, sum, none } = loss as Record<'mean' | 'sum' | 'none', (target: Tree) => Diff<Tensor, Tensor>>
  return Object.assign(over(mean), { mean: over(mean), sum: over(sum), none: over(none) })
}

const squares = (x: Tensor): PerExample => op.sum(op.mul(x, x), 1) as PerExample
const relative = defineLoss(
  'relative',
  (output: Tensor, target: Tensor) => squares(op.sub(output, target)),
  (_, target) => squares(target),
)

const table: readonly LossEntry[] = [
  {
    of: 'defineLoss',
    loss: cubed,
    domain: 'numbers',
    draws: [pairs(3)],
    golden: [golden('differences', [f64([[2, 0]]), f64([[1, 2]])], [9], [3, -12])],
    errors: [
      [call(cubed, zeros([2, 3]), zeros([3, 2])), /two tensors of one shape/],
      [
        call(cubed, normal(1, 2, 1), f64([[1], [nan]])),
        /cubed: expected targets that are numbers, got NaN at index \[1, 0\]/,
      ],
    ],
  },
  {
    of: 'defineLoss',
    with: 'a weight for each example',
    loss: relative,
    domain: 'numbers',
    draws: [pairs(3)],
    weight: (target) => item(op.sum(squares(target as Tensor))),
    golden: [golden('differences', [f64([[2], [0]]), f64([[1], [2]])], [1, 4], [2, -4], 1)],
    errors: [
      [call(relative, zeros([2, 3]), zeros([3, 2])), /two tensors of one shape/],
      [
        call(relative, zeros([2, 3]), zeros([2, 3])),
        /relative: expected at least one example .*, got no example that counts/,
      ],
    ],
  },
  regression('binaryFocal', binaryFocal, {
    draws: [(n) => [normal(3, n, 3), uniform(4, [n, 3])], (n) => [normal(3, n), uniform(4, [n])]],
    golden: [
      golden(
        'logits',
        [z, mask],
        [2.0275990636053156, 1.2703318643924992],
        [
          0.5261518218745831, -1.076713730448482, -0.00031487184648827866, -0.05258112997756062, 0.9614246874703603,
          0.20805637912486435,
        ],
      ),
      golden('logits beyond doubt, one of them wrong', [f64([[1e3, -1e3, 1e3]]), f64([[1, 0, 0]])], [1e3], [0, 0, 1]),
    ],
    errors: refusesNumbers('binaryFocal', binaryFocal),
  }),
  regression('binaryFocal', binaryFocal.with({ alpha: 0.25, gamma: 1.5, outputs: 'mean' }), {
    with: 'weights, another exponent, and the mean over the outputs',
    draws: [(n) => [normal(3, n, 3), uniform(4, [n, 3])]],
    golden: [
      golden(
        'logits',
        [z, mask],
        [0.2661492642131516, 0.3597955457001533],
        [
          0.14414773184718999, -0.08687252929055964, -0.00010057085959525145, -0.007118414981050009,
          0.23714128457436526, 0.06688399041027854,
        ],
      ),
    ],
    errors: [
      [() => binaryFocal.with({ gamma: -1 }), /binaryFocal: expected a gamma that is not negative, got -1/],
      [() => binaryFocal.with({ alpha: 2 }), /binaryFocal: expected an alpha from 0 to 1, got 2/],
    ],
  }),
  classification('softmaxFocal', softmaxFocal, {
    golden: [
      golden(
        'scores',
        [z, labels],
        [0.00056630620618847, 0.468068143882566],
        [
          0.0014630062355204714, 0.00012009086482945319, -0.0015830971003499262, -0.6055277941096403,
          0.5158811008613983, 0.08964669324824201,
        ],
      ),
      golden('one class, and nothing to confuse it with', [f64([[3]]), int([0])], [0], [0]),
    ],
    errors: [[() => softmaxFocal.with({ gamma: nan }), /softmaxFocal: expected a gamma that is not negative, got NaN/]],
  }),
  classification('softmaxFocal', softmaxFocal.with({ gamma: 0.5, weights, ignore: -1 }), {
    with: 'an exponent below 1, weights, and a label to ignore',
    draws: [partly],
    weight: weightOf,
    golden: [
      golden(
        'scores',
        [z, labels],
        [0.07291564390619079, 0.4371634699422078],
        [
          0.09554059763384608, 0.00784244982530072, -0.1033830474591469, -0.34214185803859326, 0.29148871462662346,
          0.0506531434119698,
        ],
        (0.07291564390619079 + 0.4371634699422078) / 3.5,
      ),
    ],
  }),
  regression('dice', dice, {
    domain: 'probabilities',
    draws: [(n) => [uniform(3, [n, 3]), uniform(4, [n, 3])], (n) => [uniform(3, [n]), uniform(4, [n])]],
    golden: [
      golden(
        'a mask',
        [
          f64([
            [0.5, 0.25, 0.9],
            [0.1, 0.75, 0.3],
          ]),
          shares,
        ],
        [0.29032258064516137, 0.25],
        [
          0.15261879986125562, -0.2774887270204648, -0.2774887270204648, 0.07352941176470587, -0.36764705882352944,
          0.22058823529411764,
        ],
      ),
      golden('empty masks', [f64([[0, 0]]), f64([[0, 0]])], [0], [1, 1]),
    ],
    errors: [
      ...refusesNumbers('dice', dice),
      [call(dice, f64([[-0.5]]), f64([[1]])), /dice: expected outputs from 0 to 1.*, got -0.5 at/],
      [() => dice.with({ smooth: 0 }), /dice: expected a smooth above 0, got 0/],
    ],
  }),
  {
    of: 'gaussianNll',
    loss: gaussianNll,
    domain: 'numbers',
    draws: [(n) => [normal(3, n, 4), normal(4, n, 2)]],
    golden: [
      golden(
        'means and log-variances',
        [
          uncertain,
          f64([
            [0, 1],
            [1, -2],
          ]),
        ],
        [11.974870505650918, 1.7039286098242528],
        [
          0.37040911034085894, -8.154845485377136, 0.4073977224147853, -11.732268228065701, 0, 0.47367349132814446, 0.5,
          -0.32892860982425265,
        ],
      ),
    ],
    errors: [
      [
        call(gaussianNll, zeros([2, 3]), zeros([2, 3])),
        /gaussianNll: expected an output \[batch, 2 n\], .*, got \[2, 3\] and \[2, 3\]/,
      ],
      [call(gaussianNll, zeros([2, 2]), zeros([2])), /for a target \[batch, n\], got \[2, 2\] and \[2\]/],
      [call(gaussianNll, zeros([2, 2]), int([[1], [2]])), /gaussianNll, output and target: .* float32 and int32/],
      [() => gaussianNll.with({ full: 1 as never }), /gaussianNll: expected full: true or false, got 1/],
    ],
  },
  {
    of: 'gaussianNll',
    with: 'the constant, and the mean over the outputs',
    loss: gaussianNll.with({ full: true, outputs: 'mean' }),
    domain: 'numbers',
    draws: [(n) => [normal(3, n, 2), normal(4, n, 1)]],
    golden: [
      golden(
        'means and log-variances',
        [
          uncertain,
          f64([
            [0, 1],
            [1, -2],
          ]),
        ],
        [6.906373786030131, 1.770902838116799],
        [
          0.18520455517042947, -4.077422742688568, 0.20369886120739264, -5.8661341140328505, 0, 0.23683674566407223,
          0.25, -0.16446430491212632,
        ],
      ),
    ],
    errors: [
      [() => gaussianNll.with({ outputs: 'all' as never }), /gaussianNll: expected outputs: 'sum' or 'mean'/],
      [call(gaussianNll, zeros([2, 2]), zeros([1, 1])), /got \[2, 2\] and \[1, 1\]/],
    ],
  },
  {
    of: 'tripletMargin',
    loss: stacked(tripletMargin, ['anchor', 'positive', 'negative'], {}),
    domain: 'numbers',
    draws: [drawnStack(3)],
    golden: [
      golden(
        'two that are too near, and one that is not',
        [triplets, noTarget],
        [1, 0.859945055359741, 0],
        [
          0.3287979746107146, 0, -0.1643989873053573, 0.9863939238321437, -0.1643989873053573, -0.9863939238321437,
          -0.27472112789737807, 0.03847605235917684, 0, -1, 0.27472112789737807, 0.9615239476408232, 0, 0, 0, 0, 0, 0,
        ],
      ),
      golden('all the same', [zeros([1, 3, 2], 'float64'), zeros([1], 'float64')], [1], [0, 0, 0, 0, 0, 0]),
    ],
    errors: [
      [
        call(tripletMargin, { anchor: zeros([2, 3]), positive: zeros([2, 3]), negative: zeros([2, 2]) }, {}),
        /tripletMargin: expected anchor, positive, negative of one shape \[batch, …\], got \[2, 3\], \[2, 3\], \[2, 2\]/,
      ],
      [
        call(tripletMargin, { anchor: zeros([2, 3]), positive: zeros([2, 3]) }, {}),
        /tripletMargin, negative: expected a tensor, got undefined/,
      ],
      [() => tripletMargin.with({ margin: 0 }), /tripletMargin: expected a margin above 0, got 0/],
      [() => tripletMargin.with({ swap: 1 as never }), /tripletMargin: expected swap: true or false, got 1/],
    ],
  },
  {
    of: 'tripletMargin',
    with: 'swap, and another margin',
    loss: stacked(tripletMargin.with({ margin: 2, swap: true }), ['anchor', 'positive', 'negative'], {}),
    domain: 'numbers',
    draws: [drawnStack(3)],
    golden: [
      golden(
        'distances of the negative from both',
        [triplets, noTarget],
        [4.041381265149109, 4.5, 0],
        [
          0.1643989873053573, -0.9863939238321437, 0.8356010126946427, 0.9863939238321437, -1, 0, 0, 1, -1, -1, 1, 0, 0,
          0, 0, 0, 0, 0,
        ],
      ),
    ],
    errors: [
      [
        call(tripletMargin, { anchor: zeros([2]), positive: zeros([2]), negative: zeros([2]) }, {}),
        /of one shape \[batch, …\], got \[2\], \[2\], \[2\]/,
      ],
      [call(tripletMargin, zeros([2, 3]), {}), /tripletMargin, anchor: expected a tensor, got undefined/],
    ],
  },
  {
    of: 'contrastive',
    loss: stacked(contrastive, ['a', 'b']),
    domain: 'numbers',
    draws: [(n) => [op.scale(normal(3, n, 2, 2), 0.3), int(Array.from({ length: n }, (_, i) => i % 2))]],
    golden: [
      golden(
        'one alike, two not',
        [
          f64([
            [
              [0.5, -2],
              [0, 1],
            ],
            [
              [1, 1.5],
              [1, 1],
            ],
            [
              [0, 0],
              [0.1, 0],
            ],
          ]),
          int([1, 0, 0]),
        ],
        [4.625, 0.125, 0.405],
        [0.5, -3, -0.5, 3, 0, -0.5, 0, 0.5, 0.9, 0, -0.9, 0],
      ),
      golden('the same', [zeros([2, 2, 1], 'float64'), int([0, 1])], [0.5, 0], [0, 0, 0, 0]),
    ],
    errors: [
      [
        call(contrastive, { a: zeros([2, 3]), b: zeros([2, 3]) }, int([1])),
        /contrastive: expected labels \[2\], one for each pair, got \[1\]/,
      ],
      [
        call(contrastive, { a: zeros([1, 3]), b: zeros([1, 3]) }, int([-1])),
        /contrastive: expected labels from 0 to 1, got -1/,
      ],
      [
        call(contrastive, { a: zeros([1, 3]), b: zeros([1, 3]) }, zeros([1])),
        /contrastive: expected labels or indices in int32, got float32/,
      ],
      [() => contrastive.with({ margin: -1 }), /contrastive: expected a margin above 0, got -1/],
    ],
  },
  {
    of: 'weighted',
    loss: withWeights(weighted(leastSquares)),
    domain: 'numbers',
    draws: [pairs(3)],
    weight: (target) => total(toArray(weightsAt(target, 'float64'))),
    golden: [golden('differences', [z, y], [9.3125, 12.5 * 2], [1, -6, 0.5, 0, 14, -2], 34.3125 / 3)],
    errors: [
      [
        call(weighted(mse), zeros([2, 3]), { target: zeros([2, 3]), weight: zeros([3]) }),
        /weighted mse: expected weights \[2\], one for each example, got \[3\]/,
      ],
      [
        call(weighted(mse), zeros([2, 3]), { target: zeros([2, 3]), weight: zeros([2]) }),
        /weighted mse: expected at least one example .*, got no example that counts/,
      ],
      [
        call(weighted(mse), zeros([2]), { target: zeros([2]), weight: fromNested([1, -1]) }),
        /weighted mse: expected weights that are not negative, got -1 at index \[1\]/,
      ],
      [
        call(weighted(mse), zeros([2]), { target: zeros([2]), weight: f64([1, 1]) }),
        /weighted mse, output and weight: expected one number format, got float32 and float64/,
      ],
      [call(weighted(mse), zeros([2]), zeros([2])), /weighted mse, weight: expected a tensor, got undefined/],
      [
        () => weighted((() => () => 0) as never),
        /weighted: expected a loss of which the examples are known, got a plain function.*defineLoss/,
      ],
      [() => weighted(mse(zeros([2])) as never), /weighted: expected a loss, got one that has its target already/],
    ],
  },
  {
    of: 'weighted',
    with: 'weights of classes and a label to ignore inside',
    loss: withWeights(weighted(softmaxCrossEntropy.with({ weights, ignore: -1 }))),
    domain: 'numbers',
    draws: [partly],
    weight: (target) => total(toArray(target).map((c) => (weights[c] ?? 0) * (c / 2 + 1))),
    golden: [
      golden(
        'scores',
        [z, labels],
        [0.25529173909293046 * 2, 0.5383922375181167],
        [
          0.22616624388899004 * 2,
          0.018564855818400096 * 2,
          -0.24473109970739038 * 2,
          -0.3296553694702,
          0.2808508157040356,
          0.048804553766164466,
        ],
        (0.25529173909293046 * 2 + 0.5383922375181167) / (3 * 2 + 0.5),
      ),
    ],
    errors: [
      [
        call(weighted(softmaxCrossEntropy), z, { target: int([0, 3]), weight: f64([1, 1]) }),
        /softmaxCrossEntropy: expected labels from 0 to 2, got 3/,
      ],
      [
        call(weighted(softmaxCrossEntropy), z, { target: labels, weight: f64([1, nan]) }),
        /weights that are not negative, got NaN at index \[1\]/,
      ],
    ],
  },
  regression('leastSquares', leastSquares, {
    golden: [
      golden('differences', [z, y], [9.3125, 12.5], [1, -6, 0.5, 0, 7, -1]),
      golden('a NaN in the output', [f64([nan]), f64([1])], [nan], [nan]),
    ],
    errors: [[call(leastSquares, normal(1, 2), f64([1, nan])), /targets that are numbers, got NaN at index \[1\]/]],
  }),
  regression('mse', mse, {
    golden: [
      golden('differences', [z, y], [9.3125 / 3, 12.5 / 3], [1 / 3, -2, 0.5 / 3, 0, 7 / 3, -1 / 3]),
      golden('one output', [f64([3, 1]), f64([1, 1])], [4, 0], [4, 0]),
      golden('no outputs', [zeros([2, 0], 'float64'), zeros([2, 0], 'float64')], [0, 0], []),
    ],
  }),
  regression('mae', mae, {
    golden: [golden('differences, one of them 0', [z, y], [3.75, 4], [1, -1, 1, 0, 1, -1])],
    errors: [[() => mae.with({ outputs: 'all' as never }), /mae: expected outputs: 'sum' or 'mean', got 'all'/]],
  }),
  regression('mae', mae.with({ outputs: 'mean' }), {
    with: 'the mean over the outputs',
    golden: [golden('differences, one of them 0', [z, y], [1.25, 4 / 3], [1 / 3, -1 / 3, 1 / 3, 0, 1 / 3, -1 / 3])],
  }),
  regression('huber', huber, {
    draws: [...regressions, equals],
    golden: [
      golden('differences, one of them 0', [z, y], [2.65625, 3.125], [0.5, -1, 0.25, 0, 1, -0.5]),
      golden('the seams', [f64([[1, -1]]), f64([[0, 0]])], [1], [1, -1]),
      golden('infinite differences', [f64([infinity, -infinity]), f64([0, 0])], [infinity, infinity], [1, -1]),
    ],
    errors: [
      [() => huber.with({ delta: 0 }), /huber: expected a delta above 0, got 0/],
      [() => huber.with({ delta: nan }), /huber: expected a delta above 0, got NaN/],
    ],
  }),
  regression('huber', huber.with({ delta: 0.3 }), {
    with: 'a delta of 0.3',
    golden: [golden('differences', [z, y], [0.99125, 1.11], [0.3, -0.3, 0.25, 0, 0.3, -0.3])],
  }),
  regression('huber', huber.with({ outputs: 'mean' }), {
    with: 'the mean over the outputs',
    golden: [golden('differences', [z, y], [2.65625 / 3, 3.125 / 3], [0.5 / 3, -1 / 3, 0.25 / 3, 0, 1 / 3, -0.5 / 3])],
  }),
  regression('smoothL1', smoothL1.with({ outputs: 'mean' }), {
    with: 'the mean over the outputs',
    golden: [golden('differences', [z, y], [2.65625 / 3, 3.125 / 3], [0.5 / 3, -1 / 3, 0.25 / 3, 0, 1 / 3, -0.5 / 3])],
  }),
  regression('smoothL1', smoothL1.with({ beta: 1e-310 }), {
    with: 'a beta whose inverse is too large',
    golden: [golden('as mae', [z, y], [3.75, 4], [1, -1, 1, 0, 1, -1])],
  }),
  regression('smoothL1', smoothL1, {
    draws: [...regressions, equals],
    golden: [golden('differences, one of them 0', [z, y], [2.65625, 3.125], [0.5, -1, 0.25, 0, 1, -0.5])],
    errors: [
      [() => smoothL1.with({ beta: -1 }), /smoothL1: expected a beta that is not negative, got -1/],
      [() => smoothL1.with({ beta: infinity }), /got Infinity/],
    ],
  }),
  regression('smoothL1', smoothL1.with({ beta: 0.3 }), {
    with: 'a beta of 0.3',
    golden: [golden('differences', [z, y], [3.3041666666666667, 3.7], [1, -1, 0.8333333333333334, 0, 1, -1])],
  }),
  regression('smoothL1', smoothL1.with({ beta: 0 }), {
    with: 'a beta of 0',
    golden: [golden('as mae', [z, y], [3.75, 4], [1, -1, 1, 0, 1, -1])],
  }),
  regression('cosineDistance', cosineDistance, {
    draws: [pairs(3), pairs(2, 2)],
    golden: [
      golden(
        'two directions',
        [z, y],
        [0.4132247516107235, 1.5036554011451932],
        [
          0.022142462203368924, -0.18245388855575995, -0.12532633607106813, -0.39624347168426854, 0.26032274593210675,
          -0.02303741114443423,
        ],
      ),
      golden(
        'vectors of zeros',
        [
          f64([
            [0, 0],
            [3, 4],
          ]),
          f64([
            [1, 0],
            [0, 0],
          ]),
        ],
        [1, 1],
        [0, 0, 0, 0],
      ),
      golden('very long', [f64([[0, 1e300]]), f64([[1e300, 0]])], [1], [-1e-300, 0]),
      golden('very short', [f64([[0, 1e-300]]), f64([[0, 1e-300]])], [0], [0, 0]),
      golden('numbers', [f64([2, -3]), f64([5, 1])], [0, 2], [0, 0]),
      golden('vectors of zeros both', [f64([[0, 0]]), f64([[0, 0]])], [1], [0, 0]),
      golden('no outputs', [zeros([2, 0], 'float64'), zeros([2, 0], 'float64')], [0, 0], []),
    ],
  }),
  regression('binaryCrossEntropy', binaryCrossEntropy, {
    draws: [
      (n) => [normal(3, n), uniform(4, [n])],
      (n) => [normal(3, n, 3), uniform(4, [n, 3])],
      (n) => [zeros([n, 2], 'float64'), uniform(4, [n, 2])],
    ],
    golden: [
      golden(
        'logits',
        [z, shares],
        [3.1495923467968217, 1.840614385379819],
        [
          0.6224593312018546, -0.8807970779778824, -0.047425873177566635, 0.4810585786300049, -0.18242552380635635,
          0.43782349911420193,
        ],
      ),
      golden('tails', [f64([1e3, -1e3, 1e3]), f64([1, 0, 0])], [0, 0, 1e3], [0, 0, 1]),
      golden(
        'infinite logits',
        [f64([-infinity, infinity, -infinity, infinity]), f64([0, 1, 1, 0])],
        [0, 0, infinity, infinity],
        [0, 0, -1, 1],
      ),
    ],
    errors: [
      ...refusesNumbers('binaryCrossEntropy', binaryCrossEntropy),
      [() => binaryCrossEntropy.with({ positive: -1 }), /expected weights that are not negative, got -1/],
      [() => binaryCrossEntropy.with({ positive: [1, nan] }), /expected weights that are not negative, got NaN/],
    ],
  }),
  regression('binaryCrossEntropy', binaryCrossEntropy.with({ positive: 0, outputs: 'mean' }), {
    with: 'the mean over the outputs, and no weight of the positive side',
    draws: [(n) => [normal(3, n, 3), uniform(4, [n, 3])]],
    golden: [golden('infinite logits', [f64([[-infinity, infinity]]), f64([[1, 1]])], [0], [0, 0])],
  }),
  regression('binaryCrossEntropy', binaryCrossEntropy.with({ positive: 2 }), {
    with: 'a weight',
    draws: [(n) => [normal(3, n), uniform(4, [n])]],
    golden: [
      golden(
        'logits',
        [z, shares],
        [5.325107709413536, 2.1203430852421272],
        [
          0.6224593312018546, -1.7615941559557649, -0.09485174635513327, 0.4138232232875061, -0.3648510476127127,
          0.43782349911420193,
        ],
      ),
    ],
  }),
  regression('binaryCrossEntropy', binaryCrossEntropy.with({ positive: [0.5, 1, 2] }), {
    with: 'a weight for each output',
    draws: [(n) => [normal(3, n, 3), uniform(4, [n, 3])], (n) => [normal(3, n, 2, 3), uniform(4, [n, 2, 3])]],
    golden: [
      golden(
        'logits',
        [z, shares],
        [3.1981796983705637, 1.801456674440041],
        [
          0.6224593312018546, -0.8807970779778824, -0.09485174635513327, 0.5146762563012542, -0.18242552380635635,
          0.43782349911420193,
        ],
      ),
    ],
    errors: [
      [
        call(binaryCrossEntropy.with({ positive: [1, 2] }), z, shares),
        /expected outputs \[batch, …, 2\], one for each weight, got \[2, 3\]/,
      ],
      [call(binaryCrossEntropy.with({ positive: [1, 2] }), f64([1, 1]), f64([1, 1])), /one for each weight, got \[2\]/],
    ],
  }),
  regression('categoricalCrossEntropy', categoricalCrossEntropy, {
    domain: 'probabilities',
    draws: [
      (n) => [distribution(3, n, 3), distribution(4, n, 3)],
      (n) => [distribution(3, n, 2, 3), distribution(4, n, 2, 3)],
    ],
    golden: [
      golden(
        'distributions',
        [
          f64([
            [0.2, 0.3, 0.5],
            [0.1, 0.6, 0.3],
          ]),
          mixture,
        ],
        [1.2789989524385206, 0.6841124189059771],
        [-2.5, -0.8333333333333334, -0.5, 0, -1.25, -0.8333333333333334],
      ),
      golden(
        'what is impossible',
        [
          f64([
            [0, 1],
            [0, 1],
          ]),
          f64([
            [0, 1],
            [1, 0],
          ]),
        ],
        [0, infinity],
        [0, -1, -infinity, 0],
      ),
      golden('a probability of 1, rounded', [f64([[1 + 1e-9]]), f64([[1]])], [-1e-9], [-1 / (1 + 1e-9)]),
    ],
    errors: [
      ...refusesNumbers('categoricalCrossEntropy', categoricalCrossEntropy),
      [call(categoricalCrossEntropy, z, mixture), /expected outputs from 0 to 1.*, got -2 at index \[0, 1\]/],
    ],
  }),
  regression('klDivergence', klDivergence, {
    domain: 'logarithms',
    draws: [
      (n) => [logDistribution(n, 3), distribution(4, n, 3)],
      (n) => [logDistribution(n, 2, 3), distribution(4, n, 2, 3)],
    ],
    golden: [
      golden(
        'distributions',
        [logs, mixture],
        [0.46027922916008207, 0.6251648553811917],
        [-0.5, -0.25, -0.25, 0, -0.75, -0.25],
      ),
      golden('itself', [op.log(mixture), mixture], [0, 0], [-0.5, -0.25, -0.25, 0, -0.75, -0.25]),
    ],
    errors: refusesNumbers('klDivergence', klDivergence),
  }),
  classification('softmaxCrossEntropy', softmaxCrossEntropy, {
    golden: [
      golden(
        'scores',
        [z, labels],
        [0.08509724636431015, 1.0767844750362334],
        [
          0.07538874796299667, 0.0061882852728000325, -0.08157703323579679, -0.6593107389404, 0.5617016314080712,
          0.09760910753232893,
        ],
      ),
      golden(
        'extremes',
        [
          f64([
            [1e30, -1e30],
            [1e30, -1e30],
          ]),
          int([0, 1]),
        ],
        [0, 2e30],
        [0, 0, 1, -1],
      ),
    ],
    errors: [
      [() => softmaxCrossEntropy.with({ smoothing: 1.1 }), /expected a smoothing from 0 to 1, got 1.1/],
      [() => softmaxCrossEntropy.with({ weights: [1, -1] }), /expected weights that are not negative, got -1/],
      [() => softmaxCrossEntropy.with({ ignore: 0.5 }), /expected whole numbers of 32 bits, got 0.5/],
    ],
  }),
  classification('softmaxCrossEntropy', softmaxCrossEntropy.with({ smoothing: 0.1 }), {
    with: 'smoothing',
    golden: [
      golden(
        'scores',
        [z, labels],
        [0.3350972463643102, 1.1017844750362333],
        [
          0.04205541462966334, -0.0271450480605333, -0.01491036656913014, -0.5926440722737334, 0.5283682980747378,
          0.0642757741989956,
        ],
      ),
    ],
  }),
  classification('softmaxCrossEntropy', softmaxCrossEntropy.with({ weights }), {
    with: 'weights',
    draws: [labelled(3)],
    weight: weightOf,
    golden: [
      golden(
        'scores',
        [z, labels],
        [0.25529173909293046, 0.5383922375181167],
        [
          0.22616624388899004, 0.018564855818400096, -0.24473109970739038, -0.3296553694702, 0.2808508157040356,
          0.048804553766164466,
        ],
        0.22676685046029918,
      ),
    ],
    errors: [
      [
        call(softmaxCrossEntropy.with({ weights }), normal(1, 2, 2), labels),
        /expected scores \[batch, 3\], as there are 3 weights, got \[2, 2\]/,
      ],
      [
        call(softmaxCrossEntropy.with({ weights: [0, 1, 0] }), z, labels),
        /at least one example to take the mean over, got no example that counts/,
      ],
    ],
  }),
  classification('softmaxCrossEntropy', softmaxCrossEntropy.with({ weights, smoothing: 0.1 }), {
    with: 'weights and smoothing',
    draws: [labelled(3)],
    weight: weightOf,
    golden: [
      golden(
        'scores',
        [z, labels],
        [0.4508604854716173, 0.7544040183550734],
        [
          0.19819126502787388, -0.01569672030585324, -0.18249454472202103, -0.26225311003090673, 0.30368764551150934,
          -0.04143453548060265,
        ],
        0.3443612868076259,
      ),
    ],
  }),
  classification('softmaxCrossEntropy', softmaxCrossEntropy.with({ weights, smoothing: 0.1, ignore: -1 }), {
    with: 'weights, smoothing and a label to ignore',
    draws: [partly],
    weight: weightOf,
    golden: [
      golden(
        'scores',
        [z, int([-1, 1])],
        [0, 0.7889570321213786],
        [0, 0, 0, 0.34105705744591325, -0.3435466203548586, 0.0024895629089453767],
        0.7889570321213786,
      ),
      golden('what is ignored is without influence', [f64([[nan, infinity, 0]]), int([-1])], [0], [0, 0, 0]),
    ],
    errors: [
      [
        call(softmaxCrossEntropy.with({ ignore: -1 }), z, int([-1, -1])),
        /at least one example to take the mean over, got no example that counts/,
      ],
    ],
  }),
  classification('nll', nll, {
    domain: 'logarithms',
    draws: [labelled(3, logDistribution)],
    golden: [golden('log-probabilities', [logs, labels], [3, 1], [0, 0, -1, -1, 0, 0])],
  }),
  classification('nll', nll.with({ weights, ignore: -1 }), {
    with: 'weights and a label to ignore',
    domain: 'logarithms',
    draws: [partly],
    weight: weightOf,
    golden: [golden('log-probabilities', [logs, labels], [9, 0.5], [0, 0, -3, -0.5, 0, 0], 2.7142857142857144)],
  }),
  classification('multiclassHinge', multiclassHinge, {
    golden: [
      golden('scores', [z, labels], [0, 1.5], [0, 0, 0, -1, 1, 0]),
      golden('a lead of 1', [f64([[2, 1, 0]]), int([0])], [0], [0, 0, 0]),
      golden('of equal rivals the first', [f64([[1, 1, 1]]), int([0])], [1], [-1, 1, 0]),
      golden('an infinite lead', [f64([[infinity, 0]]), int([0])], [0], [0, 0]),
    ],
  }),
  classification('westonWatkinsHinge', westonWatkinsHinge, {
    golden: [
      golden('scores', [z, labels], [0, 1.5], [0, 0, 0, -1, 1, 0]),
      golden('a lead of 1', [f64([[2, 1, 0]]), int([0])], [0], [0, 0, 0]),
      golden('each rival', [f64([[1, 1, 0.5]]), int([0])], [1.5], [-2, 1, 1]),
      golden('an infinite lead', [f64([[infinity, 0]]), int([0])], [0], [0, 0]),
    ],
  }),
]

for (const entry of table)
  t.test(entry.with === undefined ? entry.of : `${entry.of} with ${entry.with}`, async (t) => lawsOfLoss(t, entry))

t.test('small losses keep their digits in float32, and small betas work', async (t) => {
  const f32 = (x: Nested): Tensor => fromNested(x) as Tensor
  const apart = cosineDistance.none(f32([[1, 0]]))(f32([[1, 1e-4]]))[0]
  t.ok(Math.abs((toArray(apart)[0] as number) / 4.999999962500001e-9 - 1) < 1e-3, `found ${toArray(apart)}`)
  t.ok(toArray(cosineDistance.none(f32([[3, 1, 2]]))(f32([[0.9, 0.3, 0.6]]))[0]).every((x) => x >= 0 && x < 1e-13))
  for (const beta of [1e-38, 1e-40, 1e-45, 1e-60, 0]) {
    const [losses, back] = smoothL1.with({ beta }).none(f32([0, 0]))(f32([2, -3]))
    t.same(toArray(losses), [2, 3], `beta ${beta}`)
    t.same(toArray(back(f32([1, 1]) as PerExample)), [1, -1], `beta ${beta}`)
  }
})

t.test('the focal loss has no NaN where logits are beyond doubt, whatever gamma is', async (t) => {
  for (const gamma of [0, 1e-3, 0.5, 2])
    for (const dtype of ['float32', 'float64'] as const) {
      const [value, back] = binaryFocal.with({ gamma }).sum(fromNested([1, 0, 1, 0], dtype))(
        fromNested([1000, -1000, -100, 100], dtype),
      )
      t.equal(item(value), 200)
      t.same(
        toArray(back(ones([], dtype as 'float32')) as Tensor).map((d) => d + 0),
        [0, 0, -1, 1],
      )
    }
})

t.test('examples of weight 0 add nothing, even if their loss is infinite', async (t) => {
  const zero = (dtype: Float): readonly (readonly [value: number, gradient: unknown])[] =>
    [softmaxCrossEntropy.with({ smoothing: 0.2, weights: [0, 3] }), nll.with({ weights: [0, 3] })].flatMap((loss) =>
      [0, 1].map((label) => {
        const [value, back] = loss.sum(fromNested([label], 'int32'))(fromNested([[-infinity, 0]], dtype))
        return [item(value), toNested(back(ones([], dtype as 'float32')) as Tensor)] as const
      }),
    )
  for (const dtype of ['float32', 'float64'] as const)
    for (const [value, gradient] of zero(dtype)) {
      t.equal(value + 0, 0)
      t.ok([gradient].flat(2).every(Number.isFinite))
    }
  // Three classes, of which the first weighs nothing: 0.7 · 2 · l₁ + 0.3/3 · (2 l₁ + 4 l₂), l₁ = log(1 + e), l₂ = log(1 + 1/e).
  const loss = softmaxCrossEntropy.with({ smoothing: 0.3, weights: [0, 2, 4] }).sum(fromNested([1], 'int32'))
  const [value] = loss(fromNested([[-infinity, 0, 1]], 'float64'))
  t.ok(Math.abs(item(value) - 2.2265233750364457) < 1e-14, `${item(value)}`)
  const spread = softmaxCrossEntropy.with({ smoothing: 1, weights: [1, 1] }).sum(fromNested([0], 'int32'))
  t.equal(item(spread(fromNested([[-infinity, 0]]))[0]), infinity, 'all is spread, and the right class lost')
})

t.test('every exported loss has an entry', async (t) => {
  t.same([...new Set(table.map(({ of }) => of))].sort(), exportedFrom(/^loss\/(?!penalty|overSteps)/))
})

t.test('a NaN among many targets is found with every reduction', async (t) => {
  const [output, target] = [zeros([3, 1], 'float64'), fromNested([[1], [Number.NaN], [2]], 'float64')]
  for (const loss of [leastSquares, leastSquares.sum, leastSquares.none])
    t.throws(() => loss(target)(output), /targets that are numbers, got NaN at index \[1, 0\]/)
})
