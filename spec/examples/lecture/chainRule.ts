import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

t.test('the tensor chain rule and the pullback: one gradient, dim³ and dim²', async (t) => {
  const text = await exampleOutput('lecture/chainRule', '--least', '4', '--most', '32')
  const rows = text
    .split('\n')
    .filter((line) => /^ *\d+( +[\d.e-]+){7}$/.test(line))
    .map((line) => line.trim().split(/ +/).map(Number))
  t.same(
    rows.map(([d]) => d),
    [4, 8, 16, 32],
  )
  for (const [d = 0, numbers, products, tensorTime = 0, fewer, pullbackTime = 0, , apart] of rows) {
    t.same([numbers, products, fewer], [d ** 3, 2 * d ** 3, d ** 2])
    t.ok(tensorTime > 0 && pullbackTime > 0)
    t.ok((apart as number) < 1e-12, `${apart}`)
  }
  t.match(text, /powers of ten.*\n( *\S* [┤│].*\n)+ +└─+\n/, 'a plot')
})
