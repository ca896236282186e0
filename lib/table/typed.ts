import type * as t from 'io-ts'
import type { BooleanColumn, CategoryColumn, IgnoredColumn, NumberColumn } from '../type/table.ts'
import type { DecodedColumn } from './codec.ts'
import type { Values } from './column.ts'
import type { GivenSchema } from './schema.ts'

type Labels = t.StringType | t.KeyofType<never> | t.LiteralType<never>
type IsLabels<C> = C extends CategoryColumn | { readonly _tag: Labels['_tag'] }
  ? true
  : C extends { readonly _tag: 'UnionType'; readonly types: readonly { readonly _tag: 'LiteralType' | 'KeyofType' }[] }
    ? true
    : false

/** The type of a column's values, by how the column is read. */
type ValuesOf<C> = C extends NumberColumn | t.NumberType
  ? Float64Array
  : C extends BooleanColumn | t.BooleanType
    ? Uint8Array
    : IsLabels<C> extends true
      ? Int32Array
      : C extends DecodedColumn
        ? readonly unknown[]
        : C extends t.Type<infer A, infer _O, infer _I>
          ? readonly A[]
          : Values

/** The columns of a table, by its schema, without the ignored ones. */
export type ColumnsOf<S extends GivenSchema> = S extends { readonly props: infer P extends t.Props }
  ? { readonly [K in keyof P]: ValuesOf<P[K]> }
  : { readonly [K in keyof S as S[K] extends IgnoredColumn ? never : K]: ValuesOf<S[K]> }
