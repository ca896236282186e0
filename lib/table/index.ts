export type {
  BooleanColumn,
  CategoryColumn,
  Column,
  IgnoredColumn,
  InferredColumn,
  InferredSchema,
  NumberColumn,
} from '../type/table.ts'
export type { Built } from './build.ts'
export type { DecodedColumn } from './codec.ts'
export type { Values } from './column.ts'
export { type As, type InferOptions, inferSchema } from './infer.ts'
export { TableError, type TableIssue } from './issue.ts'
export type { ReadOptions } from './read.ts'
export { type RawTable, readTable, type Table, type TableOptions } from './readTable.ts'
export { refill } from './refill.ts'
export { type GivenSchema, schemaOf, type TableSchema } from './schema.ts'
export { type SourceOptions, tableSource } from './tableSource.ts'
export type { TableInput, WebStream } from './text.ts'
export {
  type ClassExamples,
  type ExampleOptions,
  type Features,
  type InputExamples,
  type NumberExamples,
  type TargetKind,
  toExamples,
} from './toExamples.ts'
export type { ColumnsOf } from './typed.ts'
export { type AddedColumns, type WriteOptions, writeCsv } from './writeCsv.ts'
