import type { AnyLayer, In, Out } from '../layer/layer.ts'
import type { Any, Apply, Fits, Fn, Known, ShowPort } from '../type/port.ts'
import type { Shape } from '../type/tensor.ts'

/** The output of a layer, which may depend on its input X. */
export type Through<O, X> = O extends Fn ? Apply<O, X> : O

/** True if a port has sizes that only the program knows. */
export type Open<X> = X extends Shape ? (number extends X[number] ? true : false) : false

/** The output for an input X, which may know more of its sizes than the layer does; a sentence if X does not fit. */
export type Given<L extends AnyLayer, X> = X extends Any
  ? Through<Out<L>, In<L>>
  : Fits<In<L>, X> extends true
    ? Through<Out<L>, Known<In<L>, X>>
    : `takes ${ShowPort<In<L>>}, but is given ${ShowPort<X>}`
