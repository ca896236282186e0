// The examples of sequences, shortened: they run, learn, and draw.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { forecast } from '../../../examples/sequences/forecast.ts'
import { runExample } from '../../support/example.ts'

const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
t.teardown(() => rmSync(folder, { recursive: true }))

for (const [model, most] of [
  ['gru', 2],
  ['transformer', 2.6],
] as const)
  t.test(`characters: a ${model} learns which comes next`, async (t) => {
    const { code, stdout, stderr } = await runExample(
      'sequences/characters',
      ...['--model', model, '--epochs', '1', '--length', '32', '--units', '32'],
    )
    t.equal(code, 0, stderr)
    const [, nats, written] = /^epoch 1: (\S+) nats a character .*\n {2}(.*)\n/.exec(stdout) ?? []
    t.ok(Number(nats) < most, stdout)
    t.equal([...(written as string)].length, 100)
  })

t.test('adder: it writes the answers by itself, better than by guessing', async (t) => {
  const { code, stdout, stderr } = await runExample('sequences/adder', '--epochs', '1', '--sums', '2000')
  t.equal(code, 0, stderr)
  const said = /^epoch 1: \d+\.\d % of new sums right, and (\d+\.\d) % of their digits, as \d+ \+ \d+ = (\d+|NaN)\n$/
  const [, digits] = said.exec(stdout) ?? []
  // The best answer that is the same for all has 20 %: half of the first digits, a tenth of the others.
  t.ok(Number(digits) > 24, stdout)
})

t.test('forecast: nine of ten unseen values lie within their intervals', async (t) => {
  const { actual, forecasts } = await forecast({ hours: 600, epochs: 8, seed: 0 })
  const within = actual.filter((v, i) => {
    const { mean = 0, deviation = 0 } = forecasts[i] ?? {}
    return Math.abs(v - mean) < 1.645 * deviation
  })
  const share = within.length / actual.length
  t.ok(share > 0.7 && share <= 1, `${share}`)
  const error = actual.reduce((sum, v, i) => sum + Math.abs(v - (forecasts[i]?.mean ?? 0)), 0) / actual.length
  t.ok(error < 0.4, `off by ${error} on average`)
})

t.test('variational: it describes digits ever more briefly, and draws the plane', async (t) => {
  const picture = join(folder, 'plane.svg')
  const { code, stdout, stderr } = await runExample(
    'variational',
    ...['--digits', '1000', '--epochs', '3', '--side', '3', '--picture', picture],
  )
  t.equal(code, 0, stderr)
  const nats = [...stdout.matchAll(/(\S+) nats an image/g)].map(([, n]) => Number(n))
  t.equal(nats.length, 3)
  t.ok((nats[2] as number) < 0.75 * (nats[0] as number), stdout)
  t.ok(existsSync(picture) && readFileSync(picture, 'utf8').startsWith('<svg'))
})
