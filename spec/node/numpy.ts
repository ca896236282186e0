// Files of NumPy: arrays and archives, inflated by zlib, with the errors of the library's own way.
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eye, fromNested, toNested, zeros } from 'pullback'
import { loadNpy, loadNpz, saveNpy, saveNpz } from 'pullback/node'
import { decodeNpy, decodeNpz, encodeNpz } from 'pullback/numpy'
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

t.test('a file and its bytes give the same, whatever the numbers and their order', async (t) => {
  const numbers = Array.from({ length: 24 }, (_, i) => i - 3)
  const whole = Int8Array.from(numbers)
  const array = (descr: string, isFortran: boolean, width: number, version = 1): Uint8Array => {
    const text = `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (2, 12), }\n`
    const length = version === 1 ? [text.length, 0] : [text.length, 0, 0, 0]
    const head = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length)
    const body = Uint8Array.from({ length: 24 * width }, (_, i) => whole[i % 24] as number)
    return Uint8Array.of(...head, ...new TextEncoder().encode(text), ...body)
  }
  const formats = [
    ['f4', 4],
    ['f8', 8],
    ['f2', 2],
    ['i4', 4],
    ['i2', 2],
    ['i1', 1],
    ['u1', 1],
    ['i8', 8],
    ['b1', 1],
    ['c8', 8],
  ] as const
  let read = 0
  for (const [format, width] of formats)
    for (const order of ['<', '>'])
      for (const isFortran of [false, true])
        for (const [cut, more] of [
          [0, 0],
          [1, 0],
          [30, 0],
          [1000, 0],
          [0, 1],
        ] as const) {
          const good = array(`${order}${format}`, isFortran, width, 1 + (width % 3))
          const bytes = Uint8Array.of(...good.subarray(0, Math.max(0, good.length - cut)), ...new Uint8Array(more))
          await writeFile(file, bytes)
          const [here, there] = [decodeNpy(bytes), await loadNpy(file)()]
          if (E.isRight(here)) read++
          const shown = (found: typeof here | typeof there) =>
            E.isLeft(found) ? found.left.message.replace(`${file}: `, '') : [found.right.dtype, toNested(found.right)]
          t.same(shown(there), shown(here), `${order}${format}`)
        }
  t.ok(read >= 16, `${read} were read`)
})

t.test('a wrong file is refused by its header, however long it is', async (t) => {
  right(await saveNpy(file, zeros([2, 3]))())
  await truncate(file, 2 ** 40) // a hole, which takes no room on the disk
  t.match(await loadNpy(file)(), { left: { reason: 'TooLarge', byte: 0, file } })
  const limits = { bytes: Number.POSITIVE_INFINITY }
  t.match(await loadNpy(file, { limits })(), { left: { reason: 'TrailingBytes', byte: 152, file } })
  await truncate(file, 0)
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
  t.match(await loadNpz(file, { limits: { inflated: 100 } })(), { left: { reason: 'TooLarge', file } })
  t.throws(() => loadNpz(file, { name: 'b' } as never), { message: /^loadNpz: expected options among names, limits/ })
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
