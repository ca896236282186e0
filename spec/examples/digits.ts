import { native } from 'pullback/node'
import t from 'tap'
import * as E from '#fp/Either'
import { runExample } from '../support/example.ts'
import { type Outcome, run } from '../support/run.ts'

const quick = ['--epochs', '1', '--hidden', '8', '--batch', '500', '--lr', '0.02', '--seed', '3']
const once = runExample('digits', ...quick)
const accuracyOf = ({ stdout }: Outcome): number => Number(/test accuracy (\d+\.\d\d) %/.exec(stdout)?.[1])

t.test('trains, tests and shows', async (t) => {
  const [first, second] = await Promise.all([once, runExample('digits', ...quick)])
  t.equal(first.code, 0, first.stderr)
  const { stdout } = first
  t.match(stdout, /L1 +linear +\[8\] +6,280/, 'the network')
  t.match(stdout, /step 120\/120 {2}loss \d\.\d{4} {2}accuracy \d+\.\d\d % {2}\d+ examples\/s/, 'progress')
  t.match(stdout, /loss, from the first step to the last\n( *\S* [┤│].*\n)+ +└─+\n/, 'a loss curve')
  t.match(
    stdout,
    /what each digit \(row\) was read as \(column\)\n +0 +1 +2 +3 +4 +5 +6 +7 +8 +9\n *0 /,
    'a confusion matrix',
  )
  t.match(stdout, /a \d read as \d/, 'misread digits')
  t.match(stdout, /gradient check of the trained network: pass/)
  t.match(stdout, /^engine wasm, 128-bit SIMD; threads 1/)
  t.ok(accuracyOf(first) > 80, `test accuracy ${accuracyOf(first)} %`)
  const lasting = (output: string) => output.replace(/\d+ examples\/s/g, '').replace(/^step (?!120).*\n/gm, '')
  t.equal(lasting(second.stdout), lasting(stdout), 'the same seed gives the same numbers')
})

const found = native()
t.test('the same accuracy with OpenBLAS', E.isLeft(found) ? { skip: found.left.message } : {}, async (t) => {
  const [one, other] = await Promise.all([once, runExample('digits', ...quick, '--engine', 'native')])
  t.match(other.stdout, /^engine native, 128-bit SIMD, OpenBLAS for \w+; threads 1/, other.stderr)
  t.ok(Math.abs(accuracyOf(one) - accuracyOf(other)) < 1, `${accuracyOf(one)} % and ${accuracyOf(other)} %`)
})

t.test('a diverging run is reported, not lost', async (t) => {
  const { code, stdout, stderr } = await runExample(
    'digits',
    '--epochs',
    '1',
    '--hidden',
    '4',
    '--batch',
    '20000',
    '--lr',
    '1000',
  )
  t.not(code, 2, stderr)
  t.match(stdout, /test accuracy \d/)
})

t.test('help, from the source as npm start runs it', async (t) => {
  const { code, stdout } = await run(process.execPath, [
    '--import=./spec/support/ts.mjs',
    'examples/digits.ts',
    '--help',
  ])
  t.equal(code, 0)
  for (const option of ['epochs', 'batch', 'lr', 'hidden', 'seed', 'engine', 'threads', 'help'])
    t.match(stdout, new RegExp(`--${option} `))
})

t.test('bad options: one line and exit code 2', async (t) => {
  const cases = [
    [['--epochs', 'three'], "digits: --epochs: expected a whole number from 1 to 1000, got 'three'"],
    [['--batch', '1.5'], "digits: --batch: expected a whole number from 1 to 60000, got '1.5'"],
    [['--lr=-1'], "digits: --lr: expected a number from 1e-9 to 1000, got '-1'"],
    [['--seed', ''], "digits: --seed: expected a whole number from 0 to 9007199254740991, got ''"],
    [['--engine', 'gpu'], "digits: --engine: expected wasm or native, got 'gpu'"],
    [['--hidden'], "digits: Option '--hidden <value>' argument missing"],
    [['--units', '3'], "digits: Unknown option '--units'"],
    [['3'], "digits: Unexpected argument '3'"],
  ] as const
  const outcomes = await Promise.all(cases.map(([args]) => runExample('digits', ...args)))
  outcomes.forEach(({ code, stdout, stderr }, i) => {
    t.equal(code, 2)
    t.equal(stdout, '')
    t.ok(stderr.startsWith(cases[i]?.[1] as string), stderr)
    t.equal(stderr.trim().split('\n').length, 1)
  })
})
