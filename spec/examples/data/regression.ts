import t from 'tap'
import { runExample } from '../../support/example.ts'

t.test('tells prices far better than their mean does', async (t) => {
  const { code, stdout, stderr } = await runExample('data/regression', '--rows', '300')
  t.equal(code, 0, stderr)
  t.match(stdout, /^loss\n( *\S* [┤│].*\n)+ +└─+\n/, 'curves')
  const [, error, deviation] =
    /off by (\d+) on average, where prices deviate from their mean by (\d+)\n/.exec(stdout) ?? []
  t.ok(Number(error) < Number(deviation) / 5, stdout)
  const [, price] = /a flat in Jena: (\d+)\n$/.exec(stdout) ?? []
  t.ok(Math.abs(Number(price) - 70 * 2900 * 0.92) < 20_000, stdout)
})
