// A run that began in a page goes on in Node to the same bits: through the page's own stores, and through bytes.
import { fromBytes, toBytes } from 'pullback'
import t from 'tap'
import * as E from '#fp/Either'
import { inPage, withoutBrowser } from '../support/page.ts'
import { runOf } from '../support/resume.ts'

const program = `
import { compact, fromBytes, op, revive, toBytes, zeros } from 'pullback'
import { indexedFiles, privateFiles } from './examples/browser/store.ts'
import { inPage, withoutBrowser } from '../support/page.ts'
import { runOf } from './spec/support/resume.ts'
const go = async () => {
  const { begin, states } = runOf('nadam')
  const at = states(begin())[4]
  await privateFiles.save('run', new Uint8Array(9))
  await privateFiles.save('run', toBytes(at))
  const bytes = await privateFiles.load('run')
  const nothing = await privateFiles.load('other')
  await indexedFiles.save('bytes', bytes)
  const same = fromBytes(begin(9))(await indexedFiles.load('bytes'))
  const slice = op.slice(zeros([1000000]), [[0, 3]])
  await indexedFiles.save('run', compact({ at, slice }))
  const back = revive(await indexedFiles.load('run'))
  return { bytes: [...bytes], same: [...toBytes(same.right)], back: [...toBytes(back.at)], slice: [...back.slice.shape], nothing: nothing === undefined }
}
`

interface Found {
  readonly bytes: readonly number[]
  readonly same: readonly number[]
  readonly back: readonly number[]
  readonly slice: readonly number[]
  readonly nothing: boolean
}

t.test('from a page to Node', { skip: withoutBrowser }, async (t) => {
  const found = await inPage<Found>(program)
  t.same(found.same, found.bytes, 'what IndexedDB keeps of bytes is a run')
  t.same(found.back, found.bytes, 'what it keeps of tensors comes back')
  t.same(found.slice, [3])
  t.equal(found.nothing, true)
  const { begin, states } = runOf('nadam')
  const whole = states(begin())
  t.same([...toBytes(whole[4])], found.bytes, 'a page and Node make the same bytes of the same run')
  const loaded = fromBytes(begin(8))(Uint8Array.from(found.bytes))
  if (E.isLeft(loaded)) throw loaded.left
  t.same(toBytes(states(loaded.right).at(-1)), toBytes(whole.at(-1)))
})
