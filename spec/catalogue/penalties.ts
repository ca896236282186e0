// Every penalty the package exports.
import {
  elastic,
  fromNested,
  gradCheck,
  item,
  l1,
  l2,
  op,
  type Penalty,
  random,
  show,
  type Tensor,
  toNested,
  tree,
  valueAndGrad,
} from 'pullback'
import t from 'tap'
import { closeTrees, lawsOfDiff } from '../law/diff.ts'
import { exportedFrom } from '../support/exported.ts'

const params = {
  L1: { W: fromNested([[1, -2, 0]], 'float64'), b: fromNested([4], 'float64') },
  L2: { W: fromNested([[3]], 'float64') },
} as const
type P = { readonly [L in string]: { readonly [N in string]: Tensor } }

interface PenaltyEntry {
  readonly of: string
  readonly with?: string
  readonly penalty: Penalty
  readonly value: number
  readonly gradient: readonly (readonly number[])[]
}

const table: readonly PenaltyEntry[] = [
  { of: 'l1', penalty: l1(0.5), value: 5, gradient: [[0.5, -0.5, 0], [0.5], [0.5]] },
  { of: 'l1', with: 'tensors', penalty: l1(2, { only: ['L1.W'] }), value: 6, gradient: [[2, -2, 0], [0], [0]] },
  { of: 'l1', with: 'strength 0', penalty: l1(0), value: 0, gradient: [[0, 0, 0], [0], [0]] },
  { of: 'l2', penalty: l2(0.5), value: 7.5, gradient: [[0.5, -1, 0], [2], [1.5]] },
  {
    of: 'l2',
    with: 'records, one tensor named twice',
    penalty: l2(2, { only: ['L1', 'L1.b'] }),
    value: 21,
    gradient: [[2, -4, 0], [8], [0]],
  },
  {
    of: 'elastic',
    with: 'a ratio, some names',
    penalty: elastic(2, { ratio: 0.25, only: (path) => path.endsWith('.W') }),
    value: 2 * (0.25 * 6 + 0.375 * 14),
    gradient: [[0.5 + 1.5, -0.5 - 3, 0], [0], [0.5 + 4.5]],
  },
  { of: 'elastic', penalty: elastic(1), value: 0.5 * 10 + 0.25 * 30, gradient: [[1, -1.5, 0], [2.5], [2]] },
]

for (const { of, with: options, penalty, value, gradient } of table)
  t.test(options === undefined ? of : `${of}, ${options}`, async (t) => {
    const [found, slope] = valueAndGrad((p: P) => penalty(p))(params)
    t.ok(Math.abs(item(found) - value) < 1e-12, `${item(found)} is ${value}`)
    t.same([toNested(slope.L1?.W as Tensor), toNested(slope.L1?.b as Tensor), toNested(slope.L2?.W as Tensor)].flat(), [
      gradient[0],
      ...(gradient[1] as readonly number[]),
      gradient[2],
    ])
    const draw = (n: number) => ({
      L1: { W: random.normal(random.key(n), [n, 3], 'float64'), b: random.normal(random.key(2), [n], 'float64') },
      L2: { W: random.normal(random.key(3), [2, n], 'float64') },
    })
    for (const n of [0, 3])
      lawsOfDiff(t, `${n}`, (p: ReturnType<typeof draw>) => penalty(p), draw(n), { entries: 4, directions: 1 })
    const single = valueAndGrad((p: P) => penalty(p))(tree.map(params, (x) => op.cast(x as Tensor, 'float32')) as P)
    t.equal(single[0].dtype, 'float32')
    t.ok(
      closeTrees(
        tree.map(single[1], (x) => op.cast(x, 'float64')),
        slope,
        1e-6,
      ),
      'float32 as float64',
    )
    const report = gradCheck((p: P) => penalty(p), params, { order: 1 })
    t.ok(report.pass, 'at 0 any slope between those on either side is right', { report: show(report) })
  })

t.test('every exported penalty has an entry', async (t) => {
  t.same([...new Set(table.map(({ of }) => of))].sort(), exportedFrom(/^loss\/penalty/))
})

t.test('a name does not select other names that begin with it', async (t) => {
  const one = fromNested([1], 'float64')
  const alike = { L1: { W: one, W2: one }, L10: { W: one }, L: one }
  for (const [only, n] of [
    [['L1'], 2],
    [['L1.W'], 1],
    [['L', 'L10'], 2],
  ] as const)
    t.equal(item(l1(1, { only })(alike)), n, only.join())
})

t.test('bad input', async (t) => {
  for (const [name, penalty] of Object.entries({ l1, l2, elastic })) {
    const says = (text: string) => new RegExp(`${name}: expected ${text}`)
    t.throws(() => penalty(1, { only: ['L1.W', 'L3.W'] })(params), says("one of the names L1, L2, got 'L3' of 'L3.W'"))
    t.throws(() => penalty(1, { only: ['L1.W.x'] })(params), says("no name within a tensor, got 'x' of 'L1.W.x'"))
    for (const only of [[], () => false])
      t.throws(() => penalty(1, { only })(params), says('some of the parameters L1.W, L1.b, L2.W, got an empty choice'))
    t.throws(() => penalty(1)({}), says('some of the parameters, got an empty choice'))
    t.throws(() => penalty(-1), says('a strength that is not negative, got -1'))
    t.throws(() => penalty(Number.NaN), says('a strength that is not negative, got NaN'))
  }
  t.throws(() => elastic(1, { ratio: 2 }), /elastic: expected a ratio from 0 to 1, got 2/)
})
