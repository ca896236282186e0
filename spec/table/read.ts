// A table is the same however its text comes, and whatever the order of its columns.
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTable } from 'pullback/table'
import t from 'tap'
import { issuesOf, plain, tableOf } from '../support/table.ts'

const text = 'name,x,ok\r\n"Ärger, ""groß""",1.5,true\n𝒳,-2e3,FALSE\r\n"two\r\nlines",+.5,1\n'
const schema = { name: { kind: 'category' }, x: { kind: 'number' }, ok: { kind: 'boolean' } } as const
const wanted = { name: [1, 2, 0], x: [1.5, -2000, 0.5], ok: [1, 0, 1] }
const labels = ['two\r\nlines', 'Ärger, "groß"', '𝒳']
const encoded = new TextEncoder().encode(text)

async function* pieces(size: number, bytes = encoded) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size)
}

t.test('any source, any chunks', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'table.csv')
  writeFileSync(path, text)
  const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...encoded)
  const sources = {
    text,
    bytes: encoded,
    buffer: encoded.slice().buffer,
    blob: new Blob([encoded]),
    file: new File([encoded], 'table.csv'),
    response: new Response(text),
    stream: new Blob([encoded]).stream(),
    disk: createReadStream(path),
    'disk as text': createReadStream(path, 'utf8'),
    'three bytes at a time': pieces(3),
    'a byte at a time': pieces(1),
    'a character at a time': (async function* () {
      yield* text
    })(),
    'text behind a byte order mark': `\uFEFF${text}`,
    'bytes behind a byte order mark': marked,
    'a byte order mark a byte at a time': pieces(1, marked),
    'bytes of a larger buffer': new Uint8Array(Uint8Array.of(9, 9, ...encoded, 9).buffer, 2, encoded.length),
  }
  for (const [name, source] of Object.entries(sources)) {
    const table = await tableOf(source, { schema })
    t.same(plain(table), wanted, name)
    t.same(table.schema.name, { kind: 'category', labels }, name)
    t.equal(table.count, 3)
  }
  const promised = await readTable(Promise.resolve(new Response(text)), { schema })()
  t.same(promised._tag === 'Right' && plain(promised.right), wanted, 'a source that is waited for')
})

t.test('a long text is read in pieces that cut no character in two', async (t) => {
  const long = `name,x\n${'𝒳,1\n'.repeat(40_000)}`
  const table = await tableOf(long, { schema: { name: { kind: 'category' }, x: { kind: 'number' } } })
  t.equal(table.count, 40_000)
  t.same(table.schema.name, { kind: 'category', labels: ['𝒳'] })
  const chunks = async function* () {
    yield* 'name,x\n𝒳,1\n'.split('')
    yield* ['\ud835', ',2\n']
  }
  const split = await tableOf(chunks(), { schema: { name: { kind: 'category' }, x: { kind: 'number' } } })
  t.same(split.schema.name, { kind: 'category', labels: ['𝒳', '\ufffd'] }, 'halves that come one by one')
})

t.test('streams may be unpacked and decoded on the way', async (t) => {
  const packed = new Blob([encoded]).stream().pipeThrough(new CompressionStream('gzip'))
  const table = await tableOf(packed.pipeThrough(new DecompressionStream('gzip')), { schema })
  t.same(plain(table), wanted)
  const latin = new Blob([Uint8Array.of(120, 10, 0xe9, 10, 0xe8, 10)]).stream()
  const read = await tableOf(latin.pipeThrough(new TextDecoderStream('windows-1252')))
  t.same(read.schema.x, { kind: 'category', labels: ['è', 'é'] })
})

t.test('bytes that are no UTF-8 are told with their line, wherever chunks end', async (t) => {
  const bytes = Uint8Array.from([...new TextEncoder().encode('x\n1\né\n3\n'), 0xc3, 0x28, 10])
  for (let size = 1; size < 12; size++)
    t.match(await issuesOf(pieces(size, bytes)), [/^line 5: expected text in UTF-8, got bytes that are not/])
})

