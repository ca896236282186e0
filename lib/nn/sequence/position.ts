import { checkOptions } from '../../error/options.ts'
import { ShapeError } from '../../error/tensorError.ts'
import { checkInitial } from '../../initializer/checkInitial.ts'
import { normal } from '../../initializer/drawn.ts'
import type { Initializer } from '../../initializer/initializer.ts'
import { derived } from '../../layer/derived.ts'
import { any, type Layer, none } from '../../layer/layer.ts'
import { checkSteps } from '../../layer/timed.ts'
import { add } from '../../op/elementwise/add.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { slice } from '../../op/shape/slice.ts'
import { floatDType } from '../../tensor/data.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Sub } from '../../type/nat.ts'
import type { Any, Fn, Same } from '../../type/port.ts'
import type { Tensor } from '../../type/tensor.ts'
import { angle, tableOf } from './rotary.ts'
import { checkSizes } from './weights.ts'

const checkSequence = (kind: string, x: Tensor): void => {
  floatDType(kind, x)
  if (x.shape.length !== 3)
    throw new ShapeError({ op: kind, expected: 'sequences [batch, steps, features]', actual: showShape(x.shape) })
  checkSteps(kind, x)
}

/**
 * Adds to each step of a sequence [steps, features] waves of its place p: in feature 2i sin(p / 10000^(2i / features)),
 * in feature 2i + 1 the cosine of the same. It has no parameters and takes any length.
 *
 * Vaswani et al., "Attention is all you need" (2017).
 *
 * @example
 * import { init, key, predict, sinusoidalPosition, toNested, zeros } from 'pullback'
 * const layer = sinusoidalPosition
 * toNested(predict(layer, init(layer, key(0)), zeros([1, 1, 4]))) // => [[[0, 1, 0, 1]]]
 */
export const sinusoidalPosition: Layer<Any, Same> = /* @__PURE__ */ derived<Any, Same, typeof none>(
  'sinusoidalPosition',
  any,
  none as never,
  ({ x }: { readonly x: Tensor }) => {
    checkSequence('sinusoidalPosition', x)
    const [, steps, features] = x.shape as readonly [number, number, number]
    const wave = (place: number, i: number): number => {
      const a = angle(place, i - (i % 2), features)
      return i % 2 === 0 ? Math.sin(a) : Math.cos(a)
    }
    return add(x, broadcast(tableOf(steps, features, x.dtype, wave), x.shape) as never) as Tensor
  },
)

/** The sequence itself, or a sentence about one that is longer than N steps. */
export interface Placed<N extends number> extends Fn {
  readonly out: this['in'] extends readonly [infer T extends number, number]
    ? [Sub<N, T>] extends [never]
      ? `there are ${N} places, but ${T} steps`
      : this['in']
    : this['in']
}

/**
 * Adds to each step of a sequence [steps, features] a learned vector of its place: the first rows of W [length,
 * features], drawn from a normal distribution of deviation 0.02 unless another initializer is given. Sequences may be
 * shorter than `length`; a longer one is a `ShapeError`.
 *
 * @example
 * import { init, key, learnedPosition, predict, zeros } from 'pullback'
 * const layer = learnedPosition(16, 4)
 * predict(layer, init(layer, key(0)), zeros([2, 10, 4])).shape // => [2, 10, 4]
 */
export const learnedPosition = <const N extends number, const F extends number>(
  length: N,
  features: F,
  options: { readonly W?: Initializer | undefined } = {},
): Layer<readonly [number, F], Placed<N>, { readonly W: Tensor<readonly [N, F]> }> => {
  checkOptions('learnedPosition', options, ['W'])
  checkInitial('learnedPosition', options, ['W'])
  checkSizes('learnedPosition', { steps: length, features })
  const W = { shape: [length, features], draw: options.W ?? normal({ deviation: 0.02 }) }
  type Params = { readonly W: Tensor<readonly [N, F]> }
  return derived<readonly [number, F], Placed<N>, Params>(
    'learnedPosition',
    [-1, features] as never,
    { W } as never,
    ({ params, x }: { readonly params: Params; readonly x: Tensor }) => {
      checkSteps('learnedPosition', x)
      const steps = x.shape[1] as number
      if (steps > length)
        throw new ShapeError({
          op: 'learnedPosition',
          expected: `sequences of at most ${length} steps`,
          actual: showShape(x.shape),
        })
      const rows = slice(params.W as unknown as Tensor, [[0, steps]]) as Tensor
      return add(x, broadcast(rows, x.shape) as never) as Tensor
    },
  )
}
