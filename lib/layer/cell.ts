import type { Ints } from '../type/port.ts'
import type { Shape } from '../type/tensor.ts'
import type { Layer } from './layer.ts'

/** A port with a time axis in front: a sequence of any length. */
export type Timed<X> = X extends Shape
  ? readonly [number, ...X]
  : X extends Ints<infer S>
    ? Ints<readonly [number, ...S]>
    : { readonly [K in keyof X]: Timed<X[K]> }

/** One step of a recurrence: a layer from an input and a carry to an output and the next carry. */
export type Cell<X, C, Y, P, S> = Layer<
  { readonly input: X; readonly carry: C },
  { readonly output: Y; readonly carry: C },
  P,
  S
>
