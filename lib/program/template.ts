// The structure of arguments and results: which parts are tensors, which are numbers, and what else there is.
import { Boxed } from '../diff/boxed.ts'
import { sameShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import { isBranch } from '../tree/tree.ts'
import type { AnyTensor, DType, Shape } from '../type/tensor.ts'

/** A structure. Tensors and numbers have indices in the order in which they were found. */
export type Template =
  | { readonly tag: 'tensor'; readonly index: number; readonly shape: Shape; readonly dtype: DType }
  | { readonly tag: 'number'; readonly index: number }
  | { readonly tag: 'other'; readonly value: unknown }
  | { readonly tag: 'record'; readonly isArray: boolean; readonly parts: readonly (readonly [string, Template])[] }

/** The tensors and the numbers of a value. */
export interface Parts {
  readonly tensors: AnyTensor[]
  readonly numbers: number[]
}

/** The structure of a value, and its parts. Where numbers are not parts, they belong to the structure. */
export const templateOf = (value: unknown, isNumber: (x: unknown) => boolean, parts: Parts): Template => {
  if (isTensor(value)) {
    parts.tensors.push(value)
    return { tag: 'tensor', index: parts.tensors.length - 1, shape: value.shape, dtype: value.dtype }
  }
  if (isNumber(value)) {
    parts.numbers.push(value as number)
    return { tag: 'number', index: parts.numbers.length - 1 }
  }
  if (!isBranch(value)) return { tag: 'other', value }
  const record = value as Readonly<Record<string, unknown>>
  return {
    tag: 'record',
    isArray: Array.isArray(value),
    parts: Object.keys(record).map((name) => [name, templateOf(record[name], isNumber, parts)] as const),
  }
}

/** The structure of arguments. If the numbers of the first one are slots, they are its parts; others belong to it. */
export const argumentsOf = (args: readonly unknown[], hasSlots: boolean, parts: Parts): Template => ({
  tag: 'record',
  isArray: true,
  parts: args.map((x, i) => [`${i}`, templateOf(x, (n) => hasSlots && i === 0 && typeof n === 'number', parts)]),
})

/** The functions and objects in a structure that are neither records nor tensors. */
export const objectsOf = (template: Template): readonly unknown[] => {
  if (template.tag === 'record') return template.parts.flatMap(([, part]) => objectsOf(part))
  if (template.tag !== 'other') return []
  const { value } = template
  return typeof value === 'function' || (typeof value === 'object' && value !== null) ? [value] : []
}

/** Collects the parts of a value; false if it has another structure, or holds traced or mapped tensors. */
export type Collect = (value: unknown, parts: Parts) => boolean

/** The function that collects the parts of values of a structure. */
export const collector = (template: Template): Collect => {
  switch (template.tag) {
    case 'tensor': {
      const { index, shape, dtype } = template
      return (value, { tensors }) => {
        if (!isTensor(value) || value instanceof Boxed) return false
        tensors[index] = value
        return value.dtype === dtype && sameShape(value.shape, shape)
      }
    }
    case 'number': {
      const { index } = template
      return (value, { numbers }) => {
        numbers[index] = value as number
        return typeof value === 'number'
      }
    }
    case 'other':
      return (value) => Object.is(value, template.value)
    default: {
      const { isArray } = template
      const parts = template.parts.map(([name, part]) => [name, collector(part)] as const)
      return (value, found) => {
        if (!isBranch(value) || Array.isArray(value) !== isArray) return false
        if (Object.keys(value).length !== parts.length) return false
        for (const [name, collect] of parts)
          if (!Object.hasOwn(value, name) || !collect(value[name], found)) return false
        return true
      }
    }
  }
}

/** A value of a structure, from a function that gives its tensors, and from its numbers. */
export type Build = (tensor: (index: number, shape: Shape) => unknown, numbers: readonly number[]) => unknown

/** The function that builds values of a structure. `at` tells where the number with an index is among the numbers. */
export const builder = (template: Template, at: (index: number) => number = (index) => index): Build => {
  switch (template.tag) {
    case 'tensor': {
      const { index, shape } = template
      return (tensor) => tensor(index, shape)
    }
    case 'number': {
      const from = at(template.index)
      return (_, numbers) => numbers[from]
    }
    case 'other':
      return () => template.value
    default: {
      const parts = template.parts.map(([name, part]) => [name, builder(part, at)] as const)
      if (template.isArray) return (tensor, numbers) => parts.map(([, make]) => make(tensor, numbers))
      if (parts.some(([name]) => name === '__proto__'))
        return (tensor, numbers) => Object.fromEntries(parts.map(([name, make]) => [name, make(tensor, numbers)]))
      return (tensor, numbers) => {
        const made: Record<string, unknown> = {}
        for (const [name, make] of parts) made[name] = make(tensor, numbers)
        return made
      }
    }
  }
}

/** How the parts of a result become those of an argument of the same structure; undefined if it has another one. */
export const alike = (
  result: Template,
  argument: Template,
): readonly { readonly tag: 'tensor' | 'number'; readonly from: number; readonly to: number }[] | undefined => {
  if (result.tag === 'tensor' && argument.tag === 'tensor')
    return result.dtype === argument.dtype && sameShape(result.shape, argument.shape)
      ? [{ tag: 'tensor', from: result.index, to: argument.index }]
      : undefined
  if (result.tag === 'number' && argument.tag === 'number')
    return [{ tag: 'number', from: result.index, to: argument.index }]
  if (result.tag === 'other' && argument.tag === 'other')
    return Object.is(result.value, argument.value) ? [] : undefined
  if (result.tag !== 'record' || argument.tag !== 'record') return undefined
  if (result.isArray !== argument.isArray || result.parts.length !== argument.parts.length) return undefined
  const named = new Map(argument.parts)
  const all = result.parts.map(([name, part]) => {
    const other = named.get(name)
    return other && alike(part, other)
  })
  return all.includes(undefined) ? undefined : all.flatMap((part) => part ?? [])
}

/** The first or second part of a pair. */
export const half = (pair: Template, i: 0 | 1): Template => {
  const part = pair.tag === 'record' ? pair.parts[i]?.[1] : undefined
  if (part === undefined) throw new TypeError('half: expected the structure of a pair')
  return part
}
