// One capsule of the transforming autoencoder, from an image and a move to the picture of the moved image.
import { diagram } from './boxes.ts'

export const capsule = (): string =>
  diagram({
    title: 'A capsule of the transforming autoencoder',
    description:
      'It finds in an image whether its entity is there and in which pose, moves the pose, and draws the entity where it then is.',
    width: 116,
    gaps: [40, 30],
    boxes: {
      image: { lines: ['image', '784 pixels'], at: [1, 0] },
      recognise: { lines: ['recognise', '40 units, σ'], at: [1, 1], color: 1 },
      pose: { lines: ['pose', '2 numbers'], at: [1, 2], color: 1 },
      move: { lines: ['move', 'Δx, Δy'], at: [0, 3] },
      moved: { lines: ['+', 'moved pose'], at: [1, 3] },
      generate: { lines: ['generate', '60 units, σ'], at: [1, 4], color: 1 },
      presence: { lines: ['presence', '1 probability, σ'], at: [2, 2], color: 1 },
      present: { lines: ['⊙', 'if it is there'], at: [1.5, 5] },
      render: { lines: ['render', '784 pixels'], at: [1.5, 6], color: 1 },
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
