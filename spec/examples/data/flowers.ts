import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runExample } from '../../support/example.ts'
import { root } from '../../support/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
t.teardown(() => rmSync(folder, { recursive: true }))

t.test('tells unseen flowers, and leaves a report and a model', async (t) => {
  const { code, stdout, stderr } = await runExample('data/flowers', '--out', join(folder, 'flowers'))
  t.equal(code, 0, stderr)
  const [, accuracy] = /^the model of epoch \d+ of \d+: accuracy (\S+) on 30 unseen flowers\n/.exec(stdout) ?? []
  t.ok(Number(accuracy) >= 0.93, stdout)
  t.match(stdout, /the first three of them are (\w+), (\w+), (\w+)\n$/)
  t.match(readFileSync(join(folder, 'flowers', 'report.html'), 'utf8'), /^<!doctype html>[\s\S]*virginica/)
  t.ok(existsSync(join(folder, 'flowers', 'model.safetensors')))
})

t.test('it takes thirty calls of the library or fewer', async (t) => {
  const text = readFileSync(join(root, 'examples/data/flowers.ts'), 'utf8')
  const code = text.slice(text.indexOf('const table')).split('\n')
  const lines = code.filter((line) => line.trim() !== '' && !line.startsWith('//'))
  t.ok(lines.length <= 30, `${lines.length} lines`)
})
