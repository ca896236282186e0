// The networks that PyTorch and TensorFlow.js have too: see spec/interop.
import { readFileSync } from 'node:fs'
import {
  type AnyTensor,
  batchNorm,
  compose,
  conv2d,
  decodeSafetensors,
  flatten,
  input,
  linear,
  maxPool2d,
  named,
  op,
  relu,
  type Tensor,
  tanh,
} from 'pullback'

export const cnn = compose(
  input([8, 8, 1]),
  named('conv', conv2d(1, 4, { kernel: 3, padding: 1 })),
  named('bn', batchNorm(4)),
  relu,
  maxPool2d(2),
  flatten,
  named('fc', linear(64, 3)),
)
export const mlp = compose(named('fc1', linear(5, 8)), tanh, named('fc2', linear(8, 3)))

export const interopFile = (name: string): Uint8Array =>
  Uint8Array.from(readFileSync(new URL(`../interop/${name}`, import.meta.url)))

/** The tensors of a safetensors file of spec/interop. */
export const tensorsOf = (name: string): { readonly [name: string]: AnyTensor } => {
  const found = decodeSafetensors(interopFile(name))
  if (found._tag === 'Left') throw found.left
  return found.right.tensors
}

/** Examples with their channels moved from the first axis to the last. */
export const channelsLast = (x: AnyTensor): Tensor => {
  const axes = [...x.shape.keys()]
  return op.transpose(x as Tensor, [0, ...axes.slice(2), 1] as never) as Tensor
}

/** The largest difference of numbers, over the largest number or 1. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [most, size] = [a.length === b.length ? 0 : Infinity, 1]
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
    size = Math.max(size, Math.abs(b[i] as number))
  }
  return most / size
}
