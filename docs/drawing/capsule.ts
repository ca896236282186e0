// One capsule of the transforming autoencoder, from an image and a move to the picture of the moved image.
import { diagram } from './boxes.ts'

export const capsule = (): string =>
  diagram({
    title: 'A capsule of the transforming autoencoder',
    description:
      'It finds in an image whether its entity is there and in which pose, moves the pose, and draws the entity where it then is.',
    width: 116,
    gaps: [30, 34],
    boxes: {
      image: { lines: ['image', '784 pixels'], at: [0, 1] },
      recognise: { lines: ['recognise', '40 units, σ'], at: [1, 1], color: 1 },
      pose: { lines: ['pose', '2 numbers'], at: [2, 1], color: 1 },
      move: { lines: ['move', 'Δx, Δy'], at: [3, 0] },
      moved: { lines: ['+', 'moved pose'], at: [3, 1] },
      generate: { lines: ['generate', '60 units, σ'], at: [4, 1], color: 1 },
      presence: { lines: ['presence', '1 probability, σ'], at: [2, 2], color: 1 },
      present: { lines: ['⊙', 'if it is there'], at: [5, 1.5] },
      render: { lines: ['render', '784 pixels'], at: [6, 1.5], color: 1 },
    },
    arrows: [
      { from: 'image', to: 'recognise' },
      { from: 'recognise', to: 'pose' },
      { from: 'recognise', to: 'presence' },
      { from: 'pose', to: 'moved' },
      { from: 'move', to: 'moved' },
      { from: 'moved', to: 'generate' },
      { from: 'generate', to: 'present' },
      { from: 'presence', to: 'present' },
      { from: 'present', to: 'render' },
    ],
  })
