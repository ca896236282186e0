import { type Examples, examples } from '../data/examples.ts'
import { checkOptions } from '../error/options.ts'
import { DTypeError, ShapeError, StructureError, ValueError } from '../error/tensorError.ts'
import { describe, most } from '../tensor/data.ts'
import { fromArray, unsafeFromBuffer } from '../tensor/from.ts'
import type { Labels } from '../type/classification.ts'
import type { Float, Tensor } from '../type/tensor.ts'
import type { Built } from './build.ts'
import type { Values } from './column.ts'
import type { TableSchema } from './schema.ts'

/** The columns of a table as the input of a network, with a row for each example. */
export type Features<D extends Float = 'float32'> = Tensor<readonly [number, number], D>

/** The target of a network: one of some labels, or a number. */
export type TargetKind = { readonly kind: 'classes'; readonly labels: readonly string[] } | { readonly kind: 'number' }

interface Common {
  /** The number of categories of each input column, 0 for numbers; the argument of `oneHotColumns`. */
  readonly categories: readonly number[]
  /** The names of the columns of the input. */
  readonly columns: readonly string[]
}

export interface InputExamples<D extends Float = 'float32'> extends Common {
  readonly examples: Examples<{ readonly input: Features<D> }>
}
export interface ClassExamples<D extends Float = 'float32'> extends Common {
  readonly examples: Examples<{ readonly input: Features<D>; readonly target: Labels }>
  readonly target: Extract<TargetKind, { readonly kind: 'classes' }>
}
export interface NumberExamples<D extends Float = 'float32'> extends Common {
  readonly examples: Examples<{ readonly input: Features<D>; readonly target: Tensor<readonly [number, 1], D> }>
  readonly target: Extract<TargetKind, { readonly kind: 'number' }>
}

export interface ExampleOptions<
  K extends 'classes' | 'number' | undefined = 'classes' | 'number' | undefined,
  D extends Float = Float,
> {
  /** The target column. Without one, all columns are input. */
  readonly target?: string | undefined
  /**
   * The kind of the target: labels or numbers. By default it follows from the column, and the type of the result leaves
   * it open.
   */
  readonly task?: K | undefined
  /** The number format of the input; float32 by default. */
  readonly dtype?: D | undefined
}

const op = 'toExamples'

/** The number of categories of a column, 0 for numbers. */
const categoriesOf = (schema: TableSchema, name: string): number => {
  const column = schema[name]
  return column?.kind === 'category' ? (column.labels?.length ?? 0) : 0
}

/** Writes a column of numbers to its position in each row of some data. */
const place = (
  name: string,
  values: Values,
  data: Float32Array | Float64Array,
  [from, step]: readonly [number, number],
): void => {
  const limit = data instanceof Float32Array ? most.float32 : most.float64
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    const x = typeof value === 'boolean' ? Number(value) : value
    if (typeof x !== 'number')
      throw new StructureError({
        op,
        expected: `numbers or booleans in column '${name}'`,
        actual: describe(value),
        remedy: 'let its codec give numbers, or ignore it',
      })
    if (!(Math.abs(x) <= limit))
      throw new ValueError({
        op,
        expected: `numbers that ${data instanceof Float32Array ? 'float32' : 'float64'} can hold in column '${name}'`,
        actual: `${x} in row ${row}`,
        code: 'not-finite',
        remedy: "give { dtype: 'float64' }, or scale the column",
      })
    data[from + row * step] = x
  }
}

const labelsOf = (schema: TableSchema, name: string): readonly string[] | undefined => {
  const column = schema[name]
  if (column?.kind === 'boolean') return ['false', 'true']
  return column?.kind === 'category' ? (column.labels ?? []) : undefined
}

