import { ShapeError, StructureError, within } from '../error/tensorError.ts'
import { foldIn, type Key } from '../random/key.ts'
import { sameShape, showShape, sizeOf } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { Float, Tensor } from '../type/tensor.ts'
import type { AnyLayer, Layer, Leaf } from './layer.ts'

/** The numbers of a layer: its parameters, which are trained, and its state, which it keeps itself. */
export interface Variables<P, S> {
  readonly params: P
  readonly state: S
}

type Branch = { readonly [name: string]: unknown }
const isLeaf = (spec: unknown): spec is Leaf => typeof (spec as { readonly draw?: unknown }).draw === 'function'

/** A declaration folded into a record of values, by name. */
const build = <A>(
  spec: unknown,
  at: A,
  step: (at: A, name: string) => A,
  leaf: (leaf: Leaf, at: A) => unknown,
): unknown =>
  isLeaf(spec)
    ? leaf(spec, at)
    : Object.fromEntries(
        Object.entries(spec as Branch).map(([name, s]) => [name, build(s, step(at, name), step, leaf)]),
      )

/**
 * The first parameters and state of a layer. Each is drawn from a key of its own, made from the given key and the names on
 * the way to it: adding a layer changes no other layer's weights. float32 unless asked otherwise.
 *
 * @example
 * import { init, key, linear, named } from 'pullback'
 * init(named('L1', linear(3, 2)), key(0)).params.L1.W.shape // => [2, 3]
 */
export const init = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
  key: Key,
  { dtype = 'float32' }: { readonly dtype?: Float } = {},
): Variables<P, S> => {
  const draw = (spec: unknown): unknown => build(spec, key, foldIn, ({ shape, draw }, k) => draw(k, shape, dtype))
  return { params: draw(layer.params) as P, state: draw(layer.state) as S }
}

/** What a layer declares, as one list: dotted names and shapes. */
const declarations = (spec: unknown): readonly (readonly [path: string, leaf: Leaf])[] => {
  const found: (readonly [string, Leaf])[] = []
  build(
    spec,
    [] as readonly string[],
    (path, name) => [...path, name],
    (leaf, path) => found.push([path.join('.'), leaf]),
  )
  return found
}

/**
 * The number of parameters: of numbers, not of tensors.
 *
 * @example
 * import { count, linear } from 'pullback'
 * count(linear(784, 128)) // => 100480
 */
export const count = (layer: AnyLayer): number =>
  declarations(layer.params).reduce((n, [, { shape }]) => n + sizeOf(shape), 0)

const check = (what: string, spec: unknown, given: unknown): void => {
  if (isLeaf(spec)) {
    if (!isTensor(given))
      throw new StructureError({ op: what, expected: `a tensor ${showShape(spec.shape)}`, actual: String(given) })
    if (!sameShape(given.shape, spec.shape))
      throw new ShapeError({ op: what, expected: showShape(spec.shape), actual: showShape(given.shape) })
    return
  }
  const names = Object.keys(spec as Branch)
  const found = typeof given === 'object' && given !== null && !isTensor(given) ? Object.keys(given) : []
  const missing = names.filter((name) => !found.includes(name))
  const extra = found.filter((name) => !names.includes(name))
  if (missing.length > 0 || extra.length > 0)
    throw new StructureError({
      op: what,
      expected: names.length === 0 ? 'no names' : `the names ${names.join(', ')}`,
      actual: [
        ...missing.map((name) => `none with the name ${name}`),
        ...extra.map((name) => `one too many: ${name}`),
      ].join(', '),
    })
  for (const name of names) within(name, () => check(what, (spec as Branch)[name], (given as Branch)[name]))
}

const checked = new WeakMap<AnyLayer, WeakSet<object>>()

/**
 * Checks that parameters and state have the names and shapes that a layer declares: missing, extra and misshapen entries are
 * errors that say where. Records are immutable, so each is looked at once.
 */
export const checkVariables = (layer: AnyLayer, { params, state }: Variables<unknown, unknown>): void => {
  const seen = checked.get(layer) ?? new WeakSet()
  checked.set(layer, seen)
  for (const [what, spec, given] of [
    ['parameters', layer.params, params],
    ['state', layer.state, state],
  ] as const) {
    if (typeof given === 'object' && given !== null && seen.has(given)) continue
    check(what, spec, given)
    seen.add(given as object)
  }
}

/** Records that the library itself made from checked ones need no second look. */
export const trustVariables = (layer: AnyLayer, { params, state }: Variables<unknown, unknown>): void => {
  checked
    .get(layer)
    ?.add(params as object)
    .add(state as object)
}

/** A record of tensors made from a layer's declared parameters, or state. */
export const fromSpec = (spec: unknown, make: (leaf: Leaf) => Tensor): unknown => build(spec, null, () => null, make)
