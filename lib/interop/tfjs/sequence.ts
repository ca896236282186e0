// Tokens as vectors.

import type { AnyLayer } from '../../layer/layer.ts'
import { embedding as layerOf } from '../../nn/sequence/embedding.ts'
import { flag, type KerasLayer, weight, whole } from './config.ts'
import { type Piece, turned } from './piece.ts'
import { unsupported } from './wrong.ts'

const masks = 'a model without masks (here layers take { input, mask } where they are made with masked: true)'

/** Vectors of tokens; a mask of those that are 0 would go on to the layers behind. */
export const embedding = (layer: KerasLayer): Piece => {
  if (flag(layer, 'mask_zero', false)) throw unsupported(masks, 'mask_zero')
  const [count, width] = [whole(layer, 'input_dim'), whole(layer, 'output_dim')]
  const W = weight(layer, 'embeddings', [count, width])
  return {
    layer: layerOf(count, width) as unknown as AnyLayer,
    params: { W: turned('embedding', 'W', W) },
    state: {},
    takesTokens: true,
    gives: (shape) => [...shape, width],
  }
}

export const masking = (): never => {
  throw unsupported(masks, 'Masking')
}
