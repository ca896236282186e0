// A model of a table as a file: the numbers of its network, and in the metadata all that it takes to read rows and to
// say what it tells.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as t from 'io-ts'
import { FormatError, fromBytes, modelFromBytes, type Variables } from '../index.ts'
import { loadBytes } from '../node/index.ts'
import { type Column, schemaOf, type TableSchema } from '../table/index.ts'
import { found } from './failure.ts'
import { type Architecture, activations, type Network, networkOf } from './network.ts'

const labels = t.readonlyArray(t.string)
const units = t.type({ mean: t.number, deviation: t.number })
const column = t.intersection([
  t.type({ name: t.string, kind: t.keyof({ number: null, category: null, boolean: null }) }),
  t.partial({ labels, missing: t.union([t.number, t.string, t.boolean]) }),
])
const description = t.type({
  by: t.literal('pullback train'),
  version: t.literal(1),
  columns: t.readonlyArray(column),
  target: t.union([
    t.type({ name: t.string, kind: t.literal('classes'), labels }),
    t.type({ name: t.string, kind: t.literal('number'), units }),
  ]),
  network: t.type({
    hidden: t.readonlyArray(t.number),
    activation: t.keyof(activations),
    dropout: t.number,
  }),
  validation: t.record(t.string, t.number),
})

/** The metadata of a model's file. The columns are a list, since records in files have no order. */
export type Description = t.TypeOf<typeof description>

/** The columns of a schema but the target and those that are ignored, in order. */
export const columnsIn = (schema: TableSchema, target: string): Description['columns'] =>
  Object.entries(schema).flatMap(([name, given]) =>
    name === target || given.kind === 'ignored' || given.kind === 'decoded'
      ? []
      : [JSON.parse(JSON.stringify({ name, ...given })) as Description['columns'][number]],
  )

/** The schema that tables are read by. The target is not read unless it is wanted. */
export const schemaIn = ({ columns, target }: Description, isTold: boolean): TableSchema => {
  const inputs = columns.map(({ name, ...column }) => [name, column as Column] as const)
  const told: Column = target.kind === 'classes' ? { kind: 'category', labels: target.labels } : { kind: 'number' }
  return schemaOf({ ...Object.fromEntries(inputs), [target.name]: isTold ? told : { kind: 'ignored' } })
}

export const architectureOf = ({
  columns,
  target,
  network,
}: Pick<Description, 'columns' | 'target' | 'network'>): Architecture => ({
  ...network,
  categories: columns.map(({ kind, labels = [] }) => (kind === 'category' ? labels.length : 0)),
  outputs: target.kind === 'classes' ? target.labels.length : 1,
})

export interface TableModel {
  readonly file: string
  readonly network: Network
  readonly variables: Variables<unknown, unknown>
  readonly description: Description
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  )

/** A model from its file, or from the folder that `train` left. */
export const loadTableModel = async (path: string): Promise<TableModel> => {
  const file = (await isFolder(path)) ? join(path, 'model.safetensors') : path
  const bytes = found(await loadBytes(file)())
  const read = fromBytes(t.type({ params: t.unknown, state: t.unknown, metadata: description }))(bytes)
  if (read._tag === 'Left') {
    const isOther = read.left.reason === 'Mismatch' || read.left.reason === 'OtherFormat'
    const [expected, actual] = ['a model that pullback train has saved', 'another file']
    throw new FormatError({ ...read.left, file, ...(isOther ? { expected, actual, remedy: undefined } : {}) })
  }
  const { metadata } = read.right
  const network = networkOf(architectureOf(metadata))
  const model = modelFromBytes(network)(bytes)
  if (model._tag === 'Left') throw new FormatError({ ...model.left, file })
  return { file, network, variables: model.right, description: metadata }
}
