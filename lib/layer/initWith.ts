import { StructureError } from '../error/tensorError.ts'
import type { Initializer } from '../initializer/initializer.ts'
import type { Key } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import type { Path } from '../tree/path.ts'
import { isBranch } from '../tree/tree.ts'
import type { Float } from '../type/tensor.ts'
import { checkLayer } from './checkLayer.ts'
import type { AnyLayer, Layer, Leaf } from './layer.ts'
import { declarations, drawn, type Variables } from './variables.ts'

/** Initializers by the paths of parameters. A path that names no parameter has an error message as its type. */
export type Chosen<P, C> = {
  readonly [N in keyof C]: N extends Path<P> ? Initializer : `no parameter has the path '${N & string}'`
}

type Precision = { readonly dtype?: Float | undefined }

/**
 * Works like `init`, with other initializers for some parameters: a record of initializers by path, or a function that
 * is called for each path and may return undefined to keep the default. Each parameter is still drawn from its own key,
 * made from the given key and its path. Pass the result to a training run as
 * `start(layer, optimizer, key, { variables })`.
 *
 * A path that names no parameter is a compile error, and a `StructureError`.
 *
 * @example
 * import { compose, initializer, initWith, key, linear, named, relu, toNested } from 'pullback'
 * const net = compose(named('L1', linear(3, 2)), relu, named('L2', linear(2, 1)))
 * const byPath = initWith(net, key(0), { 'L1.W': initializer.heNormal, 'L2.W': initializer.zeros })
 * toNested(byPath.params.L2.W) // => [[0, 0]]
 * const byRule = initWith(net, key(0), (path) => (path.endsWith('.b') ? initializer.zeros : undefined))
 * toNested(byRule.params.L1.b) // => [0, 0]
 */
export function initWith<I, O, P, S>(
  layer: Layer<I, O, P, S>,
  key: Key,
  choose: (path: Path<P>, leaf: Leaf) => Initializer | undefined,
  options?: Precision,
): Variables<P, S>
export function initWith<I, O, P, S, const C extends { readonly [path: string]: unknown }>(
  layer: Layer<I, O, P, S>,
  key: Key,
  choices: C & Chosen<P, C>,
  options?: Precision,
): Variables<P, S>
export function initWith(
  layer: AnyLayer,
  key: Key,
  choice: { readonly [path: string]: Initializer } | ((path: never, leaf: Leaf) => Initializer | undefined),
  options: Precision = {},
): Variables<unknown, unknown> {
  checkLayer('initWith', layer)
  if (typeof choice === 'function' && choice.length > 2)
    throw new StructureError({
      op: 'initWith',
      expected: 'a function of a path that gives an initializer',
      actual: 'an initializer',
      remedy: '() => heNormal gives one for all parameters, though a bias has no fans',
    })
  if (typeof choice === 'function')
    return drawn('initWith', layer, key, options, (path, leaf) => choice(path as never, leaf) ?? leaf.draw)
  if (!isBranch(choice))
    throw new StructureError({
      op: 'initWith',
      expected: "initializers by path, as in { 'L1.W': heNormal }, or a function of a path",
      actual: describe(choice),
    })
  const paths = declarations(layer.params).map(([path]) => path)
  for (const [path, chosen] of Object.entries(choice)) {
    if (!paths.includes(path))
      throw new StructureError({
        op: 'initWith',
        expected: paths.length === 0 ? 'no paths' : `paths among ${paths.join(', ')}`,
        actual: `'${path}'`,
        code: 'unknown-name',
      })
    if (typeof chosen !== 'function')
      throw new StructureError({ op: 'initWith', expected: `an initializer for '${path}'`, actual: describe(chosen) })
  }
  return drawn('initWith', layer, key, options, (path, leaf) =>
    Object.hasOwn(choice, path) ? (choice[path] as Initializer) : leaf.draw,
  )
}
