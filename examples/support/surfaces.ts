// Functions of two numbers that are hard to descend.
import { op, type Scalar } from 'pullback'

const square = (t: Scalar): Scalar => op.mul(t, t)

/** The start, the minimum, the part to draw, and learning rates found by trial. */
export const surfaces = {
  ravine: {
    formula: '(x² + 25 y²) / 2',
    f: (x: Scalar, y: Scalar) => op.scale(op.add(square(x), op.scale(square(y), 25)), 0.5),
    start: [-9, 2.5],
    minimum: [0, 0],
    x: [-10, 4],
    y: [-4, 4],
    levels: [1, 5, 15, 35, 70, 120, 180],
    rates: { sgd: 0.07, momentum: 0.02, nesterov: 0.02, adagrad: 1, rmsprop: 0.1, adam: 0.3 },
  },
  Rosenbrock: {
    formula: '(1 − x)² + 100 (y − x²)²',
    f: (x: Scalar, y: Scalar) => op.add(square(op.shift(x, -1)), op.scale(square(op.sub(y, square(x))), 100)),
    start: [-1.2, 1],
    minimum: [1, 1],
    x: [-1.8, 1.8],
    y: [-0.8, 2.4],
    levels: [0.3, 2, 10, 40, 120, 300, 700],
    rates: { sgd: 0.0015, momentum: 0.001, nesterov: 0.001, adagrad: 0.5, rmsprop: 0.02, adam: 0.2 },
  },
} as const
