// Whatever may be wrong with a table is told with its place, what was expected, what came and what to do.
import { showIssues } from 'pullback'
import { inferSchema, readTable, type TableInput, type TableOptions, tableSource } from 'pullback/table'
import t from 'tap'
import { issuesOf, plain, tableOf } from '../support/table.ts'

const xy = { x: { kind: 'number' }, y: { kind: 'category', labels: ['a', 'b'] } } as const
const bytes = (...numbers: readonly number[]) => Uint8Array.from(numbers)

const faults: {
  readonly [fault: string]: readonly [source: TableInput, said: readonly string[], options?: TableOptions]
} = {
  'a missing number': [
    'x,y\n1,a\n,b\n',
    [
      "line 3, column x: expected a number, got a missing value; to fill such cells give the column { missing: a number, or 'mean' }",
    ],
  ],
  'a missing label': [
    'x,y\n1,a\n2,  \n',
    [
      'line 3, column y: expected a label, got a missing value; to fill such cells give the column { missing: a label }',
    ],
  ],
  'a missing truth': [
    'x\n""\n',
    [
      'line 2, column x: expected true or false, got a missing value; to fill such cells give the column { missing: true or false }',
    ],
    { schema: { x: { kind: 'boolean' } } },
  ],
  'a text in a column of numbers': [
    'x,y\n1,a\nabc,b\n',
    ["line 3, column x: expected a number, got 'abc'; correct the cell, or read the column with { kind: 'category' }"],
  ],
  'NaN, infinity and NA': [
    'x,y\nNaN,a\n-Infinity,a\nNA,a\n',
    ['NaN', '-Infinity', 'NA'].map(
      (text, i) =>
        `line ${i + 2}, column x: expected a number, got '${text}'; if it stands for a missing value give { missing: ['', '${text}'] } when reading`,
    ),
  ],
  'a decimal comma': [
    'x;y\n1,5;a\n',
    [
      "line 2, column x: expected a number, got '1,5'; write a decimal point, not a comma, and no mark between thousands",
    ],
    { schema: xy, delimiter: ';' },
  ],
  'marks between thousands': [
    'x,y\n"1,234.5",a\n12 345,a\n',
    [
      "line 2, column x: expected a number, got '1,234.5'; write no mark between thousands",
      "line 3, column x: expected a number, got '12 345'; write no mark between thousands",
    ],
  ],
  'numbers of other kinds': [
    'x,y\n0x10,a\n0b1,a\n1_0,a\n1e999,a\n1 2,a\n',
    ['0x10', '0b1', '1_0', '1e999', '1 2'].map(
      (text, i) =>
        `line ${i + 2}, column x: expected a number, got '${text}'; correct the cell, or read the column with { kind: 'category' }`,
    ),
  ],
  'a label that is not in the schema': [
    'x,y\n1,c\n1,B\n',
    [
      "line 2, column y: expected one of 'a', 'b', got 'c'; labels must occur in the training part",
      "line 3, column y: expected one of 'a', 'b', got 'B'; it is 'b' in other letters",
    ],
  ],
  'a text in a column of booleans': [
    'x\ntrue\nyes\n',
    ["line 3, column x: expected true or false, got 'yes'; read columns of other texts with { kind: 'category' }"],
    { schema: { x: { kind: 'boolean' } } },
  ],
  'rows of another length': [
    'x,y\n1\n1,a,b\n1,a\n',
    [
      'line 2: expected 2 cells, as there are columns, got 1; leave cells without a value empty, with their delimiters',
      'line 3: expected 2 cells, as there are columns, got 3; put cells that contain the delimiter in quotes',
    ],
  ],
  'a column that is not there': [
    'x,Y\n1,a\n',
    ["column y: expected a column 'y', got the columns 'x', 'Y'; rename 'Y'"],
  ],
  'no column of that name at all': [
    'x,z\n1,a\n',
    [
      "column y: expected a column 'y', got the columns 'x', 'z'; where it may be absent, give { kind: 'ignored' } for it",
    ],
  ],
  'columns of one name': [
    'x,y,x, x\n1,a,2,3\n',
    [
      'line 1, column x: expected a name of its own for each column, got one name for the columns 1, 3, 4; rename them, or give { header: [the names] }',
    ],
  ],
  'a name that objects cannot have': ['__proto__,y\n1,a\n', ["line 1: expected names, got '__proto__'; rename it"]],
  'no header': [
    '5.1,a\n4.9,b\n',
    [
      'line 1: expected the names of the columns in the first line, got the number 5.1; if the file begins with data, give { header: [the names] }',
    ],
  ],
  'no header, and whole numbers': [
    '7,4\n2,5\n',
    [
      'line 1: expected the names of the columns in the first line, got the number 7; if the file begins with data, give { header: [the names] }',
    ],
  ],
  'another delimiter': ['x;y\n1;a\n', ["line 1: expected columns divided by ',', got 'x;y'; give { delimiter: ';' }"]],
  tabs: ['x\ty\n1\ta\n', ["line 1: expected columns divided by ',', got 'x\ty'; give { delimiter: '\\t' }"]],
  'nothing at all': ['', ['expected the names of the columns and rows, got an empty file']],
  'blank lines alone': ['\n\r\n\n', ['expected the names of the columns and rows, got an empty file']],
  'a byte order mark alone': [
    bytes(0xef, 0xbb, 0xbf),
    ['expected the names of the columns and rows, got an empty file'],
  ],
  'a header alone': ['x,y\n', ['expected at least one row, got none']],
  'a quote that is not closed': [
    'x,y\n1,a\n2,"b\n3,a\n',
    [
      'line 3, column y: expected a closing quote, got the end of the file; close the quote that opens in this row, and write a quote within a cell twice',
    ],
  ],
  'text behind a closing quote': [
    'x,y\n1,"a"b\n',
    [
      'line 2, column y: expected a delimiter or the end of the row behind a closing quote, got other text; write a quote within a cell twice',
    ],
  ],
  'a quote within a cell': [
    'x,y\n1,5" pipe\n',
    [
      'line 2, column y: expected quotes around a whole cell, got a quote behind other text or a space; put the whole cell in quotes, and write a quote within it twice',
    ],
  ],
  'bytes that are no UTF-8': [
    bytes(120, 44, 121, 10, 49, 44, 0xe9, 10),
    [
      "line 2: expected text in UTF-8, got bytes that are not; save it as UTF-8, or decode it first: stream.pipeThrough(new TextDecoderStream('windows-1252'))",
    ],
  ],
  'a character cut short': [
    bytes(120, 44, 121, 10, 49, 44, 0xc3),
    [
      "line 2: expected text in UTF-8, got bytes that are not; save it as UTF-8, or decode it first: stream.pipeThrough(new TextDecoderStream('windows-1252'))",
    ],
  ],
  'UTF-16': [
    bytes(0xff, 0xfe, 120, 0, 44, 0),
    ['expected text in UTF-8, got UTF-16; save it as UTF-8 (in a spreadsheet: CSV UTF-8)'],
  ],
  'an archive': [
    bytes(0x1f, 0x8b, 8, 0, 0x9d),
    ["expected text in UTF-8, got a gzip archive; unpack it: stream.pipeThrough(new DecompressionStream('gzip'))"],
  ],
  'a spreadsheet': [
    bytes(0x50, 0x4b, 3, 4, 0x9d),
    ['expected text in UTF-8, got a zip archive or a spreadsheet; save it as CSV UTF-8'],
  ],
  'a page in the place of a file': [
    '<!DOCTYPE html>\n<html>\n',
    ["line 1: expected CSV, got a page that begins with '<!DOCTYPE html>'; look at the address"],
  ],
  'a response that is none': [
    new Response('', { status: 404 }),
    ['expected the file, got HTTP status 404 instead of it'],
  ],
  'a source that fails': [
    (async function* () {
      yield 'x,y\n'
      throw new Error('ENOENT: no such file')
    })(),
    ['expected a source that can be read, got ENOENT: no such file'],
  ],
  'a line that is no object': [
    '{"x":1,"y":"a"}\n[1]\n{"x":\n\n3\n',
    [
      "line 2: expected a JSON object, whole on its line, got '[1]'; write no array around the objects and no commas between them",
      'line 3: expected a JSON object, whole on its line, got \'{"x":\'; write no array around the objects and no commas between them',
      "line 5: expected a JSON object, whole on its line, got '3'; write no array around the objects and no commas between them",
    ],
    { schema: xy, format: 'jsonl' },
  ],
  'values within values': [
    '{"x":[1],"y":{"z":"a"}}\n',
    [
      'line 1, column x: expected a text, a number, true, false or null, got an array; give each value within it a name of its own',
      'line 1, column y: expected a text, a number, true, false or null, got a record with the names z; give each value within it a name of its own',
    ],
    { format: 'jsonl' },
  ],
  'a name that is missing, and null': [
    '{"x":1,"y":"a"}\n{"y":"a"}\n{"x":null,"y":"a"}\n',
    [2, 3].map(
      (line) =>
        `line ${line}, column x: expected a number, got a missing value; to fill such cells give the column { missing: a number, or 'mean' }`,
    ),
    { schema: xy, format: 'jsonl' },
  ],
  'a name that is nowhere': [
    '{"y":"a"}\n',
    [
      "line 1, column x: expected a number, got a missing value; to fill such cells give the column { missing: a number, or 'mean' }",
    ],
    { schema: xy, format: 'jsonl' },
  ],
  'no lines': ['\n', ['expected at least one row, got none'], { schema: xy, format: 'jsonl' }],
  'a name in JSON that objects cannot have': [
    '{"__proto__":1}\n',
    ["line 1: expected names, got '__proto__'; rename it"],
    { format: 'jsonl' },
  ],
}

