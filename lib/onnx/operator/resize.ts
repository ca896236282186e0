// Images enlarged by whole factors, each entry repeated.

import { ShapeError } from '../../error/tensorError.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Tensor } from '../../type/tensor.ts'
import { lastOf, ofLast, type Value } from '../value.ts'
import { knownOf, needKnown, type Operator, type Operators } from './operator.ts'

const repeated = (v: Value, factors: readonly number[]): Value => {
  const [batch, channels, ...over] = factors
  if (batch !== 1 || channels !== 1 || !over.every((k) => Number.isInteger(k) && k >= 1) || v.dims.length < 3)
    throw new ShapeError({ op: 'Resize', expected: 'images and whole factors', actual: showShape(factors) })
  const x = lastOf(v)
  const [n = 0, ...sizes] = x.shape.slice(0, -1)
  const c = x.shape.at(-1) as number
  const apart = reshape(x, [n, ...sizes.flatMap((m) => [m, 1]), c] as never)
  const spread = broadcast(apart, [n, ...sizes.flatMap((m, i) => [m, over[i] as number]), c])
  return ofLast(reshape(spread, [n, ...sizes.map((m, i) => m * (over[i] as number)), c] as never) as Tensor)
}

const resize: Operator = (node) => {
  const mode = node.text('mode', 'nearest')
  const transformation = node.text('coordinate_transformation_mode', 'half_pixel')
  const rounding = node.text('nearest_mode', 'round_prefer_floor')
  for (const name of ['exclude_outside', 'antialias']) if (node.int(name, 0) !== 0) node.refuse(name)
  node.float('cubic_coeff_a', -0.75)
  node.float('extrapolation_value', 0)
  if (node.ints('axes') !== undefined) node.refuse('axes')
  if (node.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch') node.refuse('keep_aspect_ratio_policy')
  // These repeat each entry where the factor is whole; other ways shift them.
  const known = [
    'asymmetric floor',
    'half_pixel round_prefer_floor',
    'half_pixel round_prefer_ceil',
    'pytorch_half_pixel round_prefer_floor',
  ]
  if (mode !== 'nearest') node.refuse(`the mode ${mode}`)
  else if (!known.includes(`${transformation} ${rounding}`)) node.refuse(`${transformation} with ${rounding}`)
  const at = node.opset < 11 ? 1 : 2
  needKnown(node, at, 'factors')
  needKnown(node, 3, 'sizes')
  return (x, ...given) => {
    const v = x as Value
    const [factors, sizes] = [given[at - 1], given[2]]
    const isBySize = sizes !== undefined && at === 2
    const by = isBySize ? knownOf(node, 3, sizes).map((n, i) => n / (v.dims[i] as number)) : knownOf(node, at, factors)
    node.room(v.dims.map((n, i) => n * (by[i] ?? 1)))
    return [repeated(v, by)]
  }
}

/** Factors are an attribute up to version 8, an input in version 9, which is the last. */
const upsample: Operator = (node) => {
  if (node.text('mode', 'nearest') !== 'nearest') node.refuse('modes other than nearest')
  const old = node.floats('scales')
  needKnown(node, 1, 'factors')
  return (x, factors) => [repeated(x as Value, old ?? knownOf(node, 1, factors))]
}

export const resizing: Operators = { Resize: resize, Upsample: upsample }
