import { conv2d as operation } from '../op/conv2d.ts'
import { windowing } from '../op/window.ts'
import { checkShape, sizeOf } from '../tensor/shape.ts'
import type { Fn } from '../type/port.ts'
import type { Tensor } from '../type/tensor.ts'
import type { Both, Padding, Pair, Slid, WindowOptions } from '../type/window.ts'
import { fanIn } from './fanIn.ts'
import type { Initializer, Layer, Leaf, Spec } from './layer.ts'
import { checkPort } from './port.ts'
import { stateless } from './stateless.ts'

type Images = Tensor<readonly [number, number, number, number]>

/** Of what size images [height, width, channels] come out of a convolution. */
export interface Convolved<O extends number, K extends Pair, S extends Pair, P extends Padding> extends Fn {
  readonly out: Slid<this['in'], K, S, P> extends infer Y
    ? Y extends readonly [infer H extends number, infer W extends number]
      ? readonly [H, W, O]
      : Y
    : never
}

/** The parameters of a convolution: kernels [out, height, width, in], and a number to add for each. */
export type Conv2dParams<C extends number, O extends number, K extends Pair> = {
  readonly W: Tensor<readonly [O, ...Both<K>, C]>
  readonly b: Tensor<readonly [O]>
}

/**
 * Each kernel at each place of an image: `op.conv2d` as a layer, from [height, width, in] to [height′, width′, out] for images of
 * any size. W is [out, kernel height, kernel width, in], b is [out]; both are drawn uniformly from ±1/√(numbers in a kernel),
 * as PyTorch does, unless other initialisers are given. Stride 1 and padding 0 unless given.
 *
 * An input of other channels, and one smaller than the kernel, are a `ShapeError`, at compile time where the sizes are known
 * there: begin the chain with `input([height, width, channels])`.
 *
 * @example
 * import { compose, conv2d, flatten, input, linear, maxPool2d, named, relu, summary } from 'pullback'
 * const net = compose(
 *   input([28, 28, 1]),
 *   named('C', conv2d(1, 8, { kernel: 3, padding: 'same' })),
 *   relu,
 *   maxPool2d(2),
 *   flatten,
 *   named('L', linear(1568, 10)),
 * )
 * summary(net).split('\n')[3] // => 'C      conv2d     [28, 28, 8]          80'
 */
export const conv2d = <
  const C extends number,
  const O extends number,
  const K extends Pair,
  const S extends Pair = 1,
  const P extends Padding = 0,
>(
  inputs: C,
  outputs: O,
  {
    kernel,
    W: drawW,
    b: drawB,
    ...options
  }: { readonly kernel: K; readonly W?: Initializer; readonly b?: Initializer } & WindowOptions<S, P>,
): Layer<readonly [number, number, C], Convolved<O, K, S, P>, Conv2dParams<C, O, K>> => {
  checkShape('conv2d', [inputs, outputs])
  windowing('conv2d', kernel, options)
  const sizes = (typeof kernel === 'number' ? [kernel, kernel] : kernel) as unknown as Both<K>
  const port: readonly [number, number, C] = [-1, -1, inputs]
  const draw = fanIn(sizeOf([...sizes, inputs]))
  const W: Leaf<readonly [O, ...Both<K>, C]> = { shape: [outputs, ...sizes, inputs], draw: drawW ?? draw }
  const b: Leaf<readonly [O]> = { shape: [outputs], draw: drawB ?? draw }
  type Own = Conv2dParams<C, O, K>
  return stateless<typeof port, Convolved<O, K, S, P>, Own>('conv2d', port, { W, b } as Spec<Own>, (params, x) => {
    checkPort('conv2d', port, x)
    const [value, back] = operation.pull(x as Images, params.W as Tensor as Images, params.b, options)
    return [
      value,
      (dy) => {
        const [dx, dW, db] = back(dy) as readonly [() => Tensor, () => Own['W'], () => Own['b']]
        return { params: () => ({ W: dW(), b: db() }), input: dx }
      },
    ]
  })
}
