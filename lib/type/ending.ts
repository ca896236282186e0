// Shapes given by their last sizes only: [28, 28, 64] and [64] both end in [64].
import type { Any, Fn, ShowPort } from './port.ts'
import type { FitsShape, ShowShape } from './shape.ts'
import type { Shape } from './tensor.ts'

/** The shape X with its last sizes checked against T, each as precise as either has it; never where they differ. */
type Ended<X extends Shape, T extends Shape, Done extends Shape = readonly []> = number extends X['length']
  ? X
  : T extends readonly [...infer Ts extends Shape, infer N extends number]
    ? X extends readonly [...infer Xs extends Shape, infer M extends number]
      ? FitsShape<readonly [M], readonly [N]> extends true
        ? Ended<Xs, Ts, readonly [M & N, ...Done]>
        : never
      : never
    : readonly [...X, ...Done]

type Listed<T extends Shape> = ShowShape<T> extends `[${infer Sizes}` ? `[…, ${Sizes}` : never

/** The output has the shape of the input, whose last sizes must be those of T. */
export interface Ending<T extends Shape> extends Fn {
  readonly same: true
  readonly out: this['in'] extends Any
    ? Any
    : this['in'] extends infer X extends Shape
      ? [Ended<X, T>] extends [never]
        ? `takes ${Listed<T>}, but the layer before gives ${ShowPort<X>}`
        : Ended<X, T>
      : `takes one tensor, but the layer before gives ${ShowPort<this['in']>}`
}
