import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { flowers, folder, pullback } from '../support/command.ts'

t.before(async () => {
  await pullback('train', flowers, '--target', 'species', '--out', 'model', '--epochs', '20', '--quiet')
})
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)

t.test('columns in another order, others among them, the target absent; the rows stay as they were', async (t) => {
  const rows = [
    'petalWidth,note,petalLength,sepalWidth,sepalLength',
    '0.20,"a, ""b""",1.4,3.5,5.1',
    '2.1,,5.4,3.1,6.9',
    '',
  ]
  write('new.csv', rows.join('\r\n'))
  const { code, stdout, stderr } = await pullback('predict', 'model', 'new.csv', '--probabilities')
  t.equal(code, 0, stderr)
  const [heading, first = '', second = '', rest] = stdout.split('\r\n')
  t.equal(heading, `${rows[0]},prediction,p(setosa),p(versicolor),p(virginica)`)
  t.ok(first.startsWith(`${rows[1]},setosa,`), first)
  t.ok(second.startsWith(`${rows[2]},virginica,`), second)
  t.equal(rest, '')
  const shares = second.split(',').slice(-3).map(Number)
  t.ok(Math.abs(shares.reduce((sum, x) => sum + x, 0) - 1) < 1e-6, `${shares}`)
})

t.test('the model file itself, rows with their target, written to a file', async (t) => {
  const { code, stdout, stderr } = await pullback(
    'predict',
    'model/model.safetensors',
    flowers,
    '--out',
    'out/told.csv',
  )
  t.same([code, stdout, stderr], [0, '', ''])
  const rows = readFileSync(join(folder, 'out', 'told.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
  const right = rows.map((row) => row.split(',')).filter((cells) => cells[4] === cells[5])
  t.equal(rows.length, 150)
  t.ok(right.length > 130, `${right.length} right`)
  const evaluated = JSON.parse((await pullback('evaluate', 'model', flowers, '--json')).stdout)
  t.equal(evaluated.rows, 150)
  t.ok(Math.abs(evaluated.metrics.accuracy - right.length / 150) < 1e-12, 'what evaluate says')
  t.match(
    (await pullback('evaluate', 'model', flowers)).stdout,
    /^metric +on 150 rows\n─.*\nloss .*\naccuracy .*\nf1 .*\n$/,
  )
})

t.test('rows and files that will not do are told, with exit code 1', async (t) => {
  const cases = [
    ['sepalLength,sepalWidth,petalLength\n1,2,3\n', 'column petalWidth: expected a column'],
    [
      'sepalLength,sepalWidth,petalLength,petalWidth\n1,2,3,\n',
      'line 2, column petalWidth: expected a number, got a missing',
    ],
    [
      'sepalLength,sepalWidth,petalLength,petalWidth\n1,2,3,x\n',
      "line 2, column petalWidth: expected a number, got 'x'",
    ],
    ['sepalLength,sepalWidth,petalLength,petalWidth,prediction\n1,2,3,4,5\n', 'expected no column prediction yet'],
  ] as const
  for (const [i, [text, expected]] of cases.entries()) {
    write(`bad${i}.csv`, text)
    const { code, stdout, stderr } = await pullback('predict', 'model', `bad${i}.csv`)
    t.same([code, stdout], [1, ''])
    t.ok(stderr.includes(`bad${i}.csv: ${expected}`), stderr)
  }
  write('other.csv', 'sepalLength,sepalWidth,petalLength,petalWidth,species\n1,2,3,4,rose\n')
  const unknown = await pullback('evaluate', 'model', 'other.csv')
  t.equal(unknown.code, 1)
  t.match(unknown.stderr, /line 2, column species: expected one of 'setosa', 'versicolor', 'virginica', got 'rose'/)
  const checkpoint = await pullback('predict', 'model/checkpoint/checkpoint-000000080.safetensors', flowers)
  t.equal(checkpoint.code, 1)
  t.match(checkpoint.stderr, /expected a model that pullback train has saved, got another file/)
  const missing = await pullback('predict', 'nothing', flowers)
  t.same([missing.code, /^pullback: nothing: cannot read/.test(missing.stderr)], [1, true])
})
