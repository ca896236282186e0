import { fanIn } from '../initializer/fanIn.ts'
import { derived } from '../layer/derived.ts'
import type { Layer } from '../layer/layer.ts'
import { add } from '../op/elementwise/add.ts'
import { einsum } from '../op/linear/einsum.ts'
import { broadcast } from '../op/reduce/sum.ts'
import { checkShape } from '../tensor/shape.ts'
import type { Tensor } from '../type/tensor.ts'

/** Weights [out, a, b] and a bias for each output. */
export type BilinearParams<A extends number, B extends number, O extends number> = {
  readonly W: Tensor<readonly [O, A, B]>
  readonly b: Tensor<readonly [O]>
}

/**
 * yₒ = aᵀ Wₒ b + biasₒ of two vectors: { a, b } to [out]. Weights and biases are drawn uniformly from ±1/√(size of a),
 * as in PyTorch.
 *
 * @example
 * import { bilinear, init, key, predict, zeros } from 'pullback'
 * const layer = bilinear(2, 3, 4)
 * predict(layer, init(layer, key(0)), { a: zeros([5, 2]), b: zeros([5, 3]) }).shape // => [5, 4]
 */
export const bilinear = <const A extends number, const B extends number, const O extends number>(
  a: A,
  b: B,
  outputs: O,
): Layer<{ readonly a: readonly [A]; readonly b: readonly [B] }, readonly [O], BilinearParams<A, B, O>> => {
  checkShape('bilinear', [a, b, outputs])
  const draw = fanIn(a)
  const spec = { W: { shape: [outputs, a, b], draw }, b: { shape: [outputs], draw } }
  type Given = {
    readonly params: { readonly W: Tensor; readonly b: Tensor }
    readonly x: { readonly a: Tensor; readonly b: Tensor }
  }
  type Port = { readonly a: readonly [A]; readonly b: readonly [B] }
  return derived<Port, readonly [O], BilinearParams<A, B, O>>(
    'bilinear',
    { a: [a], b: [b] } as const,
    spec as never,
    (({ params, x }: Given) => {
      const y = einsum('na,oab,nb->no', x.a, params.W, x.b) as Tensor
      return add(y, broadcast(params.b, y.shape) as never)
    }) as never,
  )
}