/**
 * The examples of a table, as tensors: `input` has a row for each row of the table and a column for each of its columns
 * but the target, in the order of the schema. Categories are 0, 1, … in the order of their labels, booleans 0 and 1.
 * Put `oneHotColumns(categories)` before a network to turn categories into columns of zeros and ones. `target` has the
 * indices of labels, [examples] in int32, or numbers, [examples, 1].
 *
 * Without a target all columns are input. For rows without a target, ignore its column:
 * `{ ...schema, [target]: { kind: 'ignored' } }`. A target that is not a column, or does not suit the task, is an
 * error, and so is a table without a column for the input.
 *
 * @example
 * import * as E from 'fp-ts/lib/Either.js'
 * import { showIssues, toNested } from 'pullback'
 * import { readTable, toExamples } from 'pullback/table'
 * const text = 'height,bark,kind\n0.5,rough,oak\n1,smooth,elm\n1.5,rough,oak\n'
 * const read = await readTable(text)()
 * if (E.isLeft(read)) throw new Error(showIssues(read.left))
 * const table = read.right
 * const { examples, categories, target } = toExamples(table, { target: 'kind', task: 'classes' })
 * toNested(examples.data.input) // => [[0.5, 0], [1, 1], [1.5, 0]]
 * toNested(examples.data.target) // => [1, 0, 1]
 * categories // => [0, 2]
 * target.labels // => ['elm', 'oak']
 */
export function toExamples<D extends Float = 'float32'>(
  table: Built,
  options: ExampleOptions<'classes', D> & { readonly target: string; readonly task: 'classes' },
): ClassExamples<D>
export function toExamples<D extends Float = 'float32'>(
  table: Built,
  options: ExampleOptions<'number', D> & { readonly target: string; readonly task: 'number' },
): NumberExamples<D>
export function toExamples<D extends Float = 'float32'>(
  table: Built,
  options: ExampleOptions<undefined, D> & { readonly target: string },
): ClassExamples<D> | NumberExamples<D>
export function toExamples<D extends Float = 'float32'>(
  table: Built,
  options?: ExampleOptions<undefined, D> & { readonly target?: undefined },
): InputExamples<D>
export function toExamples(table: Built, options: ExampleOptions = {}): unknown {
  checkOptions(op, options, ['target', 'task', 'dtype'])
  const { target, task, dtype = 'float32' } = options
  if (task !== undefined && task !== 'classes' && task !== 'number')
    throw new ValueError({
      op,
      expected: "the task 'classes' or 'number'",
      actual: describe(task),
      code: 'unknown-choice',
    })
  if (typeof table?.columns !== 'object' || typeof table.schema !== 'object')
    throw new StructureError({ op, expected: 'a table that was read', actual: describe(table) })
  const { schema, count, columns } = table
  if (dtype !== 'float32' && dtype !== 'float64')
    throw new DTypeError({ op, expected: 'float32 or float64', actual: describe(dtype), code: 'unknown-choice' })
  const all = Object.keys(columns)
  const names = all.filter((name) => name !== target)
  if (names.length === 0)
    throw new ShapeError({ op, expected: 'a column for the input', actual: 'none', code: 'missing-name' })
  const numbers = dtype === 'float32' ? Float32Array : Float64Array
  const data = new numbers(count * names.length)
  for (const [i, name] of names.entries()) place(name, columns[name] as Values, data, [i, names.length])
  const input = unsafeFromBuffer(data, [count, names.length])
  const common = { categories: names.map((name) => categoriesOf(schema, name)), columns: names }
  if (target === undefined) return { ...common, examples: examples({ input }) }

  const values = Object.hasOwn(columns, target) ? columns[target] : undefined
  if (values === undefined)
    throw new StructureError({
      op,
      expected: `a target among ${all.map(describe).join(', ')}`,
      actual: describe(target),
      code: 'unknown-name',
      remedy: Object.hasOwn(schema, target)
        ? "it is ignored: give as: { … 'category' or 'number' } when reading"
        : undefined,
    })
  const labels = labelsOf(schema, target)
  if (task !== undefined && task !== (labels === undefined ? 'number' : 'classes'))
    throw new ValueError({
      op,
      expected: task === 'classes' ? 'a target of labels' : 'a target of numbers',
      actual: `column '${target}', which is ${schema[target]?.kind}`,
      code: 'wrong-argument',
      remedy: `give as: { '${target}': '${task === 'classes' ? 'category' : 'number'}' } when reading`,
    })
  if (labels !== undefined) {
    const places = fromArray(Array.from(values as Int32Array), [count], 'int32')
    return { ...common, examples: examples({ input, target: places }), target: { kind: 'classes', labels } }
  }
  const told = new numbers(count)
  place(target, values, told, [0, 1])
  const given = unsafeFromBuffer(told, [count, 1])
  return { ...common, examples: examples({ input, target: given }), target: { kind: 'number' } }
}
