// Blocks of an image as channels, and back.

import { ShapeError } from '../../error/tensorError.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { transpose } from '../../op/shape/transpose.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Shape } from '../../type/tensor.ts'
import { ofTensor, tensorOf, type Value } from '../value.ts'
import type { Operator, Operators } from './operator.ts'

/** The sizes of images [batch, channels, height, width]. */
const sizesOf = (op: string, { dims }: Value): readonly [number, number, number, number] => {
  if (dims.length !== 4)
    throw new ShapeError({ op, expected: '[batch, channels, height, width]', actual: showShape(dims) })
  return dims as unknown as readonly [number, number, number, number]
}
const turned = (v: Value, apart: Shape, order: readonly number[], to: Shape): Value =>
  ofTensor(reshape(transpose(reshape(tensorOf(v), apart as never), order as never), to as never), v.kind)

const depthToSpace: Operator = (node) => {
  const [k, mode] = [node.int('blocksize', 1), node.text('mode', 'DCR')]
  if (mode !== 'DCR' && mode !== 'CRD') node.refuse(`the mode ${mode}`)
  return (x) => {
    const v = x as Value
    const [n, c, h, w] = sizesOf(node.op, v)
    const to = [n, c / k ** 2, h * k, w * k]
    if (mode === 'CRD') return [turned(v, [n, c / k ** 2, k, k, h, w], [0, 1, 4, 2, 5, 3], to)]
    return [turned(v, [n, k, k, c / k ** 2, h, w], [0, 3, 4, 1, 5, 2], to)]
  }
}

const spaceToDepth: Operator = (node) => {
  const k = node.int('blocksize', 1)
  return (x) => {
    const v = x as Value
    const [n, c, h, w] = sizesOf(node.op, v)
    return [turned(v, [n, c, h / k, k, w / k, k], [0, 3, 5, 1, 2, 4], [n, c * k ** 2, h / k, w / k])]
  }
}

export const spaces: Operators = { DepthToSpace: depthToSpace, SpaceToDepth: spaceToDepth }
