import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

t.test('a minibatch and its examples, and the sum that the lecture leaves out', async (t) => {
  const text = await exampleOutput('lecture/minibatch', '--batch', '20', '--dim', '5', '--hidden', '6')
  for (const [name, numdata] of [
    ['backprop-batch', 20],
    ['backprop-loop', 20],
    ['numerical', 1],
    ['backprop-batch-module', 20],
    ['backprop-loop-module', 20],
  ])
    t.match(text, new RegExp(`^${name}: numdata: ${numdata}\\t time: \\d\\.\\d{5}e[+-]\\d\\d$`, 'm'))
  t.match(text, 'b1 is [6, 1]; dL/db1 is [6, 20] without the sum, [6, 1] with it')
  t.match(text, 'sub at b1: expected two tensors of one shape, the first is [6, 1], got [6, 20]')
  t.match(text, 'its dL/db is [6], ')
  const apart = [...text.matchAll(/agrees.* to (\S+)$/gm)].map((m) => Number(m[1]))
  t.equal(apart.length, 2)
  for (const a of apart) t.ok(a < 1e-12, `${a}`)
})