t.test('a stream that is left early is cancelled', async (t) => {
  let cancelled = false
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('x,x\n1,2\n'.repeat(10_000))),
    cancel: () => {
      cancelled = true
    },
  })
  t.match((await issuesOf(stream))[0], /^line 1, column x/)
  t.ok(cancelled)
})

t.test('columns may come in any order, further ones too, and ignored ones may be absent', async (t) => {
  const given = { b: { kind: 'number' }, a: { kind: 'number' }, c: { kind: 'ignored' } } as const
  for (const text of ['a,b\n1,2\n', 'b,a\n2,1\n', 'c,b,d,a\nx,2,y,1\n', ' a ,"b"\n1,2\n']) {
    const table = await tableOf(text, { schema: given })
    t.same(plain(table), { b: [2], a: [1] }, text)
    t.same(Object.keys(table.columns), ['b', 'a'], 'in the order of the schema')
  }
})

t.test('missing values are filled as the schema says, and remembered', async (t) => {
  const filling = {
    x: { kind: 'number', missing: -1 },
    m: { kind: 'number', missing: 'mean' },
    y: { kind: 'category', missing: 'none' },
    ok: { kind: 'boolean', missing: true },
  } as const
  const table = await tableOf('x,m,y,ok\n1,2,a,false\nNA,,,\n3,4,NA, \n', { schema: filling, missing: ['', 'NA'] })
  t.same(plain(table), { x: [1, -1, 3], m: [2, 3, 4], y: [0, 1, 1], ok: [0, 1, 1] })
  t.same(table.filled, { x: [1], m: [1], y: [1, 2], ok: [1, 2] })
  t.same(table.schema.m, { kind: 'number', missing: 3 })
  t.same(table.schema.y, { kind: 'category', labels: ['a', 'none'], missing: 'none' })
  const other = await tableOf('x,m,y,ok\n1,,none,1\n', { schema: table.schema })
  t.same(plain(other), { x: [1], m: [3], y: [1], ok: [1] }, 'the mean and the labels of the first table')
  t.match(await issuesOf('m\n\n""\n', { schema: { m: { kind: 'number', missing: 'mean' } } }), [
    /expected a number to take the mean of/,
  ])
})

t.test('columns may be named by numbers that count', async (t) => {
  for (const header of ['0,1,2', '2019,2020,2021', '0,1,label'])
    t.same(Object.keys((await tableOf(`${header}\n1,2,3\n4,5,7\n`)).columns).sort(), header.split(','))
})

t.test('names are given where the first line is data', async (t) => {
  const table = await tableOf('5.1,a\n4.9,b\n', { header: ['x', 'y'] })
  t.same(plain(table), { x: [5.1, 4.9], y: [0, 1] })
  t.match(await issuesOf('1,2\n', { header: ['x', 'x'] }), [/^column x: expected a name of its own/])
  t.match(await issuesOf('1,2,3\n', { header: ['x', 'y'] }), [/^line 1: expected 2 cells/])
  t.match(await issuesOf('1,"2"3\n', { header: ['x', 'y'] }), [/^line 1, column y: expected a delimiter/])
})

t.test('JSON Lines: the same table', async (t) => {
  const lines = [
    { x: 1.5, name: 'a', ok: true },
    { name: 'b', more: 'z', ok: false, x: 2 },
    { ok: true, x: '3', name: 4 },
  ].map((row) => JSON.stringify(row))
  for (const end of ['\n', '\r\n', '\n\n']) {
    const table = await tableOf(`\uFEFF${lines.join(end)}${end}`, { schema, format: 'jsonl' })
    t.same(plain(table), { name: [1, 2, 0], x: [1.5, 2, 3], ok: [1, 0, 1] })
    t.same(table.schema.name, { kind: 'category', labels: ['4', 'a', 'b'] })
  }
  const raw = await tableOf(lines.join('\n'), { schema, format: 'jsonl', raw: true })
  t.same(raw.raw, {
    header: ['name', 'x', 'ok', 'more'],
    rows: [
      ['a', '1.5', 'true', ''],
      ['b', '2', 'false', 'z'],
      ['4', '3', 'true', ''],
    ],
  })
})
