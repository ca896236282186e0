// What is written is read again as it was: random tables, through quotes, delimiters and line ends.
import fc from 'fast-check'
import { readTable, writeCsv } from 'pullback/table'
import t from 'tap'
import { plain, tableOf } from '../support/table.ts'

const seed = Number(process.env.SEED ?? 1)
/** Texts with all that is special in CSV. */
const cell = fc.string({
  unit: fc.constantFrom(
    ...['a', 'B', '1', '.', '-', ',', ';', '\t', '"', '\n', '\r', '\r\n', ' ', 'é', '𝒳', "'", '\uFEFF'],
  ),
  maxLength: 6,
})
const name = cell.map((text) => text.trim())
const raw = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.record({
    header: fc.uniqueArray(name, { minLength: width, maxLength: width }),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  }),
)

t.test('raw cells', async (t) => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        raw,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n' as const, '\r\n' as const),
        fc.integer({ min: 1, max: 9 }),
        async (table, delimiter, newline, size) => {
          const text = writeCsv(table, {}, { delimiter, newline })
          const schema = Object.fromEntries(table.header.map((name) => [name, { kind: 'category' } as const]))
          const pieces = (async function* () {
            const bytes = new TextEncoder().encode(text)
            for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
          })()
          const read = await tableOf(pieces, { schema, delimiter, raw: true, missing: [], header: table.header })
          t.same(read.raw?.rows, [table.header, ...table.rows])
          return true
        },
      ),
      { numRuns: 150, seed },
    ),
  )
})

t.test('values', async (t) => {
  const label = fc.constantFrom('a,b', 'say "c"', 'd\ne', 'é', '0')
  const row = fc.record({
    x: fc.double({ noNaN: true, noDefaultInfinity: true }),
    ok: fc.boolean(),
    y: label,
  })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const schema = {
          x: { kind: 'number' },
          ok: { kind: 'boolean' },
          y: { kind: 'category', labels: ['a,b', 'say "c"', 'd\ne', 'é', '0'] },
        } as const
        const header = ['x', 'ok', 'y']
        const csv = writeCsv({
          header,
          rows: rows.map(({ x, ok, y }) => [`${Object.is(x, -0) ? '-0' : x}`, `${ok}`, y]),
        })
        const lines = rows.map((r) => JSON.stringify(r).replace('"x":0,', Object.is(r.x, -0) ? '"x":-0,' : '"x":0,'))
        const table = await tableOf(csv, { schema })
        const labels = (table.schema.y as unknown as { readonly labels: readonly string[] }).labels
        t.same(labels, [...labels].sort(), 'in the order of the alphabet')
        t.same(plain(table), {
          x: rows.map(({ x }) => x),
          ok: rows.map(({ ok }) => (ok ? 1 : 0)),
          y: rows.map(({ y }) => labels.indexOf(y)),
        })
        t.ok(rows.every(({ x }, i) => Object.is(table.columns.x[i], x)))
        t.same(plain(await tableOf(lines.join('\n'), { schema, format: 'jsonl' })), plain(table))
        return true
      }),
      { numRuns: 60, seed },
    ),
  )
})

t.test('rows as they were read, with a column of predictions behind', async (t) => {
  const text = 'id,"a, b",x\r\n007,"say ""hi""", 1.50\r\n\r\n008,"two\nlines",+2e0\r\n'
  const table = await tableOf(text, { schema: { x: { kind: 'number' } }, raw: true })
  t.equal(
    writeCsv(table.raw as never, { prediction: ['oak', 'elm'], 'p(oak)': Float32Array.of(0.5, 0.25) }),
    'id,"a, b",x,prediction,p(oak)\n007,"say ""hi"""," 1.50",oak,0.5\n008,"two\nlines",+2e0,elm,0.25\n',
  )
})

t.test('a single column keeps its empty cells, which are no blank lines', async (t) => {
  const rows = [[''], ['a'], ['']]
  const text = writeCsv({ header: ['x'], rows })
  t.equal(text, 'x\n""\na\n""\n')
  const read = await tableOf(text, { schema: { x: { kind: 'category', missing: 'none' } }, raw: true })
  t.same(read.raw?.rows, rows)
  for (const name of ['weight, kg', 'a "b", c', 'a\nb, c', '"']) {
    const quoted = writeCsv({ header: [name], rows })
    const again = await tableOf(quoted, { schema: { [name]: { kind: 'category', missing: 'none' } }, raw: true })
    t.same(again.raw?.rows, rows, name)
  }
  const tabbed = { schema: { '': { kind: 'number' }, x: { kind: 'number' } }, delimiter: '\t' } as const
  t.same((await tableOf('\n\tx\n1\t2\n', tabbed)).count, 1, 'a first name that is empty, of two')
})

t.test('what cannot be written is an error', async (t) => {
  const raw = { header: ['x'], rows: [['1'], ['2']] }
  t.throws(() => writeCsv(raw, { x: [1, 2] }), {
    message: /writeCsv: expected new columns, got 'x', which the rows have/,
  })
  t.throws(() => writeCsv(raw, { y: [1] }), { message: /expected 2 values for column 'y', one for each row, got 1/ })
  t.throws(() => writeCsv(raw, {}, { delimiter: '"' }), { message: /expected a delimiter of one character/ })
  t.throws(() => writeCsv(raw, {}, { newline: 'x' as never }), { message: /for the ends of rows, got 'x'/ })
  t.throws(() => writeCsv(undefined as never), { message: /give \{ raw: true \} when reading, and table.raw here/ })
  const read = await readTable('x\n1\n2\n')()
  t.ok(read._tag === 'Right' && read.right.raw === undefined)
})
