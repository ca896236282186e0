import { approxEqual, fromArray, gradCheck, random, show, type Tensor, toArray } from 'pullback'
import t from 'tap'
import { crossEntropy, crossEntropyComposite, pullbackComposite } from '../../../lib/op/reduce/crossEntropy.ts'
import { engines, on } from '../../support/engines.ts'

type Scores = Tensor<readonly [number, number]>
const z: Scores = random.normal(random.key(1), [4, 3], 'float64') as never
const d = random.normal(random.key(2), [4], 'float64') as unknown as Tensor<readonly [number]>
const labels = fromArray([2, 0, 1, 2], [4], 'int32')

t.test('the kernels compute the composites', async (t) => {
  const [value, back] = crossEntropy.pull(z, labels)
  t.ok(approxEqual(value, crossEntropyComposite(z, labels), { relative: 1e-14 }))
  const [dz] = back(d) as readonly [() => Tensor]
  t.ok(approxEqual(dz(), pullbackComposite(z, labels, d), { relative: 1e-14 }))
})

t.test('derivatives', async (t) => {
  const report = gradCheck((x: Scores) => crossEntropy(x, labels), z)
  t.ok(report.pass && report.notes.length === 0, show(report))
})

t.test('scores that are infinite', async (t) => {
  const { POSITIVE_INFINITY: top, NEGATIVE_INFINITY: low } = Number
  const rows = fromArray([top, 0, 0, top, low, 1], [3, 2], 'float64') as unknown as Scores
  for (const engine of engines)
    on(engine, () => {
      t.same(toArray(crossEntropy(rows, fromArray([0, 0, 1], [3], 'int32'))), [0, top, 0], engine.name)
      t.same(toArray(crossEntropy(rows, fromArray([1, 1, 0], [3], 'int32'))), [top, 0, top], engine.name)
    })
})
