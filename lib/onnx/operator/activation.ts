// Functions of each entry with options: activations, bounds, number formats.
import { elu } from '../../op/activation/elu.ts'
import { gelu, geluTanh } from '../../op/activation/gelu.ts'
import { hardtanh } from '../../op/activation/hardtanh.ts'
import { leakyRelu } from '../../op/activation/leakyRelu.ts'
import { mish } from '../../op/activation/mish.ts'
import { prelu } from '../../op/activation/prelu.ts'
import { maskAbove, relu } from '../../op/activation/relu.ts'
import { softplus } from '../../op/activation/softplus.ts'
import { softsign } from '../../op/activation/softsign.ts'
import { cast } from '../../op/elementwise/cast.ts'
import { maximum, minimum } from '../../op/elementwise/maximum.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sigmoid } from '../../op/elementwise/sigmoid.ts'
import { tanh } from '../../op/elementwise/tanh.ts'
import type { Float, Tensor } from '../../type/tensor.ts'
import { dataTypes, showType } from '../dataType.ts'
import { floatsOf, formatOf, type Kind, mapped, ofNumbers, ofTensor, scalarOf, tensorOf, type Value } from '../value.ts'
import { together } from './arithmetic.ts'
import type { Node, Operator, Operators } from './operator.ts'

type Entrywise = (x: Tensor) => Tensor

/** A value as tensors, where it was known numbers. */
const asTensor = (v: Value): Value =>
  v.tensor !== undefined || v.last !== undefined ? v : ofTensor(floatsOf(v), v.kind)

/** An operator that applies a function, made of the node's attributes, to each entry. */
const each =
  (make: (node: Parameters<Operator>[0]) => Entrywise): Operator =>
  (node) => {
    const f = make(node)
    return (x) => [mapped(asTensor(x as Value), f)]
  }

const hardSigmoid =
  (alpha: number, beta: number): Entrywise =>
  (x) =>
    hardtanh(shift(scale(x, alpha), beta), 0, 1)

/** Bounds are attributes up to version 10, inputs since; those that are not known are tensors of one number. */
const clip: Operator = (node) => {
  const old =
    node.opset < 11 ? [node.float('min', -3.4028234663852886e38), node.float('max', 3.4028234663852886e38)] : []
  return (x, least, largest) => {
    const v = x as Value
    const isOpen = [least, largest].some((bound) => bound !== undefined && bound.numbers === undefined)
    if (isOpen) {
      const above = least === undefined ? v : together(node, [v, least], maximum, v.kind)
      return [largest === undefined ? above : together(node, [above, largest], minimum, v.kind)]
    }
    const min = (least && scalarOf(least)) ?? old[0] ?? Number.NEGATIVE_INFINITY
    const max = (largest && scalarOf(largest)) ?? old[1] ?? Number.POSITIVE_INFINITY
    if (v.numbers !== undefined)
      return [
        ofNumbers(
          v.dims,
          Float64Array.from(v.numbers, (y) => Math.min(max, Math.max(min, y))),
          v.kind,
        ),
      ]
    return [mapped(v, (t) => hardtanh(t, min, max))]
  }
}

/** Learned slopes, which repeat to the shape of the input. */
const preluOperator: Operator = (node) => (x, slope) => [
  together(node, [x as Value, slope as Value], (a, b) => prelu(a, b), 'float'),
]

/** A value as another kind of numbers. */
const castTo = (v: Value, kind: Kind, dtype: Float): Value => {
  const convert = kind === 'int' ? Math.trunc : kind === 'bool' ? (y: number) => (y === 0 ? 0 : 1) : (y: number) => y
  if (v.numbers !== undefined) {
    const found = Float64Array.from(v.numbers, convert)
    return ofNumbers(v.dims, kind === 'float' && dtype === 'float32' ? Float32Array.from(found) : found, kind)
  }
  if (kind === v.kind && kind !== 'float') return v
  if (kind === 'bool') return ofTensor(nonZero(floatsOf({ ...v, tensor: cast(tensorOf(v), 'float32') })), 'bool')
  if (kind === 'int') return ofTensor(cast(tensorOf(v), 'int32'), 'int')
  return mapped(v, (t) => cast(t, dtype))
}

/** What is said of floats of 8 bits, which are not read. */
const skipRounding = (node: Node): void => {
  node.int('saturate', 1)
  node.text('round_mode', 'up')
}

const castOperator: Operator = (node) => {
  const to = node.int('to', 0)
  skipRounding(node)
  const type = dataTypes.get(to)
  if (type === undefined) node.refuse(`numbers as ${showType(to)}`)
  const { kind, numbers } = type ?? { kind: 'float', numbers: { dtype: 'float32' } }
  return (x) => [castTo(x as Value, kind, numbers.dtype as Float)]
}

/** As the numbers of another tensor are. */
const castLike: Operator = (node) => {
  skipRounding(node)
  return (x, like) => [
    castTo(x as Value, (like as Value).kind, formatOf(like as Value) === 'float64' ? 'float64' : 'float32'),
  ]
}

/** 1 where x is not 0, else 0. */
const nonZero = (x: Tensor): Tensor => hardtanh(scale(mul(x, x), 3.4e38), 0, 1)

export const activation: Operators = {
  Relu: each(() => relu),
  Sigmoid: each(() => sigmoid),
  Tanh: each(() => tanh),
  Softsign: each(() => softsign),
  Softplus: each(() => (x) => softplus(x)),
  Mish: each(() => mish),
  LeakyRelu: each((node) => {
    const alpha = node.float('alpha', 0.01)
    return (x) => leakyRelu(x, alpha)
  }),
  Elu: each((node) => {
    const alpha = node.float('alpha', 1)
    return (x) => elu(x, alpha)
  }),
  Celu: each((node) => {
    const alpha = node.float('alpha', 1)
    return (x) => scale(elu(scale(x, 1 / alpha)), alpha)
  }),
  ThresholdedRelu: each((node) => {
    const alpha = node.float('alpha', 1)
    return (x) => maskAbove(x, x, alpha)
  }),
  Selu: each((node) => {
    const [alpha, gamma] = [node.float('alpha', 1.6732631921768188), node.float('gamma', 1.0507010221481323)]
    return (x) => scale(elu(x, alpha), gamma)
  }),
  HardSigmoid: each((node) => hardSigmoid(node.float('alpha', 0.2), node.float('beta', 0.5))),
  HardSwish: each(() => (x) => mul(x, hardSigmoid(1 / 6, 0.5)(x))),
  Gelu: each((node) => (node.text('approximate', 'none') === 'tanh' ? geluTanh : gelu)),
  PRelu: preluOperator,
  Clip: clip,
  Cast: castOperator,
  CastLike: castLike,
  Swish: each((node) => {
    const alpha = node.float('alpha', 1)
    return (x) => mul(x, sigmoid(scale(x, alpha)))
  }),
}
