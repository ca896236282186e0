// The transforming autoencoder of Hinton, Krizhevsky and Wang, "Transforming auto-encoders" (2011): capsules, each of
// which finds one visual entity in an image, says whether it is there and in which pose, and draws it in the pose that
// a known move takes it to.
import { compose, define, elementwise, fanout, flatten, input, join, linear, op, reshape, sigmoid } from 'pullback'
import { type Form, poses } from './pose.ts'

export interface Sizes {
  readonly capsules: number
  readonly pixels: number
  readonly recognition: number
  readonly generation: number
  readonly form: Form
}

/** Logistic units about zero, σ(x) − ½, and poses that reach over the picture from the start, learn faster. */
const centered = elementwise((x) => op.shift(x, -0.5))
const wide = elementwise((x) => op.scale(x, 4))

const capsule = ({ pixels, recognition, generation, form }: Sizes) => {
  const { shape, apply } = poses[form]
  const size = shape.reduce((a, b) => a * b, 1)
  const parts = {
    recognise: compose(linear(pixels, recognition), sigmoid, centered),
    presence: compose(linear(recognition, 1), sigmoid),
    pose: compose(linear(recognition, size), wide, reshape(shape)),
    generate: compose(input(shape), flatten, linear(size, generation), sigmoid, centered),
    render: linear(generation, pixels),
  }
  return define({ image: [pixels], move: shape }, parts, ({ image, move }, part) => {
    const seen = part.recognise(image)
    const drawn = part.generate(apply(part.pose(seen), move))
    return part.render(op.mul(drawn, op.broadcast(part.presence(seen), drawn.shape)))
  })
}

/** The sum of the pictures that the capsules draw. */
export const transformingAutoencoder = (sizes: Sizes) =>
  compose(
    fanout(Object.fromEntries(Array.from({ length: sizes.capsules }, (_, i) => [`c${i}`, capsule(sizes)]))),
    join.sum,
  )
