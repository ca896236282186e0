import { type AnyLayer, none } from '../../layer/layer.ts'
import type { AnyTensor, Shape, Tensor } from '../../type/tensor.ts'
import { axesIn } from '../layout/layout.ts'
import { layouts } from '../layout/layouts.ts'
import { axesTurned } from '../turn.ts'

/** Tensors by name, or such records of the parts of a layer. */
export type Tensors = { readonly [name: string]: AnyTensor | Tensors }

/** The way in which a layer joins the outputs of several others. */
export type Join = (xs: readonly Tensor[]) => Tensor

/** A layer that stands for one of Keras, with its variables. */
export interface Piece {
  readonly layer: AnyLayer
  readonly params: Tensors
  readonly state: Tensors
  /** The layer behind it that stands for its activation. */
  readonly after?: AnyLayer | undefined
  /** True for a layer of whole numbers. */
  readonly takesTokens?: boolean | undefined
  /** How it makes one of the outputs of several layers; undefined for a layer of one. */
  readonly join?: Join | undefined
  /** The shape of what it gives for examples of some shapes, in which −1 is any size. */
  readonly gives: (shape: Shape, ...others: readonly Shape[]) => Shape
}

/** A piece without variables, which keeps the shape of its input unless it is said to give another. */
export const plain = (layer: AnyLayer, gives: Piece['gives'] = (shape) => shape): Piece => ({
  layer,
  params: none,
  state: none,
  gives,
})

/** A weight of Keras in the order of axes that it has here, by the table of layers. */
export const turned = (layer: string, name: string, tensor: AnyTensor): AnyTensor => {
  const row = layouts.find((r) => r.layer === layer)?.variables?.find((v) => v.name === name)
  const here = row?.axes ?? ''
  const there = row?.keras?.axes ?? here
  const shape = axesIn(here).map((axis) => tensor.shape[axesIn(there).indexOf(axis)] as number)
  return axesTurned(shape, here, there).from(tensor)
}
