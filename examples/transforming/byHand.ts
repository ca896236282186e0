// The same network with forward and backward written out and coupled by hand, as such code was around 2011: an example
// a column, all capsules at once, stacked along the leading axis. Compare model.ts, which has no backward.
import { op, type Params, type Tensor, zeros } from 'pullback'
import type { Pairs } from './data.ts'
import type { transformingAutoencoder } from './model.ts'
import type { Form } from './pose.ts'

/** [capsules, units, examples], or [capsules, units, inputs] of weights. */
type Stack = Tensor<readonly [number, number, number]>

/**
 * Weights and biases, from visible to hidden to presence and pose (the capsule's code), on to the second hidden and the
 * output units.
 */
export type Plain = {
  readonly [K in 'vh' | 'h1' | 'hp' | 'p' | 'hc' | 'c' | 'ch' | 'h2' | 'ho' | 'o']: Stack
}

type Composed = Params<ReturnType<typeof transformingAutoencoder>>
/** The parameters of the composed network, or their gradients, stacked. */
export const stacked = (params: Composed): Plain => {
  const capsules = Object.values(params)
  const stack = (of: (capsule: (typeof capsules)[number]) => Tensor): Stack =>
    op.concat(capsules.map((capsule) => op.reshape(of(capsule), [1, of(capsule).shape[0] as number, -1]) as Stack))
  return {
    vh: stack(({ recognise }) => recognise.W),
    h1: stack(({ recognise }) => recognise.b),
    hp: stack(({ presence }) => presence.W),
    p: stack(({ presence }) => presence.b),
    hc: stack(({ pose }) => pose.W),
    c: stack(({ pose }) => pose.b),
    ch: stack(({ generate }) => generate.W),
    h2: stack(({ generate }) => generate.b),
    ho: stack(({ render }) => render.W),
    o: stack(({ render }) => render.b),
  }
}

const to = (x: Tensor, shape: readonly number[]): Stack => op.broadcast(x, shape) as Stack
const swap = (x: Stack): Stack => op.transpose(x, [0, 2, 1])
const affine = (w: Stack, x: Stack, b: Stack): Stack => {
  const z = op.matmul(w, x)
  return op.add(z, to(b, z.shape))
}
const logistic = (z: Stack): Stack => op.shift(op.sigmoid(z), -0.5)
const logisticBack = (d: Stack, h: Stack): Stack => op.mul(d, op.mul(op.shift(h, 0.5), op.shift(op.neg(h), 0.5)))

/** The product of each example's matrix, or its transpose, with the pose that each capsule has for it. */
const turn = (matrix: Stack, pose: Stack): Stack => {
  const [capsules, size, examples] = pose.shape
  const n = matrix.shape[2]
  const poses = op.transpose(op.reshape(pose, [capsules, n, size / n, examples]), [0, 3, 1, 2])
  const turned = op.matmul(op.broadcast(matrix, [capsules, examples, n, n]), poses)
  return op.reshape(op.transpose(turned, [0, 2, 3, 1]), [capsules, size, examples])
}
/** The matrix by which a move turns poses, and what it adds to them; affine moves do both. */
const parts = (form: Form, move: Tensor): { readonly matrix?: Stack; readonly offset?: Tensor } => {
  if (form === 'translation') return { offset: op.transpose(move) }
  if (form !== 'affine') return { matrix: move as Stack }
  const last = op.slice(move as Stack, [null, null, [2, 3]])
  const offset = op.concat([zeros([last.shape[0], 2, 2], move.dtype), last], 2)
  return { matrix: op.slice(move as Stack, [null, null, [0, 2]]), offset: op.transpose(op.reshape(offset, [-1, 6])) }
}

export const fprop = (w: Plain, form: Form, { input, target }: Pairs) => {
  const [capsules, units] = w.vh.shape
  const [examples, pixels] = input.image.shape
  const v = op.transpose(input.image)
  const z1 = op.reshape(op.matmul(op.reshape(w.vh, [-1, pixels]), v), [capsules, units, examples])
  const h1 = logistic(op.add(z1, to(w.h1, z1.shape)))
  const p = op.sigmoid(affine(w.hp, h1, w.p))
  const c = op.scale(affine(w.hc, h1, w.c), 4)
  const { matrix, offset } = parts(form, input.move)
  const turned = matrix === undefined ? c : turn(matrix, c)
  const ct = offset === undefined ? turned : op.add(turned, to(offset, c.shape))
  const h2 = logistic(affine(w.ch, ct, w.h2))
  const gated = op.mul(h2, to(p, h2.shape))
  const difference = op.sub(op.sum(affine(w.ho, gated, w.o), 0), op.transpose(target))
  const loss = op.scale(op.sum(op.mul(difference, difference)), 1 / examples)
  return { v, h1, p, matrix, ct, h2, gated, difference, loss }
}

export const bprop = (w: Plain, { v, h1, p, matrix, ct, h2, gated, difference }: ReturnType<typeof fprop>): Plain => {
  const [capsules, units, examples] = h1.shape
  const bias = (d: Stack): Stack => op.sum(d, 2, { keep: true })
  const dOut = to(op.scale(difference, 2 / examples), [capsules, ...difference.shape])
  const dGated = op.matmul(swap(w.ho), dOut)
  const dH2in = logisticBack(op.mul(dGated, to(p, h2.shape)), h2)
  const dCt = op.matmul(swap(w.ch), dH2in)
  const dC = op.scale(matrix === undefined ? dCt : turn(swap(matrix), dCt), 4)
  const dP = op.sum(op.mul(dGated, h2), 1, { keep: true })
  const dPin = op.mul(dP, op.mul(p, op.shift(op.neg(p), 1)))
  const dH1 = op.add(op.matmul(swap(w.hc), dC), op.matmul(swap(w.hp), dPin))
  const dH1in = logisticBack(dH1, h1)
  const dVh = op.matmul(op.reshape(dH1in, [capsules * units, examples]), op.transpose(v))
  return {
    vh: op.reshape(dVh, w.vh.shape),
    h1: bias(dH1in),
    hp: op.matmul(dPin, swap(h1)),
    p: bias(dPin),
    hc: op.matmul(dC, swap(h1)),
    c: bias(dC),
    ch: op.matmul(dH2in, swap(ct)),
    h2: bias(dH2in),
    ho: op.matmul(dOut, swap(gated)),
    o: bias(dOut),
  }
}
