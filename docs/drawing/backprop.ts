// Forward and backward through the lecture's network of two layers, and what backward takes from forward.
import { diagram } from './boxes.ts'

export const backprop = (): string =>
  diagram({
    title: 'Backprop through two layers',
    description:
      'Forward runs from x to the loss L, backward from L to the gradients of the weights. Dashed: what backward takes from forward.',
    width: 152,
    gaps: [56, 44],
    boxes: {
      x: { lines: ['a₁ = x'], at: [0, 0] },
      z1: { lines: ['z₁ = W₁ a₁ + b₁'], at: [0, 1] },
      a2: { lines: ['a₂ = f(z₁)'], at: [0, 2] },
      z2: { lines: ['z = z₂ = W₂ a₂ + b₂'], at: [0, 3] },
      L: { lines: ['L(z, y)'], at: [0, 4] },
      dz2: { lines: ['dL/dz₂ = dL/dz'], at: [1, 3], color: 1 },
      da2: { lines: ['dL/da₂ = W₂ᵀ dL/dz₂'], at: [1, 2], color: 1 },
      dz1: { lines: ['dL/dz₁ = dL/da₂ ⊙ f′(z₁)'], at: [1, 1], color: 1 },
      dW2: { lines: ['dL/dW₂ = dL/dz₂ a₂ᵀ', 'dL/db₂ = dL/dz₂'], at: [2, 3], color: 2 },
      dW1: { lines: ['dL/dW₁ = dL/dz₁ a₁ᵀ', 'dL/db₁ = dL/dz₁'], at: [2, 1], color: 2 },
    },
    arrows: [
      { from: 'x', to: 'z1' },
      { from: 'z1', to: 'a2' },
      { from: 'a2', to: 'z2' },
      { from: 'z2', to: 'L' },
      { from: 'L', to: 'dz2' },
      { from: 'dz2', to: 'da2' },
      { from: 'da2', to: 'dz1' },
      { from: 'dz2', to: 'dW2' },
      { from: 'dz1', to: 'dW1' },
      { from: 'z1', to: 'dz1', isDashed: true },
      { from: 'x', to: 'dW1', isDashed: true },
      { from: 'a2', to: 'dW2', isDashed: true },
    ],
  })
