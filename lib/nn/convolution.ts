import type { Operation } from '../diff/primitive.ts'
import { checkOptions } from '../error/options.ts'
import { checkInitial } from '../initializer/checkInitial.ts'
import { fanIn } from '../initializer/fanIn.ts'
import type { Initializer } from '../initializer/initializer.ts'
import type { Layer, Leaf, Spec } from '../layer/layer.ts'
import { fromPull } from '../layer/stateless.ts'
import { checkGroups } from '../op/window/convolution.ts'
import { checkShape, sizeOf } from '../tensor/shape.ts'
import { fixed } from '../tree/fixed.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import type { ConvolutionOptions } from '../type/window.ts'

type Own = { readonly W: Tensor; readonly b: Tensor }
type Convolve = (x: Tensor, W: Tensor, b: Tensor, options: ConvolutionOptions) => Tensor

/** The initializers of the parameters, if not PyTorch's. */
export interface Initial {
  readonly W?: Initializer | undefined
  readonly b?: Initializer | undefined
}

/**
 * Checks the options of a convolution and copies them, so that later changes by the caller have no effect. An unknown
 * option is an error, and so is a value that is not an initializer.
 */
export const convolutionOptions = <O extends object>(op: string, options: O): O => {
  checkOptions(op, options, ['kernel', 'stride', 'padding', 'dilation', 'groups', 'W', 'b'])
  checkInitial(op, options, ['W', 'b'])
  return fixed(options)
}

/** A convolution layer of any rank, from its operation and the sizes of its kernels. */
export const convolution = (
  operation: Operation<never>,
  inputs: number,
  outputs: number,
  sizes: Shape,
  { W: drawW, b: drawB, ...options }: ConvolutionOptions & Initial,
): Layer<Shape, Shape, Own> => {
  const { operation: kind, pull } = operation as unknown as Operation<Convolve>
  const { groups = 1 } = options
  checkShape(kind, [inputs, outputs])
  checkGroups(kind, groups, inputs, outputs)
  const port = [...sizes.map(() => -1), inputs]
  const kernel = [...sizes, inputs / groups]
  const draw = fanIn(sizeOf(kernel))
  const W: Leaf = { shape: [outputs, ...kernel], draw: drawW ?? draw }
  const b: Leaf = { shape: [outputs], draw: drawB ?? draw }
  return fromPull<Shape, Shape, Own>(kind, port, { W, b } as Spec<Own>, (x, W, b) =>
    pull(x, W as Tensor, b as Tensor, options),
  )
}
