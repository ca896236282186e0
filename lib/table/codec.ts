import type * as t from 'io-ts'
import { StructureError } from '../error/tensorError.ts'
import type { Column } from '../type/table.ts'

/** A column whose texts an io-ts codec decodes; with `of: 'number'` the codec receives numbers. */
export interface DecodedColumn {
  readonly kind: 'decoded'
  readonly codec: t.Decoder<unknown, unknown>
  readonly of: 'text' | 'number'
}

/** The fields that distinguish io-ts codecs. */
interface Tagged extends t.Mixed {
  readonly _tag?: string
  readonly keys?: { readonly [label: string]: unknown }
  readonly value?: unknown
  readonly types?: readonly Tagged[]
  readonly type?: Tagged
  readonly props?: t.Props
}

export const isCodec = (u: unknown): u is t.Mixed =>
  typeof u === 'object' && u !== null && 'decode' in u && typeof u.decode === 'function' && 'validate' in u

/** The labels that a codec allows: it must be `t.keyof`, a literal, or a union of these. */
const labelsOf = ({ _tag, keys, value, types = [] }: Tagged): readonly string[] | undefined => {
  if (_tag === 'KeyofType') return Object.keys(keys ?? {})
  if (_tag === 'LiteralType') return [String(value)]
  if (_tag !== 'UnionType') return undefined
  const all = types.map(labelsOf)
  return all.includes(undefined) ? undefined : [...new Set(all.flatMap((labels) => labels ?? []))]
}

const refines = (codec: Tagged | undefined): boolean =>
  codec?._tag === 'NumberType' || (codec?._tag === 'RefinementType' && refines(codec.type))

/** The column that corresponds to a codec. */
export const columnOf = (codec: t.Mixed): Column | DecodedColumn => {
  const { _tag } = codec as Tagged
  if (_tag === 'NumberType') return { kind: 'number' }
  if (_tag === 'BooleanType') return { kind: 'boolean' }
  if (_tag === 'StringType') return { kind: 'category' }
  const labels = labelsOf(codec as Tagged)
  if (labels !== undefined) return { kind: 'category', labels }
  return { kind: 'decoded', codec, of: refines(codec as Tagged) ? 'number' : 'text' }
}

/** The codecs of the names of a row: those of `t.type`, even if it is exact, read-only or refined. */
export const propsOf = (codec: t.Mixed): t.Props => {
  const { props, type } = codec as Tagged
  if (props !== undefined) return props
  if (type !== undefined) return propsOf(type)
  throw new StructureError({
    op: 'schemaOf',
    expected: 'a record of columns, or t.type of io-ts',
    actual: codec.name,
  })
}
