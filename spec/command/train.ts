import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { flowers, folder, left, pullback } from '../support/command.ts'

const train = (...args: readonly string[]) => pullback('train', flowers, '--target', 'species', ...args)

t.test('flowers in seconds: what was inferred, the files, the metrics', async (t) => {
  const { code, stdout, stderr } = await train('--out', 'flowers')
  t.equal(code, 0, stderr)
  t.match(stdout, /petalWidth +number +0\.1 … 2\.5 +0\n/)
  t.match(stdout, /species +category +setosa, versicolor, virginica +0 {2}the target\n/)
  t.match(stdout, /task classify: species is one of setosa, versicolor, virginica\n120 rows to learn from, 30 to be/)
  t.match(stdout, /\nmetric +on 30 rows not learnt from\n─.*\nloss +\S+\naccuracy +\S+\nf1 +\S+\n/)
  t.match(stdout, /the model of epoch \d+ of 100 is in flowers, with report\.html\n$/)
  t.ok(Number(/accuracy +(\S+)/.exec(stdout)?.[1]) >= 0.93, 'above 93 % on flowers not learnt from')
  t.match(stderr, /^epoch 1\/100 {2}loss/, 'progress on standard error')
  const files = ['checkpoint', 'history.json', 'model.safetensors', 'report.html']
  t.same(readdirSync(join(folder, 'flowers')).sort(), files)
  t.match(left('flowers')[1], /^<!doctype html>[\s\S]*Confusion matrix[\s\S]*virginica/)
})

t.test('the same seed gives the same files, in JSON one document and nothing else', async (t) => {
  const quick = ['--epochs', '3', '--hidden', '8', '--seed', '7']
  const [one, two] = await Promise.all([
    train(...quick, '--out', 'one', '--json'),
    train(...quick, '--out', 'two', '--quiet', '--threads', '2'),
    train(...quick, '--out', 'other', '--quiet', '--seed', '8'),
  ])
  t.same([two.code, two.stdout, two.stderr], [0, '', ''], 'quiet')
  t.equal(one.stderr, '')
  const told = JSON.parse(one.stdout)
  t.match(told, {
    task: 'classify',
    rows: { train: 120, validation: 30 },
    epochs: 3,
    files: { report: 'one/report.html' },
  })
  t.same(Object.keys(told.metrics), ['loss', 'accuracy', 'f1'])
  t.same(left('two'), left('one'))
  t.not(left('other')[0], left('one')[0], 'another seed')
})

t.test('numbers, categories, booleans and missing values; numbers are told', async (t) => {
  const row = (i: number) => {
    const [a, kind, is] = [i % 17, ['x', 'y', 'z'][i % 3], i % 2 === 0]
    return [i + 1, i % 11 === 0 ? '' : a, i % 13 === 0 ? '' : kind, is, 100 + 5 * a + (is ? 20 : 0)].join(',')
  }
  const text = ['id,a,kind,is,y', ...Array.from({ length: 120 }, (_, i) => row(i)), ''].join('\n')
  writeFileSync(join(folder, 'mixed.csv'), text)
  const { code, stdout, stderr } = await pullback('train', 'mixed.csv', '--target', 'y', '--out', 'mixed')
  t.equal(code, 0, stderr)
  t.match(stdout, /id +ignored .*it counts the rows/)
  t.match(stdout, /11 missing in a: filled with their mean in the training part\n/)
  t.match(stdout, /10 missing in kind: filled with the label '\(missing\)'\n/)
  t.match(stdout, /task regress: y is a number, learnt in deviations of \S+ from the mean \S+\n/)
  t.ok(Number(/r2 +(\S+)/.exec(stdout)?.[1]) > 0.8, stdout)
  const evaluated = await pullback('evaluate', 'mixed', 'mixed.csv', '--json')
  t.same(Object.keys(JSON.parse(evaluated.stdout).metrics), ['loss', 'r2', 'mae', 'rmse'])
  const predicted = await pullback('predict', 'mixed', 'mixed.csv')
  const last = predicted.stdout.trim().split('\n').at(-1)?.split(',') ?? []
  t.ok(Math.abs(Number(last[5]) - Number(last[4])) < 20, `${last}`)
})

t.test('every optimizer, schedule and activation, and no hidden layer', async (t) => {
  const optimizers = ['adamw', 'adam', 'nadam', 'rmsprop', 'lion', 'momentum', 'sgd']
  const schedules = ['linear', 'oneCycle', 'constant']
  const activations = ['relu', 'tanh', 'gelu', 'silu', 'sigmoid', 'elu', 'selu']
  const names = [
    ...optimizers.map((optimizer, i) => {
      const [schedule, activation] = [schedules[i % 3] as string, activations[i] as string]
      return ['--optimizer', optimizer, '--schedule', schedule, '--activation', activation]
    }),
    ['--hidden', '0', '--dropout', '0', '--engine', 'reference', '--patience', '1'],
  ]
  const few = ['--epochs', '2', '--hidden', '4', '--quiet']
  for (let i = 0; i < names.length; i += 4) {
    const some = names.slice(i, i + 4)
    const outcomes = await Promise.all(some.map((args, j) => train(...few, '--out', `of-${i + j}`, ...args)))
    outcomes.forEach(({ code, stderr }, j) => {
      t.equal(code, 0, `${some[j]} ${stderr}`)
    })
  }
})

t.test('a table that cannot be learnt from is told in lines of data, with exit code 1', async (t) => {
  const cases: readonly (readonly [text: string, expected: RegExp, ...more: string[]])[] = [
    ['x,y\n1,2\n3\n4,5\n', /^pullback: bad\d\.csv: line 3: expected 2 cells/],
    ['x,y\n1,a\n2,\n3,b\n', /line 3, column y: expected a label, got a missing value \[missing-value\]\n$/],
    ['x,z\n1,2\n', /--target: expected one of the columns 'x', 'z', got 'y'/],
    ['x,y\n1,a\n2,"b\n', /expected a closing quote/],
    ['', /bad\d\.csv: expected the names of the columns and rows, got an empty file/],
    ['x,y\n1,a\n2,a\n3,a\n', /the target 'y' would be ignored, since it is the same in all rows/],
    ['x,y\n1,a\n2,a\n3,a\n', /at least two classes, got 1/, '--task', 'classify'],
    [
      'x,y\n1,a\n2,b\n3,c\n4,d\n',
      /expected a number, got 'a' \[bad-value\]\n.*\[bad-value\]\n.*and 2 more \[bad-table\]\n$/,
      '--task',
      'regress',
    ],
    ['y\na\nb\n', /expected a column for the input/],
    ['x,y\n1,a\n2,b\n', /one to be tested on/],
  ]
  const outcomes = await Promise.all(
    cases.map(([text, , ...more], i) => {
      writeFileSync(join(folder, `bad${i}.csv`), text)
      return pullback('train', `bad${i}.csv`, '--target', 'y', '--out', 'bad', ...more)
    }),
  )
  outcomes.forEach(({ code, stdout, stderr }, i) => {
    t.same([code, stdout], [1, ''])
    t.match(stderr, cases[i]?.[1])
    t.ok(stderr.trim().split('\n').length <= 3, stderr)
    t.notMatch(stderr, /\n {4}at |[{}]/, 'no stack, no piece of a program')
  })
  t.notOk(existsSync(join(folder, 'bad')), 'nothing is left behind')
})
