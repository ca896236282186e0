import * as t from 'io-ts'
import { describe } from '../tensor/data.ts'
import { sameShape, showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import { type Branch, isBranch } from '../tree/tree.ts'
import type { Issue, TaggedError } from './issue.ts'

type Report = (tag: Issue['_tag'], path: readonly string[], expected: string, actual: string) => void

const shown = (u: unknown): string => (isTensor(u) ? `${u.dtype} ${showShape(u.shape)}` : describe(u))
/** The kind of value that a template stands for. */
const wanted = (template: unknown): string =>
  isTensor(template) || isBranch(template)
    ? shown(template)
    : template === null || template === undefined
      ? `${template}`
      : `a ${typeof template}`

/** A value with the names of a template, in the template's order; differences are reported. */
const conform = (template: unknown, u: unknown, path: readonly string[], report: Report): unknown => {
  const differs = (tag: Issue['_tag']): unknown => {
    report(tag, path, wanted(template), shown(u))
    return u
  }
  if (isTensor(template)) {
    if (!isTensor(u)) return differs('Invalid')
    if (!sameShape(template.shape, u.shape)) return differs('WrongShape')
    return template.dtype === u.dtype ? u : differs('WrongFormat')
  }
  if (!isBranch(template)) {
    const same = template === null ? u === null : typeof u === typeof template && !isBranch(u)
    return same ? u : differs('Invalid')
  }
  if (!isBranch(u) || Array.isArray(u) !== Array.isArray(template)) return differs('Invalid')
  const names = Object.keys(template)
  for (const name of Object.keys(u))
    if (!Object.hasOwn(template, name))
      leaves(u[name], [...path, name], (at, v) => report('Extra', at, 'nothing', shown(v)))
  const made = names.flatMap((name): readonly (readonly [string, unknown])[] => {
    const below = [...path, name]
    if (Object.hasOwn(u, name)) return [[name, conform((template as Branch)[name], u[name], below, report)]]
    leaves((template as Branch)[name], below, (at, v) => report('Missing', at, wanted(v), 'nothing'))
    return []
  })
  return Array.isArray(template) ? made.map(([, v]) => v) : Object.fromEntries(made)
}

/** All leaves of a value, with their paths of names. A record within itself is not visited again. */
const leaves = (
  u: unknown,
  path: readonly string[],
  visit: (path: readonly string[], leaf: unknown) => void,
  around: readonly unknown[] = [],
): void => {
  if (isBranch(u) && Object.keys(u).length > 0 && !around.includes(u))
    for (const name of Object.keys(u)) leaves(u[name], [...path, name], visit, [...around, u])
  else visit(path, u)
}

/**
 * The io-ts codec for the structure of a template: at each of its names a tensor of the same shape and number format, a
 * number for a number, a string for a string. The template is the start of a layer or of a run: `init(net, key(0))`,
 * `start(net, optimizer, key(0))`. Decoded values have their names in the template's order. It composes with the codecs
 * of io-ts, for states with a part of any structure.
 *
 * @example
 * import { adam, codecOf, init, key, linear, sgd, start } from 'pullback'
 * const net = linear(3, 2)
 * const codec = codecOf(start(net, adam(), key(0)))
 * codec.is(start(net, adam(1e-4), key(1))) // => true
 * codec.is(start(net, sgd(0.1), key(0))) // => false
 */
export const codecOf = <T>(template: T): t.Type<T> => {
  const codec: t.Type<T> = new t.Type<T>(
    'a value of the structure of a template',
    (u): u is T => codec.decode(u)._tag === 'Right',
    (u, context) => {
      const errors: TaggedError[] = []
      const value = conform(template, u, [], (tag, path, expected, actual) =>
        errors.push({
          value: u,
          context: [...context, ...path.map((key) => ({ key, type: codec }))],
          message: `expected ${expected}, got ${actual}`,
          tag,
        }),
      )
      return errors.length === 0 ? t.success(value as T) : t.failures(errors)
    },
    t.identity,
  )
  return codec
}
