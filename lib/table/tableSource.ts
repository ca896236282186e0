import { checkWhole } from '../data/checkWhole.ts'
import type { Source } from '../data/source.ts'
import { StructureError, TensorError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { Labels } from '../type/classification.ts'
import type { Float, Tensor } from '../type/tensor.ts'
import { issuesOf } from './attempt.ts'
import { builder } from './build.ts'
import { collected, TableError } from './issue.ts'
import { checkRead, type ReadOptions, readRows } from './read.ts'
import type { Rows } from './row.ts'
import { checkFitted, type GivenSchema, schemaOf } from './schema.ts'
import type { TableInput } from './text.ts'
import { type ExampleOptions, type Features, toExamples } from './toExamples.ts'

export interface SourceOptions<K extends 'classes' | 'number' | undefined, D extends Float>
  extends ReadOptions,
    ExampleOptions<K, D> {
  /** The number of rows in a minibatch; the last one may be smaller. */
  readonly size: number
}

type Open = () => TableInput | PromiseLike<TableInput>

/** Rows in lists of a given size, without the first few lists. */
async function* lists(batches: AsyncIterable<Rows>, size: number, from: number): AsyncGenerator<Rows> {
  let skip = from * size
  let waiting: Rows | undefined
  for await (const { names, rows } of batches) {
    const passed = Math.min(skip, rows.length)
    skip -= passed
    const all = [...(waiting?.rows ?? []), ...rows.slice(passed)]
    let start = 0
    for (; all.length - start >= size; start += size) yield { names, rows: all.slice(start, start + size) }
    waiting = { names, rows: all.slice(start) }
  }
  if (waiting !== undefined && waiting.rows.length > 0) yield waiting
}

/**
 * A source of minibatches that reads a table incrementally, so that a file larger than memory can be used for training.
 * `open` is called for each epoch: `() => createReadStream(path)`, `() => fetch(address)`, `() => file`. The rows come
 * in the order of the file, so shuffle a file that is sorted by its target once before. The minibatches are those of
 * `toExamples`, so the schema must be complete: with labels, and with numbers for missing values.
 *
 * A problem with the rows is thrown when their minibatch is read: a `TableError`, whose `issues` are those that
 * `readTable` returns.
 *
 * @example
 * import { toNested } from 'pullback'
 * import { tableSource } from 'pullback/table'
 * const schema = { x: { kind: 'number' }, kind: { kind: 'category', labels: ['elm', 'oak'] } } as const
 * const text = 'x,kind\n1,oak\n2,elm\n3,oak\n'
 * const source = tableSource(() => text, schema, { size: 2, target: 'kind', task: 'classes' })
 * const found: unknown[] = []
 * for await (const { input, target } of source.epoch(0, 0)) found.push([toNested(input), toNested(target)])
 * found // => [[[[1], [2]], [1, 0]], [[[3]], [1]]]
 */
export function tableSource<D extends Float = 'float32'>(
  open: Open,
  schema: GivenSchema,
  options: SourceOptions<'classes', D> & { readonly target: string; readonly task: 'classes' },
): Source<{ readonly input: Features<D>; readonly target: Labels }>
export function tableSource<D extends Float = 'float32'>(
  open: Open,
  schema: GivenSchema,
  options: SourceOptions<'number', D> & { readonly target: string; readonly task: 'number' },
): Source<{ readonly input: Features<D>; readonly target: Tensor<readonly [number, 1], D> }>
export function tableSource<D extends Float = 'float32'>(
  open: Open,
  schema: GivenSchema,
  options: SourceOptions<undefined, D> & { readonly target?: undefined },
): Source<{ readonly input: Features<D> }>
export function tableSource(
  open: Open,
  schema: GivenSchema,
  options: SourceOptions<'classes' | 'number' | undefined, Float>,
): Source<unknown> {
  const op = 'tableSource'
  const checked = checkRead(op, options, ['size', 'target', 'task', 'dtype'])
  if (typeof open !== 'function')
    throw new StructureError({
      op,
      expected: 'a function that opens the source, since each epoch reads it anew',
      actual: describe(open),
      remedy: 'give () => source',
    })
  checkWhole(op, 'rows in a batch', options.size, 1)
  const columns = schemaOf(schema)
  checkFitted(op, columns)
  const { size, target, task, dtype } = options
  const minibatch = (rows: Rows): unknown => {
    const issues = collected()
    const read = builder(columns, checked.missing, issues)
    read.add(rows)
    issues.check()
    return toExamples(read.finish(), { target, task, dtype } as never).examples.data
  }
  return {
    count: undefined,
    epoch: (_, from) => ({
      async *[Symbol.asyncIterator]() {
        const issues = collected()
        try {
          for await (const rows of lists(readRows(open(), checked, Object.keys(columns), issues), size, from)) {
            issues.check()
            yield minibatch(rows)
          }
        } catch (e) {
          throw e instanceof TableError || e instanceof TensorError ? e : new TableError(issuesOf(e))
        }
        issues.check()
      },
    }),
  }
}
