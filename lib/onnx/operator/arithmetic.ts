// Operators on each entry: of one tensor, of two that repeat to one shape, or of known numbers.
import { untraced } from '../../diff/untraced.ts'
import { maskAbove } from '../../op/activation/relu.ts'
import { abs } from '../../op/elementwise/abs.ts'
import { add } from '../../op/elementwise/add.ts'
import { cast } from '../../op/elementwise/cast.ts'
import { div } from '../../op/elementwise/div.ts'
import { maximum, minimum } from '../../op/elementwise/maximum.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { power } from '../../op/elementwise/power.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { floor } from '../../op/step/rounding.ts'
import { ones } from '../../tensor/create.ts'
import { indexOf, sizeOf } from '../../tensor/shape.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import {
  floatsOf,
  formatOf,
  type Kind,
  lastOf,
  mapped,
  ofLast,
  ofNumbers,
  ofTensor,
  scalarOf,
  type Value,
} from '../value.ts'
import { broadcastDims, type Node, type Operator, type Operators } from './operator.ts'
import { not } from './unary.ts'

/** 1 where x is above 0, else 0, without a derivative. */
const isAbove = (x: Tensor): Tensor => maskAbove(ones(x.shape, x.dtype) as Tensor, untraced(x))

interface Two {
  readonly tensor: (a: Tensor, b: Tensor) => Tensor
  readonly number: (a: number, b: number) => number
  readonly kind?: Kind
  /** The same with a number as the second. */
  readonly by?: (x: Tensor, k: number) => Tensor
  readonly isSymmetric?: boolean
}

const greater = (a: Tensor, b: Tensor): Tensor => isAbove(sub(untraced(a), untraced(b)))
const equal = (a: Tensor, b: Tensor): Tensor => not(add(greater(a, b), greater(b, a)))

const ofTwo: Readonly<Record<string, Two>> = {
  Add: { tensor: add, number: (a, b) => a + b, by: shift, isSymmetric: true },
  Sub: { tensor: sub, number: (a, b) => a - b, by: (x, k) => shift(x, -k) },
  Mul: { tensor: mul, number: (a, b) => a * b, by: scale, isSymmetric: true },
  Div: { tensor: div, number: (a, b) => a / b },
  Max: { tensor: maximum, number: Math.max },
  Min: { tensor: minimum, number: Math.min },
  Mod: { tensor: (a, b) => sub(a, mul(b, floor(div(a, b)))), number: (a, b) => a - b * Math.floor(a / b) },
  Greater: { tensor: greater, number: (a, b) => +(a > b), kind: 'bool' },
  Less: { tensor: (a, b) => greater(b, a), number: (a, b) => +(a < b), kind: 'bool' },
  GreaterOrEqual: { tensor: (a, b) => not(greater(b, a)), number: (a, b) => +(a >= b), kind: 'bool' },
  LessOrEqual: { tensor: (a, b) => not(greater(a, b)), number: (a, b) => +(a <= b), kind: 'bool' },
  Equal: { tensor: equal, number: (a, b) => +(a === b), kind: 'bool' },
  And: { tensor: mul, number: (a, b) => a * b, kind: 'bool' },
  Or: { tensor: maximum, number: Math.max, kind: 'bool' },
  Xor: { tensor: (a, b) => abs(sub(a, b)), number: (a, b) => +(a !== b), kind: 'bool' },
}

/** The index of an entry in a shape that repeats to another. */
const placeIn = (dims: Shape, index: readonly number[]): number =>
  dims.reduce((at, n, i) => at * n + (n === 1 ? 0 : (index[index.length - dims.length + i] as number)), 0)

/** A function of known numbers that repeat to one shape. */
const onNumbers = (values: readonly Value[], dims: Shape, f: (...xs: number[]) => number): Float64Array =>
  Float64Array.from({ length: sizeOf(dims) }, (_, i) => {
    const index = indexOf(i, dims)
    return f(...values.map((v) => v.numbers?.[placeIn(v.dims, index)] as number))
  })

