import { checkOptions } from '../../error/options.ts'
import { adamStep } from '../../op/elementwise/adam.ts'
import { add, addScaled } from '../../op/elementwise/add.ts'
import { cast } from '../../op/elementwise/cast.ts'
import { div } from '../../op/elementwise/div.ts'
import { scale, shift } from '../../op/elementwise/scale.ts'
import { matmul } from '../../op/linear/matmul.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { transpose } from '../../op/shape/transpose.ts'
import { checkCount, checkDecay } from '../../tensor/range.ts'
import type { Tensor } from '../../type/tensor.ts'
import { checkFlag } from '../check.ts'
import { normOf } from '../clip.ts'
import { average } from '../entrywise.ts'
import { asMatrix, matrixSizes } from '../matrix.ts'
import { byNumbers, type WithReshaped } from '../slots.ts'
import type { Transformation } from '../transformation.ts'
import { type AdamOptions, adamNumbers, adamScaling } from './scaleByAdam.ts'

export interface MuonOptions extends AdamOptions {
  /** The share of the mean gradient of a matrix that stays at each step. */
  readonly momentum?: number | undefined
  /** Mixes the gradient into the mean once more. */
  readonly nesterov?: boolean | undefined
  /** The number of Newton–Schulz steps. */
  readonly steps?: number | undefined
}

export const muonOptions = ['momentum', 'nesterov', 'steps', 'b1', 'b2', 'eps'] as const

/** Brings the singular values of a matrix near 1 and keeps its singular vectors, by products of matrices alone. */
const orthogonal = (x: Tensor, steps: number): Tensor => {
  const length = shift(normOf(x), 1e-7)
  let y = div(x, broadcast(cast(length, x.dtype) as Tensor, x.shape) as Tensor)
  for (let n = 0; n < steps; n++) {
    const a = matmul(y, transpose(y)) as Tensor
    const b = addScaled(scale(a, -4.775), matmul(a, a) as Tensor, 2.0315)
    y = add(scale(y, 3.4445), matmul(b, y) as Tensor)
  }
  return y
}

/** The same with the smaller product of a matrix and its transpose. */
const orthogonalized = (x: Tensor, [n, m]: readonly [number, number], steps: number): Tensor =>
  n > m ? (transpose(orthogonal(transpose(x) as Tensor, steps)) as Tensor) : orthogonal(x, steps)

/**
 * Muon's scaling. For a matrix of n × m entries, with a mean M ← momentum · M + (1 − momentum) · g, which starts at
 * zero, the update is 0.2 √max(n, m) · O. O is the matrix (1 − momentum) · g + momentum · M (without `nesterov`: M)
 * whose singular values are brought between about 0.7 and 1.2 by steps of X ← 3.4445 X − 4.775 XXᵀX + 2.0315 (XXᵀ)²X
 * from X / (‖X‖ + 1e-7). The factor gives the update the size of Adam's, so both can share a rate.
 *
 * A tensor of more than two axes is the matrix of its first axis by all others; one of fewer axes is scaled as by
 * `scaleByAdam`. Momentum is 0.95, `nesterov` true and the steps are 5 by default. Jordan and others, "Muon: an
 * optimizer for hidden layers in neural networks" (2024); the factor is that of Liu and others, "Muon is scalable for
 * LLM training" (2025).
 *
 * @example
 * import { fromNested, scaleByMuon, toNested } from 'pullback'
 * const t = scaleByMuon()
 * const g = { W: fromNested([[3, 0], [0, -4]]) }
 * const [updates] = t.update(g, t.init(g), g)
 * toNested(updates.W).flat().map((x) => x.toFixed(3)) // => ['0.204', '0.000', '0.000', '-0.317']
 */
export const scaleByMuon = (options: MuonOptions = {}): Transformation<WithReshaped<'mu' | 'nu'>> => {
  checkOptions('scaleByMuon', options, muonOptions)
  const { momentum = 0.95, nesterov = true, steps = 5, ...adam } = options
  checkDecay('scaleByMuon', { momentum })
  checkFlag('scaleByMuon', { nesterov })
  checkCount('scaleByMuon', { steps })
  const t = byNumbers(
    'scaleByMuon',
    ['mu', 'nu'],
    adamScaling(adamNumbers('scaleByMuon', adam)),
    (numbers) => (g, mu, nu) => {
      const sizes = matrixSizes(g.shape)
      if (sizes === undefined) return adamStep(g, mu, nu, numbers)
      const mean = average(mu, g, momentum)
      const ahead = nesterov ? average(mean, g, momentum) : mean
      const update = asMatrix(ahead, sizes, (x) => orthogonalized(x, sizes, steps))
      return [scale(update, 0.2 * Math.sqrt(Math.max(...sizes))), mean, nu]
    },
    { shapes: (shape) => [shape, matrixSizes(shape) === undefined ? shape : [0]] },
  )
  return t as unknown as Transformation<WithReshaped<'mu' | 'nu'>>
}
