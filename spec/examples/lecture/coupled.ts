import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

t.test('coupled by hand and composed: one loss, one gradient', async (t) => {
  for (const batch of ['1', '20']) {
    const text = await exampleOutput('lecture/coupled', '--dim', '12', '--hidden', '9', '--batch', batch)
    const [, byHand] = /^current loss, by hand {2}(\S+)$/m.exec(text) ?? []
    const [, composed] = /^current loss, composed (\S+)$/m.exec(text) ?? []
    t.ok(Math.abs(Number(byHand) / Number(composed) - 1) < 1e-14, 'one loss')
    const [, prediction, target] = /^current pred\/target \[(\S+)\] \[(\S+)\]$/m.exec(text) ?? []
    const [, diff] = /^diff \[(\S+)\]$/m.exec(text) ?? []
    t.ok(Math.abs((Number(prediction) - Number(target)) ** 2 / Number(diff) - 1) < 1e-12)
    t.match(text, 'dL/dL1.W  [9, 12]\ndL/dL1.b  [9]\ndL/dL2.W  [1, 9]\ndL/dL2.b  [1]\n')
    t.ok(Number(/^largest difference of the gradients (\S+)$/m.exec(text)?.[1]) < 1e-12, 'one gradient')
    t.match(text, 'gradient check by hand:  FAIL\ngradient check composed: pass', 'what a change costs')
  }
})
