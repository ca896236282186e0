// The same digest of the parameters, whoever has done the work.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bundle } from '../support/bundle.ts'
import { mpirun, withoutMpi } from '../support/ranks.ts'
import { output, root, run } from '../support/run.ts'

const program = join(root, 'node_modules', '.cache', `parallel.${process.pid}.mjs`)
process.on('exit', () => rmSync(program, { force: true }))
await bundle("await import('./examples/parallel.ts')", program)

const command = [program, '--digits', '1000', '--epochs', '2', '--hidden', '16', '--exact']
const alone = await output(process.execPath, command)

/** The accuracy and the digest. */
const found = (text = ''): string => text.replace(/^.*\n/, '')

t.test('a process alone', async (t) => {
  t.match(alone, /^1 of one process: \d+\.\d\d s an epoch\ntest accuracy \d\d\.\d\d %\ndigest [0-9a-f]{16}\n$/)
})

t.test('two workers', async (t) => {
  const two = await output(process.execPath, [...command, '--ranks', '2'])
  t.match(two, /^2 of workers: /)
  t.equal(found(two), found(alone))
})

t.test('two processes', { skip: withoutMpi }, async (t) => {
  const { code, printed, said } = await mpirun(2, [process.execPath, ...command])
  t.equal(code, 0, said.join(''))
  t.match(printed[0], /^2 of MPI \(Open MPI [\d.]+\): /)
  t.equal(found(printed[0]), found(alone))
  t.equal(printed[1], '')
})

t.test('help, and another number for another seed', async (t) => {
  t.match(await output(process.execPath, [program, '--help']), /^ {2}--exact +the same digest for any number of ranks/m)
  t.not(found(await output(process.execPath, [...command, '--seed', '1'])), found(alone))
  t.match((await run(process.execPath, [program, '--exact=yes'])).stderr, /^parallel: Option '--exact' does not take/)
})
