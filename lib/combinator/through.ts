import type { AnyLayer, In, Out } from '../layer/layer.ts'
import type { Any, Apply, Fits, Fn, Known, ShowPort } from '../type/port.ts'
import type { Shape } from '../type/tensor.ts'

/** An output, for an input X where it depends on that. */
export type Through<O, X> = O extends Fn ? Apply<O, X> : O

/** Whether a port has sizes that only the program knows. */
export type Open<X> = X extends Shape ? (number extends X[number] ? true : false) : false

/** What a layer gives for an input X, which may tell more of its sizes than the layer does; a sentence where X does not fit. */
export type Given<L extends AnyLayer, X> = X extends Any
  ? Through<Out<L>, In<L>>
  : Fits<In<L>, X> extends true
    ? Through<Out<L>, Known<In<L>, X>>
    : `takes ${ShowPort<In<L>>}, but is given ${ShowPort<X>}`
