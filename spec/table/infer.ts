// What the rows say about their columns, and the same said by io-ts codecs.
import * as io from 'io-ts'
import { show } from 'pullback'
import { schemaOf } from 'pullback/table'
import t from 'tap'
import { inferredOf, issuesOf, plain, tableOf } from '../support/table.ts'

const csv = (header: string, rows: readonly (readonly unknown[])[]): string =>
  [header, ...rows].map((row) => `${row}\n`).join('')
const rows = Array.from({ length: 40 }, (_, i) => i)

t.test('kinds of columns, and why some are ignored', async (t) => {
  const text = csv(
    'id,name,x,flag,kind,same,none,zip,long,mostly,case,n',
    rows.map((i) => [
      i + 1,
      `text ${i}`,
      i / 2,
      i % 2 === 0 ? 'true' : 'False',
      'cab'[i % 3],
      'v',
      '',
      `0${i % 10}`,
      `${9007199254740993n + BigInt(i % 2)}`,
      i === 7 ? 'n/a' : i,
      i % 2 === 0 ? 'yes' : 'Yes',
      i === 3 ? '' : i * i,
    ]),
  )
  const { schema, columns, rows: count } = await inferredOf(text)
  t.equal(count, 40)
  t.same(schema, {
    id: { kind: 'ignored' },
    name: { kind: 'ignored' },
    x: { kind: 'number' },
    flag: { kind: 'boolean' },
    kind: { kind: 'category', labels: ['a', 'b', 'c'] },
    same: { kind: 'ignored' },
    none: { kind: 'ignored' },
    zip: { kind: 'category', labels: Array.from({ length: 10 }, (_, i) => `0${i}`) },
    long: { kind: 'category', labels: ['9007199254740993', '9007199254740994'] },
    mostly: { kind: 'ignored' },
    case: { kind: 'category', labels: ['Yes', 'yes'] },
    n: { kind: 'number' },
  })
  t.same(
    columns.map(({ column, remark = '' }) => [column, remark]).filter(([, remark]) => remark !== ''),
    [
      ['id', 'it counts the rows, as an id does'],
      ['name', '40 of 40 texts are different, as of an id or free text'],
      ['same', "it is the same in all rows: 'v'"],
      ['none', 'it is empty'],
      ['zip', 'digits that a number would lose'],
      ['long', 'digits that a number would lose'],
      ['mostly', "39 of 40 are numbers, but line 9 has 'n/a'; for a missing value give { missing: ['', 'n/a'] }"],
      ['case', 'some labels differ only in upper and lower case'],
      ['n', 'say what fills its missing values'],
    ],
  )
  t.same(columns.at(-1), {
    column: 'n',
    kind: 'number',
    values: [0, 1521],
    missing: 1,
    remark: 'say what fills its missing values',
  })
  const table = await tableOf(text, { as: { n: { kind: 'number', missing: 'mean' } } })
  t.same(Object.keys(table.columns), ['x', 'flag', 'kind', 'zip', 'long', 'case', 'n'])
  t.same(table.inferred?.columns.length, 12)
  t.match(await issuesOf(text), [/^line 5, column n: expected a number, got a missing value/])
})

t.test('show prints it as a table', async (t) => {
  const text = csv(
    'id,x,kind,letter',
    rows.map((i) => [i, i === 3 ? '' : i / 4, i % 2 === 0 ? 'elm' : 'oak', String.fromCharCode(97 + (i % 8))]),
  )
  t.equal(
    show(await inferredOf(text)),
    [
      'column  kind      labels or range        missing  remark',
      '──────  ────────  ─────────────────────  ───────  ─────────────────────────────────',
      'id      ignored   0 … 39                       0  it counts the rows, as an id does',
      'x       number    0 … 9.75                     1  say what fills its missing values',
      'kind    category  elm, oak                     0',
      'letter  category  a, b, c, d, e, 3 more        0',
      '40 rows',
    ].join('\n'),
  )
})

t.test('what is known better is taken', async (t) => {
  const text = csv(
    'id,class,x',
    rows.map((i) => [i, i % 3, i]),
  )
  const { schema, columns } = await inferredOf(text, { as: { id: 'number', class: 'category', x: 'ignored' } })
  t.same(schema, {
    id: { kind: 'number' },
    class: { kind: 'category', labels: ['0', '1', '2'] },
    x: { kind: 'ignored' },
  })
  t.same(new Set(columns.map(({ remark }) => remark)), new Set(['as it was asked for']))
  const filled = await inferredOf('x,y\n1,a\n2,\n', { as: { y: { kind: 'category', missing: 'none' } } })
  t.same(filled.schema.y, { kind: 'category', labels: ['a', 'none'], missing: 'none' })
})

