// Operators on each entry of one tensor, or of known numbers.
import { abs } from '../../op/elementwise/abs.ts'
import { add } from '../../op/elementwise/add.ts'
import { cos, sin } from '../../op/elementwise/angle.ts'
import { div } from '../../op/elementwise/div.ts'
import { erf } from '../../op/elementwise/erf.ts'
import { exp } from '../../op/elementwise/exp.ts'
import { log } from '../../op/elementwise/log.ts'
import { neg } from '../../op/elementwise/neg.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { floor, round, sign } from '../../op/step/rounding.ts'
import { ones } from '../../tensor/create.ts'
import type { Tensor } from '../../type/tensor.ts'
import { floatsOf, type Kind, mapped, ofNumbers, ofTensor, type Value } from '../value.ts'
import type { Operator, Operators } from './operator.ts'

/** 1 for 0, and 0 for 1. */
export const not = (x: Tensor): Tensor => shift(neg(x), 1)

/** Rounds halves to the even number. */
const halfToEven = (x: number): number => {
  const low = Math.floor(x)
  return x - low === 0.5 ? low + Math.abs(low % 2) : Math.round(x)
}

interface One {
  readonly tensor: (x: Tensor) => Tensor
  readonly number?: (x: number) => number
  readonly kind?: Kind
}

const ofOne: Readonly<Record<string, One>> = {
  Abs: { tensor: abs, number: Math.abs },
  Neg: { tensor: neg, number: (x) => -x },
  Exp: { tensor: exp, number: Math.exp },
  Log: { tensor: log, number: Math.log },
  Sqrt: { tensor: sqrt, number: Math.sqrt },
  Erf: { tensor: erf },
  Reciprocal: { tensor: (x) => div(ones(x.shape, x.dtype) as Tensor, x), number: (x) => 1 / x },
  Not: { tensor: not, number: (x) => 1 - x, kind: 'bool' },
  Floor: { tensor: floor, number: Math.floor },
  Ceil: { tensor: (x) => neg(floor(neg(x))), number: Math.ceil },
  Round: { tensor: round, number: halfToEven },
  Sign: { tensor: sign, number: Math.sign },
  Sin: { tensor: sin, number: Math.sin },
  Cos: { tensor: cos, number: Math.cos },
  Tan: { tensor: (x) => div(sin(x), cos(x)), number: Math.tan },
  Sinh: { tensor: (x) => scale(sub(exp(x), exp(neg(x))), 0.5), number: Math.sinh },
  Cosh: { tensor: (x) => scale(add(exp(x), exp(neg(x))), 0.5), number: Math.cosh },
}

const unary =
  ({ tensor, number, kind }: One): Operator =>
  () =>
  (x) => {
    const v = x as Value
    if (v.numbers !== undefined && number !== undefined)
      return [ofNumbers(v.dims, Float64Array.from(v.numbers, number), kind ?? v.kind)]
    return [mapped((v.tensor ?? v.last) ? v : ofTensor(floatsOf(v)), tensor, kind ?? 'float')]
  }

export const entrywise: Operators = Object.fromEntries(Object.entries(ofOne).map(([name, one]) => [name, unary(one)]))
