// Functions of plain numbers that give the same bits in every JavaScript engine, unlike `**` and Math.cos.
import { exp } from '../op/elementwise/exp.ts'
import { log } from '../op/elementwise/log.ts'
import { full } from '../tensor/create.ts'
import { item } from '../tensor/to.ts'

/** bⁿ for n = 0, 1, …, by repeated squaring. */
export const power = (b: number, n: number): number => {
  let result = 1
  for (let [square, left] = [b, n]; left >= 1; [square, left] = [square * square, Math.floor(left / 2)])
    if (left % 2 === 1) result *= square
  return result
}

/** bˣ for b ≥ 0 and x ≥ 0. */
export const realPower = (b: number, x: number): number =>
  Number.isInteger(x) ? power(b, x) : item(exp(full([], x * item(log(full([], b, 'float64'))), 'float64')))

/** (1 + cos πx) / 2 for x from 0 to 1, which falls from 1 to 0; computed by the power series of the cosine. */
export const halfCosine = (x: number): number => {
  if (x > 0.5) return 1 - halfCosine(1 - x)
  const square = Math.PI * x * (Math.PI * x)
  let [sum, term] = [0, 1]
  for (let n = 2; sum + term !== sum; n += 2) {
    sum += term
    term *= -square / (n * (n - 1))
  }
  return (1 + sum) / 2
}
