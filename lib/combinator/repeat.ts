import { StructureError, ValueError } from '../error/tensorError.ts'
import { checkLayer, isLayer } from '../layer/checkLayer.ts'
import type { AnyLayer, Empty, In, Layer, Out, Params, State } from '../layer/layer.ts'
import { describe } from '../tensor/data.ts'
import type { Any, Fits, ShowPort } from '../type/port.ts'
import { compose } from './compose.ts'
import { named } from './named.ts'
import type { Given } from './through.ts'

type Whole<N extends number> = number extends N
  ? false
  : `${N}` extends `-${string}` | `${string}.${string}`
    ? false
    : true
type Tuple<N extends number, R extends readonly unknown[] = []> = R['length'] extends N ? R : Tuple<N, [...R, 0]>
/** The names '0', '1', … up to but not including N. */
type Indices<N extends number> = Whole<N> extends false ? `${number}` : Extract<keyof Tuple<N>, `${number}`>
/** N records of one type, named '0', '1', …; no records if the type has no names. */
export type Repeated<N extends number, P> = keyof P extends never ? Empty : { readonly [K in Indices<N>]: P }

/** The layer itself if its output fits its input; otherwise a sentence. */
export type Homogeneous<L extends AnyLayer> =
  unknown extends In<L>
    ? L
    : In<L> extends Any
      ? L
      : Given<L, In<L>> extends infer Y
        ? Y extends string
          ? Y
          : Fits<In<L>, Y> extends true
            ? L
            : `gives ${ShowPort<Y>}, which the next one does not take: it takes ${ShowPort<In<L>>}`
        : never

/**
 * Layers of one type one after another, whose number only the program knows. Their parameters and state are named '0',
 * '1', …; an empty stack is the identity. Wrap two stacks of one chain in `named`.
 *
 * @example
 * import { compose, init, key, linear, stack, tanh } from 'pullback'
 * const tower = stack([1, 2, 3].map(() => compose(linear(4, 4), tanh)))
 * init(tower, key(0)).params['2']?.W.shape // => [4, 4]
 */
export const stack = <L extends AnyLayer>(
  layers: readonly (L extends Homogeneous<L> ? L : Homogeneous<L>)[],
): Layer<In<L>, Out<L>, Repeated<number, Params<L>>, Repeated<number, State<L>>> => {
  if (!Array.isArray(layers))
    throw new StructureError({
      op: 'stack',
      expected: 'a list of layers',
      actual: isLayer(layers) ? `a layer, ${layers.kind}` : describe(layers),
      remedy: 'give it as stack([…])',
    })
  for (const [i, layer] of layers.entries()) checkLayer('stack', layer, 'layers', ` at index ${i}`)
  return (compose as unknown as (...all: readonly AnyLayer[]) => AnyLayer)(
    ...layers.map((layer, i) => named(`${i}`, layer as AnyLayer) as AnyLayer),
  )
}

/**
 * Repeats a layer n times, each with its own parameters and state, named '0', '1', …. Its output must fit its input.
 *
 * @example
 * import { compose, count, linear, repeat, tanh } from 'pullback'
 * count(repeat(8, compose(linear(4, 4), tanh))) // => 160
 */
export const repeat = <const N extends number, const L extends AnyLayer>(
  n: N,
  layer: L extends Homogeneous<L> ? L : Homogeneous<L>,
): Layer<In<L>, Out<L>, Repeated<N, Params<L>>, Repeated<N, State<L>>> => {
  if (!Number.isInteger(n) || n < 0)
    throw new ValueError({
      op: 'repeat',
      expected: 'a whole number of times',
      actual: isLayer(n) ? `a layer, ${n.kind}` : describe(n),
      remedy: isLayer(n) ? 'the number comes first: repeat(3, layer)' : undefined,
    })
  checkLayer('repeat', layer)
  return stack(Array.from({ length: n }, () => layer as AnyLayer)) as never
}
