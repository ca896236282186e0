// The poses that a capsule may speak of, and how a known move changes each.
import { type Batch, fromArray, op, type Shape } from 'pullback'

type Poses = Batch<Shape>
type Matrices = Batch<readonly [number, number]>

/** The shape of a pose, and the effect of a move of that shape. */
export interface Pose {
  readonly shape: Shape
  readonly apply: (pose: Poses, move: Poses) => Poses
}
export type Form = 'translation' | 'matrix' | 'affine' | 'projective'

const product = (pose: Poses, move: Poses): Poses => op.matmul(move as Matrices, pose as Matrices)
const lastRow = (pose: Poses): Poses => op.broadcast(fromArray([0, 0, 1], [3], pose.dtype), [pose.shape[0], 1, 3])

/**
 * A translation is added to a place: p + t. A matrix T of any other form is multiplied with the pose's, T A; affine
 * ones are written without their last row, 0 0 1.
 */
export const poses: Readonly<Record<Form, Pose>> = {
  translation: { shape: [2], apply: op.add },
  matrix: { shape: [2, 2], apply: product },
  affine: { shape: [2, 3], apply: (pose, move) => product(op.concat([pose, lastRow(pose)], 1), move) },
  projective: { shape: [3, 3], apply: product },
}
