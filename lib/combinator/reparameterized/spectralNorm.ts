import { untraced } from '../../diff/untraced.ts'
import { checkOptions } from '../../error/options.ts'
import { ValueError } from '../../error/tensorError.ts'
import type { Layer, Leaf } from '../../layer/layer.ts'
import { declared, type Loose, type LooseApply } from '../../layer/records.ts'
import { div } from '../../op/elementwise/div.ts'
import { mul } from '../../op/elementwise/mul.ts'
import { where } from '../../op/elementwise/where.ts'
import { norm } from '../../op/reduce/norm.ts'
import { broadcast, spread, sum } from '../../op/reduce/sum.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { normal } from '../../random/draw.ts'
import { foldIn } from '../../random/key.ts'
import { describe } from '../../tensor/data.ts'
import type { Merge } from '../../tree/path.ts'
import type { Tensor } from '../../type/tensor.ts'
import { divisors, weightOf, withWeight } from './weight.ts'

export interface SpectralNormOptions {
  /** The number of power iterations in each training step; 1 by default. */
  readonly iterations?: number | undefined
}

/** The state of spectral normalization, under the name of W: the first left singular vector of W. */
export type Spectral<P> = P extends { readonly W: Tensor<readonly [infer N extends number, ...number[]]> }
  ? { readonly W: { readonly u: Tensor<readonly [N]> } }
  : never

type Matrix = Tensor<readonly [number, number]>
type Vector = Tensor<readonly [number]>
type Scalar = Tensor<readonly []>

const asMatrix = (W: Tensor): Matrix => {
  const [rows = 0] = W.shape
  return reshape(W, [rows, rows === 0 ? 0 : W.size / rows]) as Matrix
}
const unit = (x: Vector): Vector => div(x, broadcast(divisors(norm(x) as Tensor) as Scalar, x.shape)) as Vector
/** Wᵀu and Wv. */
const down = (W: Matrix, u: Vector): Vector => sum(mul(W, spread(u, [1], W.shape) as Matrix), 0) as Vector
const up = (W: Matrix, v: Vector): Vector => sum(mul(W, spread(v, [0], W.shape) as Matrix), 1) as Vector

/** A unit vector nearer the first left singular vector of W, after so many power iterations; the same if W is 0. */
const iterated = (W: Matrix, u: Vector, times: number): Vector =>
  Array.from({ length: times }).reduce<Vector>((at) => {
    const next = unit(up(W, unit(down(W, at))))
    return where(broadcast(norm(next) as Scalar, next.shape), next, at) as Vector
  }, u)

/** Enough iterations to begin with, as in PyTorch. */
const first = 15

/**
 * A layer whose W is divided by its largest singular value σ, with W as a matrix whose rows run along its first axis:
 * then no input of a linear layer is stretched by more than about 1, for critics and for networks that are to be
 * stable. σ is estimated as ‖Wᵀu‖ with a vector u, which is state (`W.u`): each training step uses it and then moves it
 * by a power iteration, unit(W unit(Wᵀu)), on the W of that step, and evaluation leaves it alone. u counts as constant
 * in derivatives, which are exact for a given u. It begins after 15 iterations on the W that is drawn, so the layer can
 * be evaluated before it learns; after loading or drawing another W, the estimate comes nearer with each training step.
 *
 * As PyTorch's `spectral_norm`, but that PyTorch moves u before it uses it; once u has settled, both are the same. (Of
 * transposed convolutions the first axis is that of the inputs, where PyTorch takes the outputs.) A W of zeros is
 * divided by 1. A layer without a parameter W [outputs, …] is a `StructureError` or a `ShapeError`, a number of
 * iterations that is not whole from 1 a `ValueError`. Miyato, Kataoka, Koyama and Yoshida, "Spectral normalization for
 * generative adversarial networks", 2018.
 *
 * @example
 * import { fromNested, init, key, linear, predict, spectralNorm, toNested } from 'pullback'
 * const layer = spectralNorm(linear(2, 2))
 * const { state } = init(layer, key(0))
 * const params = { W: fromNested([[4, 0], [0, 2]]), b: fromNested([0, 0]) } as const
 * const settled = { ...state, W: { u: fromNested([1, 0]) } }
 * toNested(predict(layer, { params, state: settled }, fromNested([[1, 1]]))) // => [[1, 0.5]]
 */
export const spectralNorm = <I, O, P extends { readonly W: Tensor }, S>(
  layer: Layer<I, O, P, S>,
  options: SpectralNormOptions = {},
): Layer<I, O, P, Merge<S & Spectral<P>>> => {
  const { shape, draw } = weightOf('spectralNorm', layer)
  checkOptions('spectralNorm', options, ['iterations'])
  const { iterations = 1 } = options
  if (!(Number.isInteger(iterations) && iterations >= 1))
    throw new ValueError({
      op: 'spectralNorm',
      expected: 'a whole number of iterations from 1',
      actual: describe(iterations),
    })
  const u: Leaf = {
    shape: shape.slice(0, 1),
    draw: (key, [rows = 0], dtype) => {
      const W = asMatrix(draw(key, shape, dtype) as Tensor)
      return iterated(W, normal(foldIn(key, 'u'), [rows], dtype) as Vector, first) as never
    },
    sharesKey: true,
  }
  const divided = (W: Tensor, state: Loose): Tensor => {
    const largest = divisors(norm(down(asMatrix(W), unit(untraced(state.W.u)))) as Tensor)
    return div(W, broadcast(largest as Scalar, W.shape)) as Tensor
  }
  const run = withWeight(layer, divided)
  const apply: LooseApply = (params, state, context, x) => {
    const step = run(params, state, context, x)
    if (context.mode === 'eval') return { ...step, state }
    const moved = iterated(asMatrix(untraced(params.W)), unit(untraced(state.W.u)), iterations)
    return { ...step, state: { ...step.state, W: { u: moved } } }
  }
  return {
    kind: 'spectralNorm',
    input: layer.input,
    params: layer.params,
    state: declared('spectralNorm', [layer.state as object, { W: { u } }]),
    apply: apply as Loose,
  }
}
