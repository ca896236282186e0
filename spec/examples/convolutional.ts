import t from 'tap'
import { runExample } from '../support/example.ts'

const quick = ['--learn', '600', '--unseen', '400', '--batch', '20', '--epochs', '2']

t.test('learns from a few digits, tests and shows; the threads change no number', async (t) => {
  const one = await runExample('convolutional', ...quick)
  const two = await runExample('convolutional', ...quick, '--threads', '2')
  t.equal(one.code, 0, one.stderr)
  const { stdout } = one
  t.match(stdout, /^engine wasm, .*; threads 1\n/)
  t.match(two.stdout, /^engine wasm, .*; threads 2\n/)
  t.match(stdout, /block1\.norm +batchNorm +\[26, 26, 8\] +16/, 'the network')
  t.match(stdout, /drop +dropout +\[800\] +0\n/)
  t.match(stdout, /step 60\/60 {2}loss \d\.\d{4} {2}accuracy \d+\.\d\d % {2}\d+ examples\/s/, 'progress')
  t.match(stdout, /loss, from the first step to the last\n( *\S* [┤│].*\n)+ +└─+\n/, 'a loss curve')
  t.match(stdout, /what each digit \(row\) was read as \(column\)\n +0 +1 +2 +3 +4 +5 +6 +7 +8 +9\n *0 /)
  t.match(stdout, /a \d read as \d/, 'misread digits')
  const [, accuracy] = /test accuracy (\d+\.\d\d) % after \d+\.\d s of training\n$/.exec(stdout) ?? []
  t.ok(Number(accuracy) > 60, `test accuracy ${accuracy} %`)
  const lasting = (output: string): string =>
    output.replace(/^engine.*|\d+ examples\/s|after \S+ s/gm, '').replace(/^step (?!60).*\n/gm, '')
  t.equal(lasting(two.stdout), lasting(stdout))
})

t.test('help, and an invalid value', async (t) => {
  const { code, stdout } = await runExample('convolutional', '--help')
  t.equal(code, 0)
  for (const option of ['epochs', 'batch', 'lr', 'drop', 'learn', 'unseen', 'seed', 'engine', 'threads', 'help'])
    t.match(stdout, new RegExp(`--${option} `))
  const refused = await runExample('convolutional', '--drop', '2')
  t.equal(refused.code, 2)
  t.equal(refused.stderr, "convolutional: --drop: expected a number from 0 to 1, got '2' (--help tells more)\n")
})
