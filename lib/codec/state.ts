// A state is a tree of tensors and JSON: parameters, a whole training run, further data. It is divided into tensors
// under flat names, and a JSON skeleton with a mark in the place of each tensor.
import { FormatError } from '../error/fileError.ts'
import { StructureError } from '../error/tensorError.ts'
import { describe, remedyFor } from '../tensor/data.ts'
import { isTensor } from '../tensor/view.ts'
import { type Branch, isBranch } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { metadataName } from './safetensors/format.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** The largest depth of a state; a deeper one is cyclic, or an attempt to exhaust the stack. */
export const deepest = 1000

/** The mark of a tensor, and those of values that JSON lacks. A string that begins with # is escaped. */
const tensorMark = '#tensor'
const values: ReadonlyMap<string, number | undefined> = new Map([
  ['#undefined', undefined],
  ['#NaN', Number.NaN],
  ['#Infinity', Number.POSITIVE_INFINITY],
  ['#-Infinity', Number.NEGATIVE_INFINITY],
  ['#-0', -0],
])

const marked = (x: number): Json => (Number.isFinite(x) && !Object.is(x, -0) ? x : `#${Object.is(x, -0) ? '-0' : x}`)

/**
 * The path to a tensor as one name: joined by dots, with dots within a name escaped, so that different paths give
 * different names. A tensor that is the whole state has the empty name.
 */
export const flatName = (path: readonly string[]): string => {
  const name = path.map((part) => part.replace(/[\\.]/g, '\\$&')).join('.')
  return name === metadataName ? `\\${name}` : name
}

export interface Parts {
  readonly tensors: readonly (readonly [name: string, tensor: AnyTensor])[]
  readonly skeleton: Json
}

/** Divides a state into its parts. The names of its records are sorted, so that equal states have equal parts. */
export const takeApart = (op: string, state: unknown): Parts => {
  const tensors: (readonly [string, AnyTensor])[] = []
  const refused = (u: unknown, path: readonly string[], actual = describe(u)): StructureError =>
    new StructureError({
      op,
      path: path.slice(0, 20),
      expected: 'a tensor, a record, an array, a number, a string, a boolean, null or undefined',
      actual,
      remedy: remedyFor(u) ?? 'leave the name out, or keep it in another form',
    })
  const go = (u: unknown, path: readonly string[]): Json => {
    if (path.length > deepest) throw refused(u, path, 'a record that contains itself')
    if (isTensor(u)) {
      tensors.push([flatName(path), u])
      return tensorMark
    }
    if (typeof u === 'number') return marked(u)
    if (typeof u === 'string') return u.startsWith('#') ? `#${u}` : u
    if (u === undefined) return '#undefined'
    if (typeof u === 'boolean' || u === null) return u
    if (Array.isArray(u)) return Array.from(u, (v, i) => go(v, [...path, `${i}`]))
    if (!isBranch(u) || remedyFor(u) !== undefined) throw refused(u, path)
    const names = Object.keys(u).sort()
    return Object.fromEntries(names.map((name) => [name, go((u as Branch)[name], [...path, name])]))
  }
  const skeleton = go(state, [])
  return { tensors, skeleton }
}

const bad = (expected: string, actual: string, entry?: string): FormatError =>
  new FormatError({ format: 'pullback', reason: 'BadState', expected, actual, entry })

/** Restores a state from its parts; each of the tensors must have its place in it. */
export const putTogether = (skeleton: unknown, tensors: { readonly [name: string]: AnyTensor }): unknown => {
  const used = new Set<string>()
  const tensorAt = (path: readonly string[]): AnyTensor => {
    const name = flatName(path)
    if (!Object.hasOwn(tensors, name)) throw bad('a tensor', 'no tensor of that name', name)
    used.add(name)
    return tensors[name] as AnyTensor
  }
  const go = (u: unknown, path: readonly string[]): unknown => {
    if (path.length > deepest)
      throw new FormatError({
        format: 'pullback',
        reason: 'TooDeep',
        expected: `records nested up to ${deepest} deep`,
        actual: 'deeper ones',
      })
    if (typeof u === 'string' && u.startsWith('#')) {
      if (u === tensorMark) return tensorAt(path)
      if (u.startsWith('##')) return u.slice(1)
      if (!values.has(u)) throw bad('the mark of a tensor or of a number', `'${u}'`, flatName(path))
      return values.get(u)
    }
    if (Array.isArray(u)) return u.map((v, i) => go(v, [...path, `${i}`]))
    if (typeof u !== 'object' || u === null) return u
    return Object.fromEntries(Object.entries(u).map(([name, v]) => [name, go(v, [...path, name])]))
  }
  const state = go(skeleton, [])
  const extra = Object.keys(tensors).find((name) => !used.has(name))
  if (extra !== undefined) throw bad('a place for each tensor', 'none', extra)
  return state
}