t.test('faults and what is said of them', async (t) => {
  for (const [fault, [source, said, options = { schema: xy }]] of Object.entries(faults)) {
    t.same(await issuesOf(source, options), said, fault)
  }
})

t.test('a quote that is never closed does not take up all memory', async (t) => {
  let given = 0
  const endless = (async function* () {
    yield 'x,y\n1,"a\n'
    for (;;) {
      given += 1
      yield 'b,1\n'.repeat(1 << 14)
    }
  })()
  t.match(
    (await issuesOf(endless))[0],
    /^line 2, column y: expected rows of at most 4194304 bytes, got a longer one; maybe/,
  )
  t.ok(given < 100)
  const line = (async function* () {
    for (;;) yield '{"x": 1, '.repeat(1 << 14)
  })()
  t.match((await issuesOf(line, { format: 'jsonl' }))[0], /^line 1: expected lines of at most 4194304 characters/)
})

t.test('the first twenty issues are given, in the order of the lines, and how many more there are', async (t) => {
  const text = `x\n${'no\n'.repeat(45)}`
  const found = await issuesOf(text, { schema: { x: { kind: 'number' } } })
  t.equal(found.length, 21)
  t.match(found[19], /^line 21/)
  t.equal(found[20], 'and 25 more like these')
  const mixed = await issuesOf('x,y\nno,a\n1\nno,b\n', { schema: xy })
  t.same(
    mixed.map((line) => line.slice(0, 6)),
    ['line 2', 'line 3', 'line 4'],
  )
})

