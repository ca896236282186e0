// Operators on each entry of one tensor, or of known numbers.
import { hardtanh } from '../../op/activation/hardtanh.ts'
import { abs } from '../../op/elementwise/abs.ts'
import { add } from '../../op/elementwise/add.ts'
import { cos, sin } from '../../op/elementwise/angle.ts'
import { div } from '../../op/elementwise/div.ts'
import { erf } from '../../op/elementwise/erf.ts'
import { exp } from '../../op/elementwise/exp.ts'
import { log } from '../../op/elementwise/log.ts'
import { log1p } from '../../op/elementwise/log1p.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { neg } from '../../op/elementwise/neg.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { sqrt } from '../../op/elementwise/sqrt.ts'
import { sub } from '../../op/elementwise/sub.ts'
import { greater, notEqual } from '../../op/step/compare.ts'
import { floor, round, sign } from '../../op/step/rounding.ts'
import { full, ones } from '../../tensor/create.ts'
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

/** ln(a + √(a² + 1)) for a = |x|, as a multiple of x, so that the derivative at 0 is 1. */
const asinh = (x: Tensor): Tensor => {
  const a = hardtanh(abs(x), 1e-12, Number.POSITIVE_INFINITY)
  const square = mul(a, a)
  const rest = div(square, shift(sqrt(shift(square, 1)), 1))
  return mul(x, div(log1p(add(a, rest)), a))
}

/** ln(x + √(x² − 1)), by x − 1. */
const acosh = (x: Tensor): Tensor => {
  const t = shift(x, -1)
  return log1p(add(t, sqrt(mul(t, shift(t, 2)))))
}

/** The largest number of float32. */
const largest = 3.4028234663852886e38

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
  Asinh: { tensor: asinh, number: Math.asinh },
  Acosh: { tensor: acosh, number: Math.acosh },
  Atanh: { tensor: (x) => scale(sub(log1p(x), log1p(neg(x))), 0.5), number: Math.atanh },
  IsNaN: { tensor: (x) => notEqual(x, x), number: (x) => +Number.isNaN(x), kind: 'bool' },
  Cosh: { tensor: (x) => scale(add(exp(x), exp(neg(x))), 0.5), number: Math.cosh },
}

/** 1 where x is an infinity of a sign that is asked for. */
const infinite: Operator = (node) => {
  const [above, below] = [node.int('detect_positive', 1) !== 0, node.int('detect_negative', 1) !== 0]
  const isIt = (x: number): boolean => (above && x === Infinity) || (below && x === -Infinity)
  return unary({
    tensor: (x) => {
      const most = full(x.shape, x.dtype === 'float32' ? largest : Number.MAX_VALUE, x.dtype) as Tensor
      const [up, down] = [greater(x, most), greater(neg(x), most)]
      return add(above ? up : scale(up, 0), below ? down : scale(down, 0))
    },
    number: (x) => +isIt(x),
    kind: 'bool',
  })(node)
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

export const entrywise: Operators = {
  ...Object.fromEntries(Object.entries(ofOne).map(([name, one]) => [name, unary(one)])),
  IsInf: infinite,
}
