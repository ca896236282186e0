// A run that is killed or interrupted goes on, and ends in the same bytes.
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { begin, flowers, folder, left, pullback, reached } from '../support/command.ts'

const words = ['train', flowers, '--target', 'species', '--epochs', '60', '--checkpoint-every', '7', '--batch', '16']
const straight = pullback(...words, '--out', 'straight', '--quiet')

t.test('killed in the middle', async (t) => {
  t.equal((await straight).code, 0)
  const child = begin(...words, '--out', 'killed', '--quiet')
  await reached('killed', 100)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const refused = await pullback(...words, '--out', 'killed')
  t.equal(refused.code, 2)
  t.match(refused.stderr, /killed\/checkpoint holds a run that is not done: go on with it by --resume/)
  const other = await pullback(...words, '--out', 'killed', '--resume', '--lr', '0.5', '--hidden', '3')
  t.equal(other.code, 2)
  t.match(other.stderr, /--resume: expected what the run began with, hidden 64,32, got 3; lr 0\.01, got 0\.5/)
  const resumed = await pullback(...words, '--out', 'killed', '--resume')
  t.equal(resumed.code, 0, resumed.stderr)
  t.notMatch(resumed.stderr, /^epoch 1\//m, 'it goes on, and does not begin anew')
  t.same(left('killed'), left('straight'))
  const again = await pullback(...words, '--out', 'killed', '--resume', '--quiet')
  t.equal(again.code, 0, 'a run that is done stays as it is')
  t.same(left('killed'), left('straight'))
})

t.test('interrupted by Ctrl-C', async (t) => {
  const child = begin(...words, '--out', 'interrupted')
  let stderr = ''
  child.stderr?.on('data', (text) => {
    stderr += text
    if (!child.killed && /^epoch 5\//m.test(stderr)) child.kill('SIGINT')
  })
  const [code] = await once(child, 'close')
  t.equal(code, 130)
  const [, line = ''] =
    /interrupted after step \d+, in epoch \d+; to go on:\n {2}pullback (.*--resume)\n$/.exec(stderr) ?? []
  t.equal((await pullback(...line.split(' '), '--quiet')).code, 0, line)
  t.same(left('interrupted'), left('straight'))
})

t.test('--resume where there is nothing begins, and a run that is done makes room for another', async (t) => {
  const few = ['train', flowers, '--target', 'species', '--epochs', '2', '--quiet']
  t.equal((await pullback(...few, '--out', 'new', '--resume')).code, 0)
  t.equal((await pullback(...few, '--out', 'new', '--seed', '4')).code, 0)
  t.equal((await readdir(join(folder, 'new', 'checkpoint'))).length, 1)
})
