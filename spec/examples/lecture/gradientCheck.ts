import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

const names = ['W1', 'b1', 'W2', 'b2', 'L1.W', 'L1.b', 'L2.W', 'L2.b']
const run = async (...args: readonly string[]) => {
  const text = await exampleOutput('lecture/gradientCheck', ...args)
  const verdict = (name: string) => new RegExp(`^${name} (pass|fail) (\\S+)$`, 'm').exec(text) ?? []
  return { text, verdicts: names.map((name) => verdict(name)[1]), norms: names.map((name) => Number(verdict(name)[2])) }
}

t.test('small entries: the lecture agrees', async (t) => {
  const { text, verdicts } = await run('--dim', '6', '--hidden', '4')
  for (const name of ['bprop', 'numerical', 'backprop-module', 'numerical-module'])
    t.match(text, new RegExp(`^${name}: numdata: 1\\t time: \\d\\.\\d{5}e[+-]\\d\\d$`, 'm'))
  t.same(verdicts, Array(8).fill('pass'))
  const losses = [...text.matchAll(/^loss (\S+)$/gm)].map((m) => m[1])
  t.equal(losses.length, 2)
  t.equal(losses[0], losses[1], 'one loss')
  t.match(text, /^gradient check: pass/m)
  t.match(text, /0\.1 % too large: FAIL$/m)
})

t.test('a large loss: the lecture fails gradients that gradCheck passes', async (t) => {
  const { text, verdicts, norms } = await run('--dim', '20', '--hidden', '300')
  t.ok(Number(/^loss (\S+)$/m.exec(text)?.[1]) > 1e5)
  t.equal(verdicts[0], 'fail', `W1 ${norms[0]}`)
  t.same(norms.slice(0, 4), norms.slice(4), 'by hand and composed alike')
  t.match(text, /^gradient check: pass/m)
  t.match(text, /0\.1 % too large: FAIL$/m)
})

t.test('inactive units: the lecture divides 0 by 0', async (t) => {
  const { text, verdicts, norms } = await run('--dim', '6', '--hidden', '10', '--draw', 'normal')
  t.equal(verdicts[0], 'fail')
  t.ok(Number.isNaN(norms[0]))
  t.match(text, /^gradient check: pass/m)
})