/** A function of tensors, or of known numbers, that repeat to one shape. */
export const together = (node: Node, values: readonly Value[], f: (...xs: Tensor[]) => Tensor, kind: Kind): Value => {
  const dims = values.map((v) => v.dims).reduce(broadcastDims, [])
  node.room(dims)
  const isInt = values.some((v) => v.kind === 'int')
  const floats = values.filter((v) => v.kind !== 'bool')
  const dtype = isInt ? 'float64' : ([...floats, ...values].map(formatOf).find((d) => d !== undefined) ?? 'float32')
  const isLast = !isInt && dims.length > 2 && values.some((v) => v.last !== undefined && v.dims.length === dims.length)
  const order = isLast ? [dims[0] as number, ...dims.slice(2), dims[1] as number] : dims
  const tensors = values.map((v) => {
    const x = isLast ? lastOf(v, dims.length, dtype) : floatsOf(v, dtype)
    return broadcast(isInt || v.kind === 'bool' ? cast(x, dtype) : x, order) as Tensor
  })
  const y = f(...tensors)
  if (isLast) return ofLast(y, kind)
  return isInt && kind === 'int' ? ofTensor(cast(y, 'int32'), 'int') : ofTensor(y, kind)
}

const kindOf = (values: readonly Value[]): Kind => values.find((v) => v.kind !== 'bool')?.kind ?? 'bool'

const binary =
  ({ tensor, number, kind, by, isSymmetric }: Two): Operator =>
  (node) => {
    if (node.op === 'Mod' && node.int('fmod', 0) !== 0) node.refuse('fmod')
    const pair = (a: Value, b: Value): Value => {
      const result = kind ?? kindOf([a, b])
      if (a.numbers !== undefined && b.numbers !== undefined) {
        const dims = broadcastDims(a.dims, b.dims)
        node.room(dims)
        const f = node.op === 'Div' && result === 'int' ? (x: number, y: number) => Math.trunc(x / y) : number
        return ofNumbers(dims, onNumbers([a, b], dims, f), result)
      }
      const k = scalarOf(b)
      if (by !== undefined && k !== undefined && result === 'float' && b.dims.length <= a.dims.length)
        return mapped(a, (x) => by(x, k))
      if (isSymmetric === true && scalarOf(a) !== undefined && scalarOf(b) === undefined) return pair(b, a)
      return together(node, [a, b], tensor as (...xs: Tensor[]) => Tensor, result)
    }
    return (first, ...others) => [(others as readonly Value[]).reduce(pair, first as Value)]
  }

/** a where the condition holds, else b. A number that is not taken, such as an infinity, leaves no trace. */
const choose: Operator = (node) => (c, x, y) => {
  const values = [c, x, y] as readonly Value[]
  const kind = kindOf([x as Value, y as Value])
  if (values.every((v) => v.numbers !== undefined)) {
    const dims = values.map((v) => v.dims).reduce(broadcastDims, [])
    node.room(dims)
    return [
      ofNumbers(
        dims,
        onNumbers(values, dims, (t, a, b) => (t !== 0 ? a : b)),
        kind,
      ),
    ]
  }
  const taken = (t: Tensor, a: Tensor, b: Tensor): Tensor => add(maskAbove(a, t), maskAbove(b, not(t)))
  return [together(node, values, (t, a, b) => taken(untraced(t), a, b), kind)]
}

/** A power with a known exponent: a whole one, or a half of one, by products; any other of numbers above 0. */
const powerOperator: Operator = (node) => {
  const known = node.isKnown(0) && node.isKnown(1)
  const k = scalarOf(node.constant(1) ?? ofNumbers([0], []))
  if (!known && k === undefined) node.refuse('an exponent that is not one known number')
  return (x, y) => {
    const [a, b] = [x as Value, y as Value]
    const dims = broadcastDims(a.dims, b.dims)
    if (a.numbers !== undefined && b.numbers !== undefined)
      return [
        ofNumbers(
          dims,
          onNumbers([a, b], dims, (p, q) => p ** q),
          a.kind,
        ),
      ]
    return [mapped(a, (t) => power(t, k as number))]
  }
}

export const arithmetic: Operators = {
  ...Object.fromEntries(Object.entries(ofTwo).map(([name, two]) => [name, binary(two)])),
  Sum: binary(ofTwo.Add as Two),
  Mean: (node) => {
    const sum = binary(ofTwo.Add as Two)(node)
    return (...xs) => sum(...xs).map((v) => mapped(v, (x) => scale(x, 1 / xs.length)))
  },
  Where: choose,
  Pow: powerOperator,
}
