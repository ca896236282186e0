import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runExample } from '../../support/example.ts'
import { root } from '../../support/run.ts'

const programs = readdirSync(join(root, 'examples/lecture')).map((file) => file.replace(/\.ts$/, ''))

t.test('each program lists its options', async (t) => {
  t.equal(programs.length, 10)
  const told = await Promise.all(programs.map((name) => runExample(`lecture/${name}`, '--help')))
  told.forEach(({ code, stdout, stderr }, i) => {
    t.equal(code, 0, stderr)
    t.ok(stdout.startsWith(`${programs[i]}: `))
    t.match(stdout, /--seed .*\(0\)\n/)
  })
})

t.test('an invalid size: one line and exit code 2', async (t) => {
  const { code, stdout, stderr } = await runExample('lecture/modules', '--dim', '0')
  t.equal(code, 2)
  t.equal(stdout, '')
  t.equal(stderr, "modules: --dim: expected a whole number from 1 to 10000, got '0' (--help tells more)\n")
})
