// Files of NumPy: arrays and archives, inflated by zlib, with the errors of the library's own way.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eye, fromNested, toNested, zeros } from 'pullback'
import { loadNpy, loadNpz, saveNpy, saveNpz } from 'pullback/node'
import { decodeNpz, encodeNpz } from 'pullback/numpy'
import t from 'tap'
import * as E from '#fp/Either'
import { bytesOf, many, short, streamed } from '../support/numpy.ts'

const folder = await mkdtemp(join(tmpdir(), 'pullback-'))
t.teardown(() => rm(folder, { recursive: true }))
const right = <L extends Error, A>(found: E.Either<L, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
const file = join(folder, 'some', 'file')

t.test('arrays', async (t) => {
  const x = fromNested(
    [
      [1, 2],
      [3, 4],
    ],
    'float64',
  )
  right(await saveNpy(file, x)())
  t.same(toNested(right(await loadNpy(file)()) as typeof x), [
    [1, 2],
    [3, 4],
  ])
  await writeFile(file, 'text')
  t.match(await loadNpy(file)(), {
    left: { reason: 'OtherFormat', file, message: /^.*file: npy at byte 0: expected an array of NumPy/ },
  })
  t.match(await loadNpy(join(folder, 'none'))(), { left: { reason: 'ENOENT' } })
  await t.rejects(saveNpy(file, [1] as never)(), { message: /^encodeNpy: expected a tensor/ })
})

t.test('archives', async (t) => {
  for (const compress of [false, true]) {
    right(await saveNpz(file, { W: eye(2), b: zeros([1000]) }, { compress })())
    const found = right(await loadNpz(file)())
    t.same(
      [Object.keys(found), toNested(found.W as never)],
      [
        ['W', 'b'],
        [
          [1, 0],
          [0, 1],
        ],
      ],
    )
    t.same(Object.keys(right(await loadNpz(file, { names: ['b'] })())), ['b'])
  }
  t.match(await loadNpz(file, { limit: 100 })(), { left: { reason: 'TooLarge', file } })
  t.throws(() => loadNpz(file, { name: 'b' } as never), { message: /^loadNpz: expected options among names, limit/ })
})

t.test('the same as without zlib, also of what is wrong', async (t) => {
  const shown = (found: E.Either<{ readonly message: string }, object>): string =>
    E.isLeft(found) ? found.left.message.replace(`${file}: `, '') : `${Object.keys(found.right)}`
  const goods = [bytesOf(many), bytesOf(streamed), bytesOf(short), encodeNpz({ a: zeros([100]) }, { compress: true })]
  for (const [i, good] of goods.entries())
    for (let at = 0; at < 30; at++) {
      const changed = good.slice()
      const place = (at * 37 + i) % good.length
      changed[place] = (changed[place] as number) ^ (1 << (at % 8))
      await writeFile(file, changed)
      const [mine, theirs] = [shown(decodeNpz(changed)), shown(await loadNpz(file)())]
      if (mine !== theirs) t.equal(theirs, mine)
    }
  t.pass()
})
