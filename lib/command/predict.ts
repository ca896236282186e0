import { op, predict as outputsOf, toArray, toNested } from '../index.ts'
import { loadBytes, saveBytes } from '../node/index.ts'
import { readTable, type Table, toExamples, writeCsv } from '../table/index.ts'
import { command } from './command.ts'
import { Failure, found, readOf } from './failure.ts'
import { loadTableModel, schemaIn, type TableModel } from './model.ts'
import type { Outputs } from './network.ts'
import { flag, text, UsageError } from './options.ts'

const options = {
  out: text('FILE', undefined, 'where to write the rows; standard output if not given'),
  probabilities: flag('adds a column p(LABEL) for each class'),
} as const

/** Rows that run through the network at once. */
const size = 4096

/** The outputs of the network for all rows of a table, computed in parts. */
const outputsFor = ({ network, variables }: TableModel, table: Table): readonly Outputs[] => {
  const { input } = toExamples(table).examples.data
  const from = Array.from({ length: Math.ceil(table.count / size) }, (_, i) => i * size)
  return from.map(
    (at) => outputsOf(network, variables, op.slice(input, [[at, Math.min(at + size, table.count)]])) as Outputs,
  )
}

/** A number in the seven digits that float32 has. */
const digits = (x: number): number => Number(x.toPrecision(7))

/** The columns that are added to the rows. */
const told = (model: TableModel, table: Table, isDetailed: boolean) => {
  const { target } = model.description
  const outputs = outputsFor(model, table)
  if (target.kind === 'number') {
    if (isDetailed) throw new UsageError(`--probabilities: expected a model of classes, got one of numbers`)
    const { mean, deviation } = target.units
    return { prediction: outputs.flatMap((z) => toArray(z)).map((x) => digits(mean + deviation * x)) }
  }
  const prediction = outputs.flatMap((z) => toArray(op.argmax(z, 1))).map((place) => target.labels[place] as string)
  if (!isDetailed) return { prediction }
  const shares = outputs.flatMap((z) => toNested(op.softmax(z)) as readonly (readonly number[])[])
  const columns = target.labels.map((label, i) => [`p(${label})`, shares.map((row) => digits(row[i] as number))])
  return { prediction, ...(Object.fromEntries(columns) as { readonly [column: string]: readonly number[] }) }
}

/** Tells the target of rows by a trained network. */
export const predict = command({
  name: 'predict',
  about: 'writes the rows of a table with a column prediction',
  positionals: ['DIR|model.safetensors', 'DATA.csv'],
  options,
  more: `The columns may stand in another order, with others among them; that of the target may be absent.

  pullback predict flowers new.csv --out predictions.csv --probabilities`,
  work: async ({ out, probabilities }, [path = '', file = '']) => {
    const model = await loadTableModel(path)
    const bytes = found(await loadBytes(file)())
    const table: Table = readOf(
      file,
      await readTable(bytes, { schema: schemaIn(model.description, false), raw: true })(),
    )
    if (table.raw === undefined) throw new Failure(`${file}: expected rows`, 'bad-table')
    if (table.raw.header.includes('prediction'))
      throw new Failure(`${file}: expected no column prediction yet, got one; remove or rename it`, 'duplicate-name')
    const newline = bytes.includes(13) ? '\r\n' : '\n'
    const csv = writeCsv(table.raw, told(model, table, probabilities), { newline })
    if (out === undefined) process.stdout.write(csv)
    else found(await saveBytes(out, new TextEncoder().encode(csv))())
    return undefined
  },
})
