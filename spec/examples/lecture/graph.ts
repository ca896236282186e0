import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

t.test('a graph of modules: one gradient, the sum over the children', async (t) => {
  const text = await exampleOutput('lecture/graph', '--dim', '7', '--hidden', '5', '--batch', '3')
  for (const row of ['in +linear', 'gated +product', 'direct +identity', ' +sum', 'out +linear'])
    t.match(text, new RegExp(`^${row} `, 'm'))
  t.match(text, 'gradient check: side by side pass, as a function pass')
  const apart = [...text.matchAll(/^difference of .* (\S+)$/gm)].map((m) => Number(m[1]))
  t.equal(apart.length, 3)
  for (const a of apart) t.ok(a < 1e-12, `${a}`)
  const numbers = (child: string): number[] =>
    (new RegExp(`^ {2}${child} +(-?\\d.*)$`, 'm').exec(text)?.[1] ?? '').split(/ +/).map(Number)
  const [tanh, sigmoid, sum, v] = ['from tanh', 'from sigmoid', 'from sum', 'of v'].map(numbers)
  v?.forEach((d, i) => {
    const total = [tanh, sigmoid, sum].reduce((s, part) => s + (part?.[i] as number), 0)
    t.ok(Math.abs(total - d) < 3e-6, `${total} and ${d}`)
  })
})
