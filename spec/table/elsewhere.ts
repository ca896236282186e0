// What was reported of readers of tables elsewhere, tried here.

import { toNested } from 'pullback'
import { toExamples } from 'pullback/table'
import t from 'tap'
import { inferredOf, issuesOf, plain, tableOf } from '../support/table.ts'

const chunked = async function* (text: string, size: number) {
  const bytes = new TextEncoder().encode(text)
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}

t.test('a page of an error in the place of a file was read as a table (tfjs 1067)', async (t) => {
  t.match(await issuesOf('<html>\n<body>\nNot found\n'), [/got a page that begins with '<html>'/])
})

t.test('NA behind a space, and a header with spaces (tensorflow 25825, danfojs 543)', async (t) => {
  const text = 'date, value\nD1,1017.1\nD2, NA\n'
  const schema = { date: { kind: 'category' }, value: { kind: 'number', missing: 0 } } as const
  t.match(await issuesOf(text, { schema }), [/^line 3, column value: expected a number, got 'NA'; if it stands for/])
  t.same(plain(await tableOf(text, { schema, missing: ['NA'] })), { date: [0, 1], value: [1017.1, 0] })
})

t.test('rows that end with a delimiter shifted all columns (pandas 14124, 9295, 27515)', async (t) => {
  t.match(await issuesOf('A,B,C\n1,4,7,\n2,5,8,\n'), [
    /^line 2: expected 3 cells, as there are columns, got 4; the row ends with a delimiter/,
    /^line 3/,
  ])
  t.match(await issuesOf('A,B,C,D\n0, 5, 9, 20, \n0, 6, 21,33\n'), [/^line 2: expected 4 cells/])
  const { schema } = await inferredOf('A,B,\n1,4,\n2,6,\n')
  t.same(schema[''], { kind: 'ignored' }, 'where the header ends with one too, the column is empty')
})

t.test('zeros in front were lost (SDV 2780, danfojs 581)', async (t) => {
  const { schema } = await inferredOf('code,variation\n02116,00\n10001,01\n')
  t.same(schema.code, { kind: 'category', labels: ['02116', '10001'] })
  t.same(schema.variation, { kind: 'category', labels: ['00', '01'] })
})

t.test('kinds were guessed from the first rows (PapaParse 1067, dask 1166)', async (t) => {
  const text = `x,y\n${'1,\n'.repeat(20_000)}1.5,late\n`
  const { schema } = await inferredOf(text)
  t.same(schema, { x: { kind: 'number' }, y: { kind: 'category', labels: ['late'] } })
})

t.test('characters, line ends and quotes at the borders of chunks (PapaParse 1132, 1134, 1127)', async (t) => {
  const text = 'aaaa,bbbb,größe\r\n"1",2,"é"\r\n"3",4,"ü"\r\n'
  const wanted = plain(await tableOf(text))
  for (let size = 1; size < 40; size++) t.same(plain(await tableOf(chunked(text, size))), wanted)
  t.same(Object.keys(wanted), ['aaaa', 'bbbb', 'größe'])
})

t.test('values that occur in the header were renamed (PapaParse 980)', async (t) => {
  const table = await tableOf('h0,h1\na,h0\nb,h1\n')
  t.same(table.schema.h1, { kind: 'category', labels: ['h0', 'h1'] })
})

t.test('a mark of the byte order before a quoted name (league/csv 586, PapaParse 372)', async (t) => {
  const table = await tableOf(new TextEncoder().encode('\uFEFF"a,b",c\n1,2\n3,4\n'))
  t.same(plain(table), { 'a,b': [1, 3], c: [2, 4] })
})

t.test('a space before a quote swallowed cells (PapaParse 99)', async (t) => {
  t.match(await issuesOf('"a", "b"\n1,2\n'), [
    /^line 1.*: expected quotes around a whole cell, got a quote behind other text/,
  ])
})

t.test('labels that only one part has (scikit-learn users: previously unseen labels)', async (t) => {
  const train = await tableOf('x,work\n1,Private\n2,State\n')
  const test = 'x,work\n3,State\n4,Federal\n'
  t.match(await issuesOf(test, { schema: train.schema }), [
    /^line 3, column work: expected one of 'Private', 'State', got 'Federal'; labels must occur in the training part/,
  ])
  const fine = await tableOf('work,x\nState,3\n', { schema: train.schema })
  t.same(toNested(toExamples(fine).examples.data.input), [[3, 1]], 'one label alone keeps its place')
})