t.test('an issue carries its parts', async (t) => {
  const result = await readTable('x,y\n1,a\n\n"2\n",c\n', { schema: xy })()
  t.same(result._tag === 'Left' && result.left, [
    {
      _tag: 'UnknownLabel',
      code: 'unknown-label',
      line: 4,
      column: 'y',
      value: 'c',
      expected: "one of 'a', 'b'",
      remedy: 'labels must occur in the training part',
      path: 'line 4, column y',
      message: "expected one of 'a', 'b', got 'c'; labels must occur in the training part",
    },
  ])
})

t.test('lines are those of the file, behind blank lines, quoted lines and line ends of any kind', async (t) => {
  const schema = { x: { kind: 'number' } } as const
  for (const [text, line] of [
    ['x,y\n\n\n1,"a\nb\nc"\nno,d\n', 7],
    ['x,y\r\n1,"a\r\nb"\r\n\r\nno,d\r\n', 5],
    ['x,y\r1,a\rno,d\r', 3],
    ['x,y\r\n1,a\n\nno,"d\n"', 4],
  ] as const)
    t.match((await issuesOf(text, { schema }))[0], new RegExp(`^line ${line}, column x: expected a number, got 'no'`))
})

t.test('mistakes in the options are thrown at once, with what there is', async (t) => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [
      { sheme: {} },
      /readTable: expected options among format, delimiter, header, missing, schema, as, raw, got 'sheme'/,
    ],
    [{ format: 'tsv' }, /expected the format 'csv' or 'jsonl', got 'tsv'/],
    [{ delimiter: ', ' }, /expected a delimiter of one character/],
    [{ header: 'x,y' }, /expected the names of the columns, got 'x,y'/],
    [{ missing: 'NA' }, /expected the texts that stand for a missing value, in an array, got 'NA'/],
    [{ format: 'jsonl', header: ['x'] }, /expected no header/],
    [{ schema: xy, as: {} }, /expected a schema, or kinds of columns by as, got both/],
    [{ schema: {} }, /expected at least one column/],
    [{ schema: [] }, /expected a record of columns/],
    [{ schema: { x: 'number' } }, /column 'x': expected \{ kind: 'number' \| .* or an io-ts codec, got 'number'/],
    [{ schema: { x: { kind: 'toString' } } }, /column 'x': expected \{ kind/],
    [
      { schema: { x: { kind: 'number', mising: 0 } } },
      /column 'x': expected options among kind, missing, got 'mising'/,
    ],
    [
      { schema: { x: { kind: 'number', missing: 'median' } } },
      /expected a finite number or 'mean' for missing values, got 'median'/,
    ],
    [{ schema: { x: { kind: 'number', missing: Number.NaN } } }, /expected a finite number or 'mean'/],
    [{ schema: { x: { kind: 'boolean', missing: 0 } } }, /expected true or false for missing values, got 0/],
    [
      { schema: { x: { kind: 'category', labels: [] } } },
      /expected labels, texts without spaces around them, each once, got \[\]/,
    ],
    [{ schema: { x: { kind: 'category', labels: ['a', 'a'] } } }, /each once, got \['a', 'a'\]/],
    [{ schema: { x: { kind: 'category', labels: [' a'] } } }, /without spaces around them/],
    [
      { schema: { x: { kind: 'category', labels: ['a'], missing: 'b' } } },
      /expected one of the labels 'a' for missing values, got 'b'/,
    ],
    [{ as: { x: 'text' } }, /column 'x': expected \{ kind/],
  ]
  for (const [options, message] of wrong)
    t.throws(() => readTable('x\n1\n', options as never), { message }, `${message}`)
  t.throws(() => inferSchema('x\n1\n', { schema: xy } as never), { message: /inferSchema: expected options among/ })
  await t.rejects(readTable(3 as never)(), {
    message: /expected text, bytes, a Blob, a Response, a stream, .*, got 3; in Node/,
  })
  const said = await inferSchema('x\n1\n', { as: { z: 'number' } })()
  t.equal(
    said._tag === 'Left' && showIssues(said.left),
    "column z: expected a column 'z', got the columns 'x' [missing-name]",
  )
})

t.test('a streamed table throws what readTable tells, when its minibatch comes', async (t) => {
  const text = 'x,y\n1,a\n2,b\n3,c\n4,a\n5\n'
  const source = tableSource(() => text, xy, { size: 2, target: 'y', task: 'classes' })
  let count = 0
  await t.rejects(
    async () => {
      for await (const _ of source.epoch(0, 0)) count += 1
    },
    { name: 'TableError', _tag: 'TableError', message: /^line 6: expected 2 cells/ },
  )
  t.ok(count <= 2, 'rows that are none are found when they are read, which may be before')
  count = 0
  const labels = tableSource(() => text.slice(0, -2), xy, { size: 2, target: 'y', task: 'classes' })
  await t.rejects(
    async () => {
      for await (const _ of labels.epoch(0, 0)) count += 1
    },
    { message: /^line 4, column y: expected one of 'a', 'b', got 'c'/ },
  )
  t.equal(count, 1)
  const mistaken = tableSource(() => text, xy, { size: 2, target: 'z' as 'y', task: 'classes' })
  await t.rejects(
    async () => {
      for await (const _ of mistaken.epoch(0, 0)) count += 1
    },
    { name: 'StructureError', message: /^toExamples: expected a target among .*got 'z'/ },
    'a mistake in the program is told as such',
  )
})

t.test('names that objects inherit are names', async (t) => {
  const names = ['constructor', 'toString', 'hasOwnProperty']
  const table = await tableOf(`${names}\n1,a,true\n2,b,false\n`)
  t.same(plain(table), { constructor: [1, 2], toString: [0, 1], hasOwnProperty: [1, 0] })
  const said = await issuesOf('x\n1\n', { schema: { constructor: { kind: 'number' } } as never })
  t.match(said[0], /^column constructor: expected a column 'constructor', got the columns 'x'/)
})
