import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

const run = (...args: readonly string[]): Promise<string> => exampleOutput('lecture/dimensions', ...args)

t.test('the shapes of everything', async (t) => {
  const text = await run('--dim', '7', '--hidden', '5', '--outputs', '2', '--layers', '3')
  const table = text.split('\n').slice(0, 4)
  t.same(
    table.map((line) => line.trim().split(/ {2,}/)),
    [
      ['i', 'a_i', 'W_i', 'z_i', 'dL/da_i', 'dL/dz_{i-1}', 'dL/dW_i', 'dL/db_i'],
      ['1', '[7, 1]', '[5, 7]', '[5, 1]', '[7, 1]', '-', '[5, 7]', '[5, 1]'],
      ['2', '[5, 1]', '[5, 5]', '[5, 1]', '[5, 1]', '[5, 1]', '[5, 5]', '[5, 1]'],
      ['3', '[5, 1]', '[2, 5]', '[2, 1]', '[5, 1]', '[5, 1]', '[2, 5]', '[2, 1]'],
    ],
  )
})

t.test('dimensions are consistent for any n, and inconsistent ones are rejected', async (t) => {
  for (const layers of ['1', '6']) {
    const text = await run('--layers', layers, '--dim', '4', '--hidden', '3')
    t.match(text, 'each derivative has the shape of what it belongs to')
    t.ok(Number(/gradients of vjp (\S+)$/m.exec(text)?.[1]) < 1e-12)
    t.match(text, 'the compiler at L2: "takes [64], but the layer before gives [128]"')
    t.match(text, 'matmul: expected inner sizes that agree, the first factor is [50, 100], got [50, 1]')
  }
})
