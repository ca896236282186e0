// What a program does with files of other programs, in Node as in a page: reads them, refuses hostile ones, and trains a
// new head behind the trunk of a model.
import {
  adam,
  compose,
  decodeSafetensors,
  engine,
  freeze,
  fromArray,
  key,
  linear,
  named,
  op,
  predict,
  random,
  softmaxCrossEntropy,
  start,
  type Tensor,
  toTypedArray,
  trainStep,
} from 'pullback'
import { fromTfjs } from 'pullback/interop'
import { decodeNpz } from 'pullback/numpy'
import { fromOnnx, toOnnx } from 'pullback/onnx'
import * as E from '#fp/Either'

export type Files = { readonly [name: string]: Uint8Array }

const must = <A>(found: E.Either<Error, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
const said = (found: E.Either<Error, unknown>): string => (E.isLeft(found) ? found.left.message : 'it was read')
/** The bits of some numbers. */
const bits = (x: Tensor): readonly number[] => {
  const { buffer, byteOffset, byteLength } = toTypedArray(x)
  return [...new Uint8Array(buffer, byteOffset, byteLength)]
}

/** Images whose brightness tells their class. */
const batch = () => {
  const target = fromArray(
    Int32Array.from({ length: 30 }, (_, i) => i % 3),
    [30],
  )
  const noise = random.normal(key(4), [30, 8, 8, 1])
  const brightness = op.broadcast(op.reshape(op.cast(target, 'float32'), [30, 1, 1, 1]), noise.shape)
  return { input: op.addScaled(noise, brightness as typeof noise, 2), target }
}

/** A new head is trained behind the frozen trunk of a model of PyTorch, and the whole written as ONNX. */
const fineTuned = (bytes: Uint8Array) => {
  const { layer } = must(fromOnnx(bytes, { outputs: ['/Reshape_output_0'] }))
  const net = compose(freeze(layer, 'features'), named('head', linear(8, 3)))
  const optimizer = adam(0.05)
  const step = trainStep(net, softmaxCrossEntropy, optimizer)
  const data = batch()
  let training = start(net, optimizer, key(3))
  const losses = Array.from({ length: 30 }, () => {
    const [after, { loss }] = step(training, data)
    training = after
    return loss
  })
  const file = toOnnx(net, { params: training.params, state: training.state })
  return { losses, file: [...file] }
}

const refused = (files: Files) => ({
  npz: said(decodeNpz(files['hostile.npz'] as Uint8Array)),
  'npz beyond a limit': said(decodeNpz(files['arrays.npz'] as Uint8Array, { limits: { inflated: 100 } })),
  safetensors: said(decodeSafetensors(files['hostile.safetensors'] as Uint8Array)),
  onnx: said(fromOnnx(files['hostile.onnx'] as Uint8Array)),
  'onnx beyond a limit': said(fromOnnx(files['images.onnx'] as Uint8Array, { limits: { messages: 10 } })),
  tfjs: said(fromTfjs(new TextDecoder().decode(files['images.json']), new Uint8Array(8))),
})

/** All of it, as JSON. */
export const foreign = (files: Files) => {
  const arrays = must(decodeNpz(files['arrays.npz'] as Uint8Array))
  const { tensors } = must(decodeSafetensors(files['mlp.safetensors'] as Uint8Array))
  const { layer, variables } = must(
    fromTfjs(new TextDecoder().decode(files['images.json']), files['images.bin'] as Uint8Array),
  )
  const bitsOf = (all: object) => Object.entries(all).map(([name, x]) => [name, bits(x)] as const)
  return {
    engine: engine().name,
    arrays: bitsOf(arrays),
    tensors: bitsOf(tensors),
    predicted: bits(predict(layer, variables, random.normal(key(5), [2, 8, 8, 2]) as never) as Tensor),
    trained: fineTuned(files['images.onnx'] as Uint8Array),
    refused: refused(files),
  }
}
