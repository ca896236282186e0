import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { begin, flowers, folder, program, pullback } from '../support/command.ts'
import { root, run } from '../support/run.ts'

t.test('help and version', async (t) => {
  const names = ['train', 'predict', 'evaluate', 'inspect', 'convert', 'check']
  const [all, version, ...each] = await Promise.all([
    pullback('--help'),
    pullback('--version'),
    ...names.map((name) => pullback(name, '--help')),
  ])
  const { version: expected } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  t.same(version, { code: 0, stdout: `${expected}\n`, stderr: '' })
  for (const [i, name] of names.entries()) {
    t.match(all?.stdout, new RegExp(`\n  ${name} `))
    t.equal(each[i]?.code, 0)
    t.match(each[i]?.stdout, new RegExp(`^pullback ${name} [A-Z][\\s\\S]* --help `))
  }
  const data = 'target out task validation seed resume checkpoint-every json quiet engine threads exact'
  const learning = 'hidden activation dropout epochs batch lr optimizer schedule patience'
  for (const option of `${data} ${learning}`.split(' ')) t.match(each[0]?.stdout, new RegExp(`--${option} `))
})

t.test('wrong usage: one line that says what is expected, exit code 2', async (t) => {
  const cases = [
    [[], /^pullback: expected a command, train, .*, got nothing/],
    [['constructor'], /^pullback: expected a command, train, .*, got 'constructor'/],
    [['train'], /^pullback train: expected DATA\.csv, got nothing/],
    [['train', flowers], /^pullback train: expected --target COLUMN, got none/],
    [['train', flowers, '--epochs=-1'], /--epochs: expected a whole number from 1 to 1000000, got '-1'/],
    [['train', flowers, '--epochs', '-1'], /'--epochs' argument is ambiguous: write --option=value/],
    [['train', flowers, '--lr', ''], /--lr: expected a number from 1e-12 to 1000, got ''/],
    [['train', flowers, '--hidden', '3,x'], /--hidden: expected a whole number from 1 to 10000, got 'x'/],
    [['train', flowers, '--task', 'cluster'], /--task: expected one of classify, regress, got 'cluster'/],
    [['train', flowers, '--unit', '3'], /Unknown option '--unit' \(--help tells more\) \[usage\]\n$/],
    [['predict', 'a', 'b', 'c'], /^pullback predict: expected DIR\|model\.safetensors DATA\.csv, got 'a' 'b' 'c'/],
    [['evaluate', 'a'], /^pullback evaluate: expected/],
    [['inspect'], /^pullback inspect: expected FILE, got nothing/],
    [['convert', 'a'], /^pullback convert: expected IN OUT, got 'a'/],
    [
      ['convert', 'a', 'b.pt'],
      /^pullback convert: expected a file that ends in \.safetensors, \.npz, \.npy or \.onnx, got 'b\.pt'/,
    ],
    [['check', '--json=3', 'a'], /^pullback check: Option '--json' does not take an argument/],
  ] as const
  const outcomes = await Promise.all(cases.map(([args]) => pullback(...args)))
  outcomes.forEach(({ code, stdout, stderr }, i) => {
    t.same([code, stdout], [2, ''], `${cases[i]?.[0]}`)
    t.match(stderr, cases[i]?.[1])
    t.equal(stderr.trim().split('\n').length, 1, stderr)
  })
})

t.test('whoever reads the output may go away', async (t) => {
  const child = begin('train', '--help')
  child.stdout?.destroy()
  const [code] = await once(child, 'exit')
  t.equal(code, 0)
})

t.test('a training goes on when nobody reads what it says', async (t) => {
  const child = begin('train', flowers, '--target', 'species', '--out', 'unheard', '--epochs', '3')
  child.stdout?.destroy()
  child.stderr?.destroy()
  const [code] = await once(child, 'exit')
  t.equal(code, 0)
  t.ok(existsSync(join(folder, 'unheard', 'model.safetensors')))
})

t.test(
  'output that is lost is told in a line, and trained models are kept',
  { skip: !existsSync('/dev/full') },
  async (t) => {
    const intoFull = (...args: readonly string[]) =>
      run('sh', ['-c', '"$@" > /dev/full', 'sh', ...program, ...args], folder)
    const told = { code: 1, stderr: /^pullback: cannot write to standard output: ENOSPC.*$/m }
    t.match(await intoFull('--help'), told)
    t.match(await intoFull('train', flowers, '--target', 'species', '--out', 'kept', '--epochs', '1'), told)
    t.ok(existsSync(join(folder, 'kept', 'model.safetensors')))
  },
)
