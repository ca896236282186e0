import t from 'tap'
import { runExample } from '../support/run.ts'

t.test("the lecture's two-layer network", async (t) => {
  const { code, stdout, stderr } = await runExample('lecture', '--dim', '12', '--hidden', '9', '--batch', '20')
  t.equal(code, 0, stderr)
  for (const name of ['bprop', 'numerical', 'backprop-module', 'numerical-module'])
    t.match(stdout, new RegExp(`^${name}: numdata: 1\\t time: \\d`, 'm'))
  for (const name of ['W1', 'b1', 'W2', 'b2', 'L1.W', 'L1.b', 'L2.W', 'L2.b'])
    t.match(stdout, new RegExp(`^${name} (pass|fail) \\d`, 'm'))
  const losses = [...stdout.matchAll(/^current loss (.+)$/gm)].map((m) => m[1])
  t.equal(losses.length, 2)
  t.equal(losses[0], losses[1], 'one loss')
  const [, one, many] = /hand-coupled against composed: (\S+) for one example, (\S+) for 20/.exec(stdout) ?? []
  t.ok(Number(one) < 1e-12 && Number(many) < 1e-12, 'one gradient')
  t.match(stdout, /gradCheck, which knows what rounding hides: pass/)
  t.match(stdout, /^backprop-batch: numdata: 20\t/m)
  t.match(stdout, /^backprop-loop: numdata: 20\t/m)
})
