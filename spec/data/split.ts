import fc from 'fast-check'
import {
  balanced,
  classWeights,
  examples,
  fromArray,
  key,
  kFold,
  range,
  softmaxCrossEntropy,
  splitExamples,
  toArray,
  zeros,
} from 'pullback'
import t from 'tap'

const labelled = (labels: readonly number[]) =>
  examples({ input: range(0, labels.length), target: fromArray(labels, [labels.length], 'int32') })
const by = (data: { readonly target: ReturnType<typeof labelled>['data']['target'] }) => data.target
const labelsOf = (all: ReturnType<typeof labelled>): readonly number[] => {
  const names = toArray(all.data.target)
  return toArray(all.rows).map((row) => names[row] as number)
}
const numeric = (a: number, b: number): number => a - b
const arbitraryLabels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 60 })
const arbitraryShares = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map((p) => p / parts.reduce((sum, q) => sum + q, 0)))

t.test('parts are disjoint and hold all examples, with a key and without, stratified and not', async () => {
  fc.assert(
    fc.property(arbitraryLabels, arbitraryShares, fc.boolean(), fc.boolean(), (labels, shares, shuffle, stratified) => {
      const names = Object.fromEntries(shares.map((share, i) => [`part${i}`, share]))
      const options = { key: shuffle ? key(1) : undefined, stratify: stratified ? by : undefined }
      const parts = Object.values(splitExamples(labelled(labels), names, options))
      const rows = parts.flatMap((part) => toArray(part.rows))
      return [...rows].sort(numeric).every((row, i) => row === i) && rows.length === labels.length
    }),
  )
})

t.test('each class has its share in every part, and an example in each where there are enough', async () => {
  fc.assert(
    fc.property(arbitraryLabels, arbitraryShares, (labels, shares) => {
      const names = Object.fromEntries(shares.map((share, i) => [`part${i}`, share]))
      const parts = Object.values(splitExamples(labelled(labels), names, { key: key(1), stratify: by }))
      return [...new Set(labels)].every((name) => {
        const n = labels.filter((label) => label === name).length
        const counts = parts.map((part) => labelsOf(part).filter((label) => label === name).length)
        const everywhere = n < shares.length || counts.every((count) => count > 0)
        const slack = shares.length // a part that would have none takes from the largest
        return everywhere && counts.every((count, i) => Math.abs(count - n * (shares[i] as number)) < slack)
      })
    }),
  )
})

t.test('a split is a function of its key', async (t) => {
  const all = labelled(Array.from({ length: 40 }, (_, i) => i % 3))
  const rows = (seed: number) => toArray(splitExamples(all, { a: 0.5 }, { key: key(seed) }).a.rows)
  t.same(rows(1), rows(1))
  t.not(`${rows(1)}`, `${rows(2)}`)
  t.same(
    toArray(splitExamples(all, { a: 0.1, b: 0.1 }).b.rows),
    [4, 5, 6, 7],
    'without a key in order; the rest is left out',
  )
})

t.test('the folds of a cross-validation', async (t) => {
  const all = labelled(Array.from({ length: 23 }, (_, i) => (i < 5 ? 1 : 0)))
  const folds = kFold(all, 4, { key: key(0), stratify: by })
  t.same(folds.flatMap(({ validation }) => toArray(validation.rows)).sort(numeric), [...Array(23).keys()])
  for (const { train, validation } of folds) {
    t.same([...toArray(train.rows), ...toArray(validation.rows)].sort(numeric), [...Array(23).keys()])
    t.ok(labelsOf(validation).includes(1))
  }
})

t.test('class weights give every class the same influence', async (t) => {
  const labels = fromArray([0, 0, 0, 0, 0, 0, 1, 1, 2], [9], 'int32')
  const weights = classWeights(labels, 4)
  t.same(
    weights.map((w) => w.toFixed(4)),
    ['0.3750', '1.1250', '2.2500', '0.0000'],
  )
  t.ok(softmaxCrossEntropy.with({ weights })(labels)(zeros([9, 4])))
})

t.test('balanced minibatches have all classes equally often, and resume where they stopped', async (t) => {
  const all = labelled([...Array(95).fill(0), 1, 1, 1, 2, 2])
  const source = balanced(all, { size: 50, key: key(1), by })
  t.equal(source.count, 2)
  const counts = [0, 0, 0]
  for (let epoch = 0; epoch < 20; epoch++)
    for (const { target } of source.epoch(epoch, 0))
      for (const label of toArray(target)) counts[label] = (counts[label] as number) + 1
  for (const count of counts) t.ok(Math.abs(count / 2000 - 1 / 3) < 0.04, `${counts}`)
  const drawn = [0, 1].flatMap((epoch) => [...source.epoch(epoch, 0)].map(({ input }) => `${toArray(input)}`))
  t.equal(new Set(drawn).size, 4, 'each minibatch of each epoch is drawn anew')
  const second = [...source.epoch(3, 0)][1]
  t.same(toArray([...source.epoch(3, 1)][0]?.input as never), toArray(second?.input as never))
})

t.test('errors say what to do', async (t) => {
  const all = labelled([0, 1, 1])
  t.throws(
    () => splitExamples(all, { a: 0.7, b: 0.7 }),
    /shares that are not negative and add up to at most 1, got a: 0.7, b: 0.7/,
  )
  t.throws(() => splitExamples(all, { a: -0.1 }), /not negative/)
  t.ok(splitExamples(all, { a: 0.05, b: 0.55, c: 0.3, d: 0.1 }), 'these add up to more than 1 by rounding alone')
  t.throws(() => splitExamples(all, { a: '0.5' as never, b: Number.NaN }), /not negative/)
  t.throws(() => splitExamples(all, {}), /shares/)
  t.throws(
    () => splitExamples(all, { a: 1 }, { stratify: () => all.data.input as never }),
    /labels \[examples\] in int32.*got float32/,
  )
  t.throws(() => splitExamples(all, { a: 1 }, { seed: 1 } as never), /options among key, stratify, got 'seed'/)
  t.throws(() => kFold(all, 4), /a number of folds from 2 to 3, got 4/)
  t.throws(() => classWeights(fromArray([0, 3], [2], 'int32'), 3), /3/)
})
