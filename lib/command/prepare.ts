import { createHash } from 'node:crypto'
import {
  type Examples,
  examples,
  fromArray,
  key,
  type Labels,
  random,
  range,
  splitExamples,
  type Tensor,
  type Tree,
  toArray,
} from '../index.ts'
import { loadBytes } from '../node/index.ts'
import {
  type Column,
  type Features,
  type InferredSchema,
  inferSchema,
  readTable,
  refill,
  type Table,
  toExamples,
} from '../table/index.ts'
import { Failure, found, readOf } from './failure.ts'
import { columnsIn, type Description } from './model.ts'
import type { Outputs } from './network.ts'

export type Target = Description['target']

/** Examples to learn from and to be tested on. */
export interface Parts<T extends Tree> {
  readonly train: Examples<{ readonly input: Features; readonly target: T }>
  readonly validation: Examples<{ readonly input: Features; readonly target: T }>
}

/** A table prepared for training. */
export interface Found {
  readonly inferred: InferredSchema
  /** How missing values were filled: a sentence for each column that has some. */
  readonly filled: readonly string[]
  readonly columns: Description['columns']
  readonly target: Target
  /** The checksum of the file. */
  readonly sha256: string
}

/** A table that is ready to be learnt from. */
export type Prepared =
  | { readonly kind: 'classes'; readonly found: Found; readonly parts: Parts<Labels> }
  | { readonly kind: 'number'; readonly found: Found; readonly deviation: number; readonly parts: Parts<Outputs> }

export interface PrepareOptions {
  readonly target: string
  readonly task: 'classify' | 'regress' | undefined
  readonly validation: number
  readonly seed: number
}

const absent = '(missing)'

/** How the target is read: as what it seems to be, unless the task says otherwise. */
const targetColumn = ({ columns }: InferredSchema, { target, task }: PrepareOptions): Column => {
  const seen = columns.find(({ column }) => column === target)
  if (seen === undefined) {
    const names = columns.map(({ column }) => `'${column}'`)
    throw new Failure(`--target: expected one of the columns ${names.join(', ')}, got '${target}'`, 'unknown-name')
  }
  if (task !== undefined) return { kind: task === 'classify' ? 'category' : 'number' }
  if (seen.kind === 'ignored')
    throw new Failure(
      `the target '${target}' would be ignored, since ${seen.remark}; say --task classify or regress`,
      'bad-table',
    )
  return { kind: seen.kind === 'number' ? 'number' : 'category' }
}

/** The inferred columns, with the target as it is read. */
const withTarget = (seen: InferredSchema, target: string, column: Column): InferredSchema => ({
  ...seen,
  schema: { ...seen.schema, [target]: column },
  columns: seen.columns.map((found) =>
    found.column === target ? { ...found, kind: column.kind, remark: 'the target' } : found,
  ),
})

/** How the columns are read: missing numbers become a mean, other missing values a label of their own. */
const filling = ({ columns, schema }: InferredSchema, target: string) => {
  const open = columns.filter(({ column, kind, missing }) => missing > 0 && kind !== 'ignored' && column !== target)
  const filled = open.map(({ column, kind }): readonly [string, Column] => [
    column,
    kind === 'number' ? { kind, missing: 'mean' } : { kind: 'category', missing: absent },
  ])
  const told = open.map(({ column, kind, missing }) => {
    const by = kind === 'number' ? 'their mean in the training part' : `the label '${absent}'`
    return `${missing} missing in ${column}: filled with ${by}`
  })
  return { schema: { ...schema, ...Object.fromEntries(filled) }, told }
}

/** The targets of a regression in deviations from their mean, both of the training part. */
const standardized = (values: Float64Array, rows: readonly number[]) => {
  const told = rows.map((row) => values[row] as number)
  const mean = told.reduce((sum, x) => sum + x, 0) / told.length
  const spread = Math.sqrt(told.reduce((sum, x) => sum + (x - mean) ** 2, 0) / told.length)
  const deviation = spread > 0 ? spread : 1
  const target = fromArray(
    Array.from(values, (x) => (x - mean) / deviation),
    [values.length, 1],
  ) as Outputs
  return { target, units: { mean, deviation } }
}

const checkSizes = (train: number, validation: number, labels: readonly string[] | undefined): void => {
  if (labels !== undefined && labels.length < 2)
    throw new Failure(`expected a target with at least two classes, got ${labels.length}`, 'empty-batch')
  if (train < 2 || validation < 1)
    throw new Failure(
      `expected at least two rows to learn from and one to be tested on, got ${train} and ${validation}`,
      'empty-batch',
    )
}

/** Reads a table, says what its columns are, splits it, and fills and scales by the training part alone. */
export const prepare = async (file: string, options: PrepareOptions): Promise<Prepared> => {
  const { target: name, validation: share, seed } = options
  const bytes = found(await loadBytes(file)())
  const seen = readOf(file, await inferSchema(bytes)())
  const column = targetColumn(seen, options)
  const inferred = withTarget(seen, name, column)
  const { schema, told: remarks } = filling(inferred, name)
  const table: Table = readOf(file, await readTable(bytes, { schema })())
  const shares = { train: 1 - share, validation: share }
  const place = random.foldIn(key(seed), 'split')
  const common = { inferred, filled: remarks, sha256: createHash('sha256').update(bytes).digest('hex') }
  const withMeans = (train: Tensor<readonly [number], 'int32'>): Table => {
    const means = Object.keys(table.filled).filter((column) => table.schema[column]?.kind === 'number')
    return refill(table, train, means)
  }

  if (column.kind === 'category') {
    const { examples: all, target } = toExamples(table, { target: name, task: 'classes' })
    const { train, validation } = splitExamples(all, shares, { key: place, stratify: (data) => data.target })
    checkSizes(train.rows.size, validation.rows.size, target.labels)
    const filled = withMeans(train.rows)
    const { data } = toExamples(filled, { target: name, task: 'classes' }).examples
    const parts = { train: { data, rows: train.rows }, validation: { data, rows: validation.rows } }
    const told = { name, kind: 'classes', labels: target.labels } as const
    return { kind: 'classes', found: { ...common, columns: columnsIn(filled.schema, name), target: told }, parts }
  }
  const numbered = examples({ row: range(0, table.count, 1, 'int32') })
  const { train, validation } = splitExamples(numbered, shares, { key: place })
  checkSizes(train.rows.size, validation.rows.size, undefined)
  const filled = withMeans(train.rows)
  const { target, units } = standardized(table.columns[name] as Float64Array, toArray(train.rows))
  const { input } = toExamples(filled, { target: name, task: 'number' }).examples.data
  const data = { input, target }
  const parts = { train: { data, rows: train.rows }, validation: { data, rows: validation.rows } }
  const told = { name, kind: 'number', units } as const
  const findings = { ...common, columns: columnsIn(filled.schema, name), target: told }
  return { kind: 'number', found: findings, deviation: units.deviation, parts }
}