t.test('a few rows are not taken for ids or free text', async (t) => {
  const { schema } = await inferredOf('x,y,word\n1,2,alpha\n2,4,beta\n3,6,gamma\n')
  t.same(schema, {
    x: { kind: 'number' },
    y: { kind: 'number' },
    word: { kind: 'category', labels: ['alpha', 'beta', 'gamma'] },
  })
  t.same((await inferredOf('x,y\n1,a\n')).schema, { x: { kind: 'number' }, y: { kind: 'category', labels: ['a'] } })
})

t.test('labels are counted up to a bound', async (t) => {
  const text = `x,y\n${Array.from({ length: 3000 }, (_, i) => `a${i},b${i % 1200}\n`).join('')}`
  const { columns } = await inferredOf(text)
  for (const { kind, values, remark } of columns) {
    t.equal(kind, 'ignored')
    t.equal(values.length, 1001)
    t.equal(remark, 'it has more than 1000 texts, as an id or free text has')
  }
  const asked = await tableOf(text, { as: { x: 'category', y: 'ignored' } })
  t.equal((asked.schema.x as { labels: readonly string[] }).labels.length, 3000, 'asked for, all are kept')
})

t.test('JSON Lines: names along the way, values of their kinds', async (t) => {
  const lines = ['{"a":1,"b":true}', '{"b":false,"c":"x"}', '{"a":2.5,"c":null,"b":true}', '{"c":"y","a":"3"}']
  const { schema, columns } = await inferredOf(lines.join('\n'), { format: 'jsonl' })
  t.same(schema, { a: { kind: 'number' }, b: { kind: 'boolean' }, c: { kind: 'category', labels: ['x', 'y'] } })
  t.same(
    columns.map(({ missing }) => missing),
    [1, 1, 2],
  )
})

t.test('codecs of io-ts say what schemas say', async (t) => {
  const text = 'age,sex,smoker,city\n30,m,true,Rom\n41,f,false,Oslo\n29,m,true,Rom\n'
  const codecs = { age: io.number, sex: io.keyof({ m: null, f: null }), smoker: io.boolean, city: io.string }
  const inferred = await tableOf(text)
  for (const schema of [codecs, io.type(codecs), io.exact(io.type(codecs)), io.readonly(io.type(codecs))] as const) {
    const table = await tableOf(text, { schema: schema as typeof codecs })
    t.same(table.schema, inferred.schema)
    t.same(plain(table), plain(inferred))
  }
  t.same(schemaOf({ x: io.union([io.literal('b'), io.literal('a'), io.keyof({ c: 0 })]) }), {
    x: { kind: 'category', labels: ['a', 'b', 'c'] },
  })
  t.same(schemaOf({ x: io.literal(1), y: { kind: 'ignored' } }), {
    x: { kind: 'category', labels: ['1'] },
    y: { kind: 'ignored' },
  })
  t.throws(() => schemaOf(io.string as never), {
    message: /expected a record of columns, or t.type of io-ts, got string/,
  })
})

t.test('any other codec decodes texts, or numbers where it refines t.number', async (t) => {
  const date = new io.Type<Date, string>(
    'a date',
    (u): u is Date => u instanceof Date,
    (u, c) => (typeof u === 'string' && !Number.isNaN(Date.parse(u)) ? io.success(new Date(u)) : io.failure(u, c)),
    (d) => d.toISOString(),
  )
  const schema = { day: date, n: io.Int }
  const table = await tableOf('n,day\n3,2026-11-26\n', { schema })
  const days: readonly Date[] = table.columns.day
  t.same(days, [new Date('2026-11-26')])
  t.same(table.columns.n, [3])
  t.same(await issuesOf('n,day\n3.5,soon\nx,\n', { schema }), [
    "line 2, column day: expected a date, got 'soon'",
    "line 2, column n: expected Int, got '3.5'",
    'line 3, column day: expected a date, got a missing value',
    "line 3, column n: expected Int, got 'x'",
  ])
})

t.test('columns have types', async (t) => {
  const table = await tableOf('a,b,c,d,e\n1,x,true,z,9\n', {
    schema: { a: { kind: 'number' }, b: io.string, c: io.boolean, d: { kind: 'category' }, e: { kind: 'ignored' } },
  })
  const a: Float64Array = table.columns.a
  const b: Int32Array = table.columns.b
  const c: Uint8Array = table.columns.c
  const d: Int32Array = table.columns.d
  // @ts-expect-error an ignored column is not there
  t.equal(table.columns.e, undefined)
  // @ts-expect-error labels are places, not numbers of 64 bits
  const _wrong: Float64Array = table.columns.b
  t.same([a[0], b[0], c[0], d[0]], [1, 0, 1, 0])
  const row = await tableOf('u,v\n1,p\n', {
    schema: io.type({ u: io.number, v: io.union([io.literal('p'), io.literal('q')]) }),
  })
  const [u, v]: readonly [Float64Array, Int32Array] = [row.columns.u, row.columns.v]
  t.same([u[0], v[0]], [1, 0])
})
