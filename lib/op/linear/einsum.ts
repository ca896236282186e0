import { ShapeError, ValueError } from '../../error/tensorError.ts'
import { describe, floatDType, sameDType } from '../../tensor/data.ts'
import { showShape, sizeOf } from '../../tensor/shape.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import { sum } from '../reduce/sum.ts'
import { reshape } from '../shape/reshape.ts'
import { transpose } from '../shape/transpose.ts'
import { matmul } from './matmul.ts'

/** A tensor with a letter for each axis. */
interface Lettered {
  readonly letters: string
  readonly x: Tensor
}

type Sizes = ReadonlyMap<string, number>

const malformed = (equation: unknown, why: string): ValueError =>
  new ValueError({
    op: 'einsum',
    expected: `an equation such as 'ij,jk->ik', with a letter for each axis of each tensor; ${why}`,
    actual: describe(equation),
  })

/** The letters of the arguments and of the result. */
const parse = (equation: string, count: number): { readonly inputs: readonly string[]; readonly output: string } => {
  const found =
    typeof equation === 'string' ? /^([a-zA-Z]*(?:,[a-zA-Z]*)*)->([a-zA-Z]*)$/.exec(equation.replace(/ /g, '')) : null
  if (found === null) throw malformed(equation, 'letters, commas and an arrow only')
  const [inputs, output] = [(found[1] as string).split(','), found[2] as string]
  if (inputs.length !== count) throw malformed(equation, `for ${count} tensors`)
  for (const letters of [...inputs, output])
    if (new Set(letters).size < letters.length) throw malformed(equation, 'no letter twice in one tensor')
  for (const letter of output)
    if (!inputs.some((letters) => letters.includes(letter))) throw malformed(equation, `'${letter}' is in no argument`)
  return { inputs, output }
}

/** The size of each letter, the same in all tensors. */
const sizesOf = (equation: string, terms: readonly Lettered[]): Sizes => {
  const sizes = new Map<string, number>()
  for (const { letters, x } of terms) {
    if (letters.length !== x.shape.length)
      throw new ShapeError({
        op: 'einsum',
        expected: `${letters.length} axes for '${letters}' of '${equation}'`,
        actual: showShape(x.shape),
      })
    for (const [i, letter] of [...letters].entries()) {
      const [said, n] = [sizes.get(letter), x.shape[i] as number]
      if (said !== undefined && said !== n)
        throw new ShapeError({
          op: 'einsum',
          expected: `size ${said} for '${letter}' of '${equation}'`,
          actual: `${n} in ${showShape(x.shape)}`,
        })
      sizes.set(letter, n)
    }
  }
  return sizes
}

const only = (letters: string, keep: (letter: string) => boolean): string => [...letters].filter(keep).join('')

/** The sum over the axes whose letters nobody needs. */
const reduced = ({ letters, x }: Lettered, needed: string): Lettered => {
  const gone = [...letters].flatMap((letter, i) => (needed.includes(letter) ? [] : [i]))
  return gone.length === 0
    ? { letters, x }
    : { letters: only(letters, (l) => needed.includes(l)), x: sum(x, gone) as Tensor }
}

/** The axes in the order of some letters. */
const ordered = ({ letters, x }: Lettered, as: string): Tensor =>
  letters === as
    ? x
    : (transpose(
        x,
        [...as].map((l) => letters.indexOf(l)),
      ) as Tensor)

/** Two tensors as one product of matrices: shared letters that are needed are its batch, the others are contracted. */
const product = (a: Lettered, b: Lettered, needed: string, sizes: Sizes): Lettered => {
  const both = only(a.letters, (l) => b.letters.includes(l))
  const batch = only(both, (l) => needed.includes(l))
  const inner = only(both, (l) => !needed.includes(l))
  const rows = only(a.letters, (l) => !both.includes(l))
  const columns = only(b.letters, (l) => !both.includes(l))
  const size = (letters: string): number => sizeOf([...letters].map((l) => sizes.get(l) as number))
  const left = reshape(ordered(a, batch + rows + inner), [size(batch), size(rows), size(inner)]) as Tensor
  const right = reshape(ordered(b, batch + inner + columns), [size(batch), size(inner), size(columns)]) as Tensor
  const letters = batch + rows + columns
  const shape: Shape = [...letters].map((l) => sizes.get(l) as number)
  return { letters, x: reshape(matmul(left, right as never) as Tensor, shape) as Tensor }
}

/**
 * A sum of products by the letters of the axes, after Einstein: letters that are not in the result are summed over. From
 * left to right each pair is one (batched) matrix product. Diagonals (a letter twice in one tensor) and `…` are refused.
 *
 * @example
 * import { fromNested, op, toNested } from 'pullback'
 * const a = fromNested([[1, 2], [3, 4]])
 * toNested(op.einsum('ij,kj->ik', a, a)) // => [[5, 11], [11, 25]]
 * toNested(op.einsum('ij->j', a)) // => [4, 6]
 */
export const einsum = <D extends Float>(equation: string, ...xs: readonly Tensor<Shape, D>[]): Tensor<Shape, D> => {
  const { inputs, output } = parse(equation, xs.length)
  const terms = xs.map((x, i): Lettered => {
    floatDType('einsum', x)
    sameDType('einsum', xs[0] as Tensor, x)
    return { letters: inputs[i] as string, x: x as Tensor }
  })
  const sizes = sizesOf(equation, terms)
  const needed = (from: number): string => output + inputs.slice(from).join('')
  const [first, ...rest] = terms.map((term, i) => reduced(term, output + inputs.filter((_, j) => j !== i).join('')))
  const all = rest.reduce((a, b, i) => product(a, b, needed(i + 2), sizes), first as Lettered)
  return ordered(reduced(all, output), output) as Tensor<Shape, D>
}
