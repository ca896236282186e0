// A recurrent network of several layers, or of both directions: its parts by the names that PyTorch gives them.
import type { Mul } from '../../type/nat.ts'
import type { RecurrentParams } from './cell.ts'

/** 'l0', 'l0_reverse', 'l1', …: layers and directions, as names of weights end in PyTorch. */
export type PartName<N extends number, B extends boolean, Done extends readonly unknown[] = []> = number extends N
  ? `l${number}` | `l${number}_reverse`
  : Done['length'] extends N
    ? never
    :
        | `l${Done['length'] & number}`
        | (B extends true ? `l${Done['length'] & number}_reverse` : never)
        | PartName<N, B, [...Done, unknown]>

/** X itself for one layer in one direction; else one for each layer and direction, by name. */
export type EachPart<N extends number, B extends boolean, X> = [N, B] extends [1, false]
  ? X
  : { readonly [K in PartName<N, B>]: X }

/** The features of an output: twice as many for both directions. */
export type WidthOf<H extends number, B extends boolean> = B extends true ? Mul<H, 2> : H

/** The parameters of each layer and direction. Layers behind the first take the outputs of the one before. */
export type StackedParams<I extends number, H extends number, N extends number, B extends boolean> = [N, B] extends [
  1,
  false,
]
  ? RecurrentParams<I, number, H>
  : {
      readonly [K in PartName<N, B>]: RecurrentParams<K extends 'l0' | 'l0_reverse' ? I : WidthOf<H, B>, number, H>
    }

/** The names of the directions of each layer. A part that is alone has the name ''. */
export const partNames = (layers: number, isBoth: boolean): readonly (readonly string[])[] =>
  layers === 1 && !isBoth
    ? [['']]
    : Array.from({ length: layers }, (_, i) => (isBoth ? [`l${i}`, `l${i}_reverse`] : [`l${i}`]))

/** A part of a record; the record itself is the part that is alone. */
export const partOf = <A>(record: unknown, name: string): A =>
  (name === '' ? record : (record as { readonly [name: string]: unknown })[name]) as A

/** The inverse of `partOf`. */
export const fromParts = <A>(parts: ReadonlyMap<string, A>): unknown => parts.get('') ?? Object.fromEntries(parts)
