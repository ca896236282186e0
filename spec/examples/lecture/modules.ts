import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

t.test("the lecture's modules", async (t) => {
  const text = await exampleOutput('lecture/modules', '--dim', '12', '--hidden', '9')
  const loss = Number(/^current loss (\S+)$/m.exec(text)?.[1])
  const [, prediction, target] = /^current pred\/target \[(\S+)\] \[(\S+)\]$/m.exec(text) ?? []
  t.equal(Number(/^diff \[(\S+)\]$/m.exec(text)?.[1]), loss)
  t.ok(Math.abs((Number(prediction) - Number(target)) ** 2 / loss - 1) < 1e-12)
  t.match(text, 'dL/dL1.W [9, 12]\ndL/dL1.b [9]\ndL/dL2.W [1, 9]\ndL/dL2.b [1]\n')
  t.match(text, /as it is +pass\n +another unit pass\n +a layer more pass/)
})

t.test('at its full size', async (t) => {
  t.match(await exampleOutput('lecture/modules'), 'dL/dL1.W [50, 100]')
})
