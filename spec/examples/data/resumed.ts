import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runExample } from '../../support/example.ts'

const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
t.teardown(() => rmSync(folder, { recursive: true }))

t.test('interrupted within an epoch, it goes on to the same bits', async (t) => {
  const run = (...more: readonly string[]) => runExample('data/resumed', '--out', folder, '--epochs', '6', ...more)
  const first = await run('--until', '40')
  t.equal(first.code, 130)
  const [, step = ''] = /^begins\ninterrupted after step (\d+): run it again to go on\n$/.exec(first.stdout) ?? []
  t.ok(Number(step) >= 40, 'some steps after the signal was sent')
  const second = await run()
  t.equal(second.code, 0, second.stderr)
  const [before, after, same] = second.stdout.split('\n')
  t.equal(before, `goes on after step ${step}`)
  t.match(after, /^step 96, loss \S+$/)
  t.equal(same, 'the bits of a run that was never interrupted')
})
