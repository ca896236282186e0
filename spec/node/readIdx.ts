import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { showIssues } from 'pullback'
import { readIdx } from 'pullback/node'
import t from 'tap'
import * as E from '#fp/Either'

t.test('readIdx', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pullback-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const path = join(folder, 'labels')
  await writeFile(path, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9))
  const result = await readIdx(path)()
  t.ok(E.isRight(result))
  t.same(E.isRight(result) ? [...(result.right.data as Uint8Array)] : [], [7, 9])

  await writeFile(path, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7))
  const why = async (file: string) => E.match(showIssues, () => 'right')(await readIdx(file)())
  t.equal(await why(path), `${path}: expected 10 bytes for [2], got 9 [damaged-file]`)
  const missing = join(folder, 'missing')
  t.match(await why(missing), new RegExp(`${missing}: ENOENT`))
})
