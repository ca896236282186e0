// Optimizers that look at a whole tensor: golden values of matrices, of kernels and of a vector of zeros after three steps, by a script
// in Python with NumPy from the formulas of the papers. It has Muon's steps act on the singular values of NumPy's svd.
import {
  adafactor,
  adamw,
  applyUpdates,
  fromArray,
  fromNested,
  item,
  lamb,
  muon,
  op,
  partition,
  type StateFn,
  scaleByFactoredRms,
  scaleByMuon,
  type Tensor,
  type Transformation,
  toArray,
  tree,
  zeros,
} from 'pullback'
import t from 'tap'
import { sameTree } from '../law/diff.ts'

/** Numbers from −5 / 4 to 5 / 4 at some places, for a step. */
const numbers = (from: number, shape: readonly number[], step: number): Tensor => {
  const size = shape.reduce((n, k) => n * k, 1)
  const of = (i: number): number => (((7 * (i + from) + 5 * step) % 11) - 5) / 4
  return fromArray(
    Array.from({ length: size }, (_, i) => of(i)),
    shape,
    'float64',
  ) as Tensor
}
const given = (step: number) => ({
  W: numbers(0, [2, 3], step),
  K: numbers(6, [4, 1, 2], step),
  b: numbers(14, [2], step),
})
const begun = { ...given(0), b: zeros([2], 'float64') as Tensor }

const after = <F extends StateFn>(t: Transformation<F>): readonly number[] => {
  let [params, state] = [begun, t.init(begun)]
  for (const step of [1, 2, 3]) {
    const [updates, next] = t.update(given(step), state, params)
    params = applyUpdates(params, updates)
    state = next
  }
  return [params.W, params.K, params.b].flatMap((x) => toArray(x))
}
const golden: Readonly<Record<string, readonly [found: readonly number[], expected: readonly number[]]>> = {
  lamb: [
    after(lamb(0.1)),
    [
      -1.48134473634089, 0.852616765098424, -0.640311816908896, 1.21258858927906, 0.433916915680178, -0.7415145831624,
      1.0742434730589, -0.292817684015404, -0.890286822829244, 0.945655800741543, -0.466893780299592, -1.45531714628691,
      0.785937434052844, -0.60860030172271, 0.0796303212373867, 0.102002659806804,
    ],
  ],
  adafactor: [
    after(adafactor()),
    [
      -1.25924803946776, 0.515684220453246, -0.508800307486319, 1.25762191127947, 0.248232109260688, -0.74886986786039,
      1.0034368199146, -0.0167084868811785, -0.991458828075332, 0.765266197769678, -0.264330560283195,
      -1.25847512270296, 0.517857422964233, -0.503016827896839, 4.41135436418557e-6, -2.10571450423254e-6,
    ],
  ],
  'adafactor with a rate and decay': [
    after(adafactor(0.1, { weightDecay: 0.01 })),
    [
      -1.34532247755811, 0.657765063778901, -0.583799463139903, 1.31847120412376, 0.227032395142144, -0.730828733892493,
      1.02867241190706, -0.167379426927174, -0.905456862626649, 0.899713107122128, -0.391445836652935,
      -1.33607246020011, 0.677653205121136, -0.525427350277803, 4.40426407515702e-5, -2.12570450423254e-5,
    ],
  ],
  muon: [
    after(muon(0.1)),
    [
      -1.25465588645818, 0.504523105307075, -0.529635757224572, 1.22635399221304, 0.267864795775989, -0.720962002575409,
      0.960194002101299, -0.0649743144892223, -0.916451208188522, 0.760819610955489, -0.291242174201919,
      -1.27420236856494, 0.543387979443563, -0.487174494808935, 0.0316017847006676, 0.155758994264111,
    ],
  ],
  'muon without a look ahead': [
    after(muon(0.1, { momentum: 0.5, nesterov: false, steps: 3, weightDecay: 0 })),
    [
      -1.30175096359086, 0.518565031165089, -0.537299578566333, 1.24379450781539, 0.270641514948638, -0.730381520710785,
      0.994249470345097, -0.0698962057909498, -0.946136262607927, 0.786969125422444, -0.300435514988329,
      -1.31473684154217, 0.563782305265364, -0.502092227814543, 0.0330322811347044, 0.158419052494745,
    ],
  ],
}

for (const [name, [found, expected]] of Object.entries(golden))
  t.test(name, async (t) => {
    t.equal(found.length, expected.length)
    t.ok(
      found.every((x, i) => Math.abs(x - (expected[i] as number)) < 1e-12),
      'golden values',
      { found, expected },
    )
  })

t.test('gradients of zeros move nothing, and parameters of zeros are moved', async (t) => {
  const none = tree.map(begun, (x) => zeros(x.shape, 'float64')) as typeof begun
  for (const [name, optimizer] of Object.entries({
    lamb: lamb(0.1, { weightDecay: 0 }),
    adafactor: adafactor(0.1),
    muon: muon(0.1, { weightDecay: 0 }),
  })) {
    const by = optimizer as unknown as Transformation<StateFn>
    const [still, state] = by.update(none, by.init(begun), begun)
    t.ok(sameTree(still, none), `${name}: zeros for zeros`)
    const [moved] = by.update(given(1), state, none)
    for (const x of tree.leaves(moved)) t.ok(item(op.norm(x as Tensor)) > 1e-5, `${name}: away from zero`)
  }
})

t.test('a factored mean square is exact for squares of rank 1, however small they are', async (t) => {
  const [rows, columns] = [[1e-9, 2e-9, 3e-9].map((x) => [x]), [[1, 5]]]
  const g = { W: op.matmul(fromNested(rows), fromNested(columns)) }
  const by = scaleByFactoredRms()
  const [{ W }, state] = by.update(g, by.init(g), g)
  t.same(
    toArray(W).map((x) => x.toFixed(4)),
    Array.from({ length: 6 }, () => '1.0000'),
  )
  t.same([state.rows.W.shape, state.columns.W.shape], [[3], [2]])
})

t.test('orthogonal updates have singular values near 1, wide or tall, of views too', async (t) => {
  const g = numbers(3, [3, 5], 4)
  const by = scaleByMuon({ momentum: 0 })
  const O = (x: Tensor): Tensor => op.scale(by.update({ x }, by.init({ x }), { x })[0].x, 1 / (0.2 * Math.sqrt(5)))
  const wide = O(g)
  const gram = op.matmul(wide, op.transpose(wide)) as Tensor<readonly [number, number]>
  t.ok(item(op.trace(gram)) > 3 * 0.4 && item(op.trace(gram)) < 3 * 1.5)
  t.ok(Math.abs(item(op.norm(op.sub(O(op.transpose(g) as Tensor), op.transpose(wide) as Tensor)))) < 1e-12, 'tall')
})

t.test('muon for some, Adam for a head', async (t) => {
  const by = partition(muon(0.1), { K: adamw(0.1) })
  const [updates] = by.update(given(1), by.init(begun), begun)
  const [alone] = adamw(0.1).update({ K: given(1).K }, adamw(0.1).init({ K: begun.K }), { K: begun.K })
  t.ok(sameTree(updates.K, alone.K))
})
