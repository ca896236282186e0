// Tables as examples for a network: their columns, their targets, and what fills them.
import {
  compose,
  fromNested,
  init,
  key,
  linear,
  oneHotColumns,
  predict,
  splitExamples,
  standardize,
  toArray,
  toNested,
} from 'pullback'
import { refill, type TableSchema, toExamples } from 'pullback/table'
import t from 'tap'
import { tableOf } from '../support/table.ts'

const text = 'x,ok,bark,kind,y\n1.5,true,rough,oak,10\n2,false,smooth,elm,20\n3,true,rough,oak,30\n'

t.test('input and classes', async (t) => {
  const table = await tableOf(text)
  const { examples, categories, columns, target } = toExamples(table, { target: 'kind', task: 'classes' })
  t.same(columns, ['x', 'ok', 'bark', 'y'])
  t.same(categories, [0, 0, 2, 0])
  t.same(target, { kind: 'classes', labels: ['elm', 'oak'] })
  t.same(toNested(examples.data.input), [
    [1.5, 1, 0, 10],
    [2, 0, 1, 20],
    [3, 1, 0, 30],
  ])
  t.same(toArray(examples.data.target), [1, 0, 1])
  t.equal(examples.data.target.dtype, 'int32')
  t.equal(examples.data.input.dtype, 'float32')
  const net = compose(oneHotColumns(categories), linear(5, 2))
  t.same(predict(net, init(net, key(0)), examples.data.input).shape, [3, 2])
  const truth = toExamples(table, { target: 'ok', task: 'classes' })
  t.same(truth.target.labels, ['false', 'true'])
  t.same(toArray(truth.examples.data.target), [1, 0, 1])
})

t.test('input and numbers', async (t) => {
  const table = await tableOf(text)
  const { examples, target } = toExamples(table, { target: 'y', task: 'number', dtype: 'float64' })
  t.same(target, { kind: 'number' })
  t.same(toNested(examples.data.target), [[10], [20], [30]])
  t.equal(examples.data.target.dtype, 'float64')
  const some = toExamples(table, { target: 'y' })
  t.equal(some.target.kind, 'number')
})

t.test('rows without a target, in another order, are those of the training part', async (t) => {
  const { schema } = await tableOf(text)
  const rest: TableSchema = { ...schema, kind: { kind: 'ignored' } }
  const table = await tableOf('more,y,bark,ok,x\n?,10,rough,true,1.5\n', { schema: rest })
  const { examples, columns } = toExamples(table)
  t.same(columns, ['x', 'ok', 'bark', 'y'])
  t.same(toNested(examples.data.input), [[1.5, 1, 0, 10]])
})

t.test('what cannot be an example is an error with its remedy', async (t) => {
  const table = await tableOf(text)
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ target: 'z' }, /expected a target among 'x', 'ok', 'bark', 'kind', 'y', got 'z'/],
    [{ target: 'toString' }, /expected a target among/],
    [
      { target: 'y', task: 'classes' },
      /expected a target of labels, got column 'y', which is number; give as: \{ 'y': 'category' \} when reading/,
    ],
    [{ target: 'kind', task: 'number' }, /expected a target of numbers, got column 'kind', which is category/],
    [{ target: 'kind', task: 'label' }, /expected the task 'classes' or 'number', got 'label'/],
    [{ target: 'kind', dtype: 'int32' }, /expected float32 or float64, got 'int32'/],
    [{ label: 'kind' }, /expected options among target, task, dtype, got 'label'/],
  ]
  for (const [options, message] of wrong) t.throws(() => toExamples(table, options as never), { message })
  t.throws(() => toExamples(3 as never), { message: /expected a table that was read, got 3/ })
  const single = await tableOf('y\n1\n2\n', { schema: { y: { kind: 'number' } } })
  t.throws(() => toExamples(single, { target: 'y' }), { message: /expected a column for the input, got none/ })
  const large = await tableOf('x,y\n1e39,1\n1,2\n')
  t.throws(() => toExamples(large, { target: 'y' }), {
    message: /expected numbers that float32 can hold in column 'x', got 1e\+39 in row 0; give \{ dtype: 'float64' \}/,
  })
  t.same(toNested(toExamples(large, { target: 'y', dtype: 'float64' }).examples.data.input), [[1e39], [1]])
  const ignored = await tableOf(text, { as: { kind: 'ignored' } })
  t.throws(() => toExamples(ignored, { target: 'kind' }), { message: /got 'kind'; it is ignored: give as/ })
})

t.test('means are those of the training part alone', async (t) => {
  const schema = {
    x: { kind: 'number', missing: 'mean' },
    z: { kind: 'number', missing: 0 },
    y: { kind: 'category' },
  } as const
  const rows = Array.from({ length: 30 }, (_, i) => `${i % 5 === 0 ? '' : i * i},${i === 3 ? '' : i},${'ab'[i % 2]}\n`)
  const table = await tableOf(`x,z,y\n${rows.join('')}`, { schema })
  const { examples } = toExamples(table, { target: 'y', task: 'classes' })
  const { train } = splitExamples(examples, { train: 0.6 }, { key: key(1), stratify: ({ target }) => target })
  const known = toArray(train.rows).filter((row) => row % 5 !== 0)
  const mean = known.reduce((sum, row) => sum + row * row, 0) / known.length
  const filled = refill(table, train.rows, ['x'])
  for (let row = 0; row < 30; row++) {
    const wanted = row % 5 === 0 ? mean : row * row
    t.ok(Math.abs((filled.columns.x[row] as number) - wanted) < 1e-10)
  }
  t.same(filled.columns.z, table.columns.z)
  t.equal(table.columns.x[0], table.columns.x[5], 'the table itself is as it was')
  t.not(table.columns.x[0], filled.columns.x[0])
  t.match(filled.schema.x, { kind: 'number', missing: filled.columns.x[0] })
  const input = toExamples(filled, { target: 'y', task: 'classes' }).examples.data.input
  t.ok(standardize(input))
  t.throws(() => refill(table, fromNested([30], 'int32')), { message: /refill: expected rows from 0 to 29, got 30/ })
  t.throws(() => refill(table, fromNested([0, 5], 'int32')), { message: /a number of column 'x' in the training part/ })
  t.throws(() => refill(table, fromNested([0], 'int32'), ['y']), { message: /expected a column of numbers, got 'y'/ })
})
