import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

t.test('modules within modules', async (t) => {
  const text = await exampleOutput('lecture/parameters', '--dim', '6', '--hidden', '4', '--code', '3')
  t.match(text, /^encoder\.L1 +linear +\[4\] +28$/m, 'the summary')
  for (const [name, shape] of [
    ['encoder.L1.W', '[4, 6]'],
    ['encoder.L1.b', '[4]'],
    ['encoder.L2.W', '[3, 4]'],
    ['encoder.L2.b', '[3]'],
    ['head.W', '[1, 3]'],
    ['head.b', '[1]'],
  ] as const)
    t.match(text, `\n${name} ${shape} ${shape}\n`, 'a gradient for each parameter')
  t.match(text, '47 numbers, count says 47')
  const [, before, after] = /mean of encoder.L1.b (\S+), in the changed record (\S+)/.exec(text) ?? []
  t.ok(Math.abs(Number(after) - Number(before) - 1) < 1e-3)
  t.match(text, 'shared by both: true')
  t.match(text, 'one more module: extra.W [3, 3], extra.b [3]')
  t.match(text, 'first values of the others 0\n')
  t.match(text, 'by flatten and unflatten 0\n')
})
