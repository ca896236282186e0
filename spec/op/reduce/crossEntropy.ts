import { approxEqual, fromArray, gradCheck, random, show, type Tensor } from 'pullback'
import t from 'tap'
import { crossEntropy, crossEntropyComposite, pullbackComposite } from '../../../lib/op/reduce/crossEntropy.ts'

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
