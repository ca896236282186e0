// Combinators of layers of which the compiler knows nothing.

import type { AnyLayer, Shape, Tensor } from 'pullback'
import * as pullback from 'pullback'

export type Layers = { readonly [name: string]: AnyLayer }
type Call = (x: Tensor) => Tensor

interface Loose {
  readonly compose: (...layers: readonly AnyLayer[]) => AnyLayer
  readonly fanout: (layers: Layers) => AnyLayer
  readonly each: (layers: Layers) => AnyLayer
  readonly residual: (layer: AnyLayer) => AnyLayer
  readonly repeat: (n: number, layer: AnyLayer) => AnyLayer
  readonly define: (
    input: Shape,
    layers: Layers,
    forward: (x: Tensor, layers: { readonly F: Call; readonly G: Call }) => Tensor,
  ) => AnyLayer
  readonly freeze: (layer: AnyLayer, name: string) => AnyLayer
  readonly thaw: (layer: AnyLayer) => AnyLayer
  readonly tie: (layer: AnyLayer, name: string, other: string) => AnyLayer
}

export const { compose, fanout, each, residual, repeat, define, freeze, thaw, tie } = pullback as unknown as Loose

/** Freezes parameters alone: the part runs as it does in training. */
export const freezeParameters: Loose['freeze'] = (
  pullback.freeze as unknown as { readonly with: (options: object) => Loose['freeze'] }
).with({ mode: 'train' })
