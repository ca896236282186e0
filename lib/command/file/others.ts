// Files that are often given and are not read: how they are called, and how to get a file that is read.
/** A file that is not read: how it is called, and what to do. */
export interface Other {
  readonly actual: string
  readonly remedy: string
}

const fromPytorch =
  "load it in PyTorch and write the weights by safetensors.torch.save_file(model.state_dict(), 'model.safetensors'), or the network by torch.onnx.export"
const fromKeras =
  'tensorflowjs_converter writes the model as a model.json, which is read; or write the weights by numpy.savez'
const fromTensorflow = 'write it as ONNX: python -m tf2onnx.convert'

export const pytorch: Other = { actual: 'a file of PyTorch', remedy: fromPytorch }
export const pickle: Other = {
  actual: 'a pickle of Python, as older releases of PyTorch write it, which runs code when it is loaded',
  remedy: fromPytorch,
}
export const keras: Other = { actual: 'a model of Keras', remedy: fromKeras }
export const protobuf: Other = { actual: 'a graph of TensorFlow', remedy: fromTensorflow }
export const unknown: Other = { actual: 'a file of another kind', remedy: 'write it in one of these formats' }

const picture: Other = { actual: 'a picture', remedy: 'look at the name of the file' }
const packed = (by: string, remedy: string): Other => ({ actual: `a file that ${by} has packed`, remedy })

/** The files that certain letters tell, which stand at the beginning, or at some byte. */
export const others: readonly (readonly [letters: string, other: Other, at?: number])[] = [
  ['\x80\x02', pickle],
  ['\x80\x03', pickle],
  ['\x80\x04', pickle],
  ['\x80\x05', pickle],
  ['\x89HDF', { actual: 'a file of HDF5, as Keras writes it', remedy: fromKeras }],
  ['GGUF', { actual: 'a file of GGUF', remedy: 'take the safetensors that it was made of' }],
  ['TFL3', { actual: 'a model of TensorFlow Lite', remedy: `${fromTensorflow} --tflite` }, 4],
  ['\x08\x01\x12', protobuf],
  ['\x89PNG', picture],
  ['\xff\xd8\xff', picture],
  ['GIF8', picture],
  ['\x1f\x8b', packed('gzip', 'unpack it by gunzip')],
  ['BZh', packed('bzip2', 'unpack it by bunzip2')],
  ['\xfd7zXZ', packed('xz', 'unpack it by unxz')],
  ['\x28\xb5\x2f\xfd', packed('zstd', 'unpack it by unzstd')],
]
