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

/** Collects the parts of a value of a structure; false if it has another structure, or traced or mapped tensors. */
export const collect = (template: Template, value: unknown, { tensors, numbers }: Parts): boolean => {
  switch (template.tag) {
    case 'tensor':
      if (!isTensor(value) || value instanceof Boxed) return false
      tensors[template.index] = value
      return value.dtype === template.dtype && sameShape(value.shape, template.shape)
    case 'number':
      numbers[template.index] = value as number
      return typeof value === 'number'
    case 'other':
      return Object.is(value, template.value)
    default: {
      if (!isBranch(value) || Array.isArray(value) !== template.isArray) return false
      if (Object.keys(value).length !== template.parts.length) return false
      for (const [name, part] of template.parts)
        if (!Object.hasOwn(value, name) || !collect(part, value[name], { tensors, numbers })) return false
      return true
    }
  }
}

/** A value of a structure from its parts. */
export const build = (
  template: Template,
  tensor: (index: number, shape: Shape) => unknown,
  number: (index: number) => number,
): unknown => {
  switch (template.tag) {
    case 'tensor':
      return tensor(template.index, template.shape)
    case 'number':
      return number(template.index)
    case 'other':
      return template.value
    default: {
      if (template.isArray) return template.parts.map(([, part]) => build(part, tensor, number))
      const made: Record<string, unknown> = {}
      for (const [name, part] of template.parts) made[name] = build(part, tensor, number)
      return made
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
