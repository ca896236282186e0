import { checkOptions } from '../error/options.ts'
import { DTypeError, ShapeError, within } from '../error/tensorError.ts'
import type { Initializer } from '../initializer/initializer.ts'
import { checkKey, foldIn, type Key } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import { sameShape, showShape, sizeOf } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import type { Batch, Port } from '../type/port.ts'
import type { Float, Shape, Tensor } from '../type/tensor.ts'
import { checkLayer } from './checkLayer.ts'
import type { AnyLayer, Layer, Leaf } from './layer.ts'
import { emptyBatch } from './port.ts'

/** The numbers of a layer: its parameters, which are trained, and its state, which the layer updates itself. */
export interface Variables<P, S> {
  readonly params: P
  readonly state: S
}

export type Branch = { readonly [name: string]: unknown }
/** True if the declaration is that of a single parameter. */
export const isLeaf = (spec: unknown): spec is Leaf => typeof (spec as { readonly draw?: unknown }).draw === 'function'

/** Builds a record of values from declarations, and passes each leaf the value accumulated along its path. */
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

/** Checks that an initializer returned the requested shape and number format. */
const checkDrawn = (t: Tensor, shape: Shape, dtype: Float): Tensor => {
  if (!isTensor(t) || !sameShape(t.shape, shape))
    throw new ShapeError({
      op: 'init',
      expected: `an initializer that gives ${showShape(shape)}`,
      actual: isTensor(t) ? showShape(t.shape) : describe(t),
    })
  if (t.dtype !== dtype)
    throw new DTypeError({ op: 'init', expected: `an initializer that gives ${dtype}`, actual: t.dtype })
  return t
}

/**
 * The initial parameters and state of a layer. Each is drawn from its own key, made from the given key and the names on
 * the path to it, so adding a layer does not change the weights of the others. The number format is float32 unless
 * `dtype` says otherwise. Sizes that the compiler does not know are checked here: the layer runs once on an empty
 * minibatch, unless it takes examples of any size. An initializer that returns another shape or number format than
 * requested is a `ShapeError` or a `DTypeError` that names the parameter.
 *
 * @example
 * import { init, key, linear, named } from 'pullback'
 * init(named('L1', linear(3, 2)), key(0)).params.L1.W.shape // => [2, 3]
 */
export const init = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
  key: Key,
  options: { readonly dtype?: Float | undefined } = {},
): Variables<P, S> => {
  checkLayer('init', layer)
  return drawn('init', layer, key, options, (_, leaf) => leaf.draw)
}

/** Works like `init`, with each parameter drawn by the initializer chosen for its path. */
export const drawn = <I, O, P, S>(
  op: string,
  layer: Layer<I, O, P, S>,
  key: Key,
  options: { readonly dtype?: Float | undefined },
  chosen: (path: string, leaf: Leaf) => Initializer,
): Variables<P, S> => {
  checkOptions(op, options, ['dtype'])
  const { dtype = 'float32' } = options
  if (dtype !== 'float32' && dtype !== 'float64')
    throw new DTypeError({ op, expected: 'float32 or float64', actual: describe(dtype), code: 'unknown-choice' })
  checkKey(op, key)
  type Place = { readonly around: Key; readonly key: Key; readonly path: readonly string[] }
  const draw = (spec: unknown, by: typeof chosen, keyAt: (key: Key, name: string) => Key): unknown =>
    build(
      spec,
      { around: key, key, path: [] } as Place,
      (at, name) => ({ around: at.key, key: keyAt(at.key, name), path: [...at.path, name] }),
      (leaf, at) => {
        const path = at.path.join('.')
        const own = leaf.sharesKey ? at.around : at.key
        return within(path, () => checkDrawn(by(path, leaf)(own, leaf.shape, dtype), leaf.shape, dtype))
      },
    )
  const params = draw(layer.params, chosen, foldIn) as P
  /** Frozen parameters draw the same initial values as trained ones. */
  const keyOfState = (key: Key, name: string): Key => (name === 'frozen' ? key : foldIn(key, name))
  const variables = { params, state: draw(layer.state, (_, leaf) => leaf.draw, keyOfState) as S }
  const x = emptyBatch(layer.input as Port, dtype) as Batch<I> | undefined
  if (x !== undefined) layer.apply(variables.params, variables.state, { mode: 'eval' }, x)
  return variables
}

/** The declarations of a layer as a flat list of dotted names and leaves. */
export const declarations = (spec: unknown): readonly (readonly [path: string, leaf: Leaf])[] => {
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
 * The number of parameters, counted as numbers, not as tensors.
 *
 * @example
 * import { count, linear } from 'pullback'
 * count(linear(784, 128)) // => 100480
 */
export const count = (layer: AnyLayer): number => {
  checkLayer('count', layer)
  return declarations(layer.params).reduce((n, [, { shape }]) => n + sizeOf(shape), 0)
}

/** The names and shapes of declarations, as text. */
export const shapes = (spec: unknown): string =>
  declarations(spec)
    .map(([path, { shape }]) => `${path === '' ? '' : `${path}: `}${showShape(shape)}`)
    .join(', ')

/** A record of tensors made from the declarations of a layer's parameters or state. */
export const fromSpec = (spec: unknown, make: (leaf: Leaf) => Tensor): unknown => build(spec, null, () => null, make)
