import { fromArray, evaluate as measure } from '../index.ts'
import { loadBytes } from '../node/index.ts'
import { readTable, type Table, toExamples } from '../table/index.ts'
import { command } from './command.ts'
import { found, readOf } from './failure.ts'
import { loadTableModel, schemaIn, type TableModel } from './model.ts'
import type { Outputs } from './network.ts'
import { flag } from './options.ts'
import { metricTable, say, sayJson } from './output.ts'
import { classifying, regressing } from './task.ts'

/** How good the network is on the rows of a table. */
const measured = ({ network, variables, description }: TableModel, table: Table) => {
  const { target } = description
  if (target.kind === 'classes') {
    const { examples } = toExamples(table, { target: target.name, task: 'classes' })
    return measure(network, variables, classifying.loss, examples, { metrics: classifying.told })
  }
  const { mean, deviation } = target.units
  const { examples } = toExamples(table, { target: target.name, task: 'number' })
  const values = Array.from(table.columns[target.name] as Float64Array, (x) => (x - mean) / deviation)
  const data = { input: examples.data.input, target: fromArray(values, [values.length, 1]) as Outputs }
  const { loss, told } = regressing(deviation)
  return measure(network, variables, loss, { data, rows: examples.rows }, { metrics: told })
}

/** Tells how good a trained network is on other rows. */
export const evaluate = command({
  name: 'evaluate',
  about: 'tells how good a trained network is on the rows of a table',
  positionals: ['DIR|model.safetensors', 'DATA.csv'],
  options: { json: flag('prints one JSON document and nothing else') },
  more: '  pullback evaluate flowers other.csv',
  work: async ({ json }, [path = '', file = '']) => {
    const model = await loadTableModel(path)
    const bytes = found(await loadBytes(file)())
    const table: Table = readOf(file, await readTable(bytes, { schema: schemaIn(model.description, true) })())
    const metrics = await measured(model, table)
    if (json) sayJson({ rows: table.count, metrics })
    else say(metricTable(metrics, `on ${table.count} rows`))
    return undefined
  },
})
