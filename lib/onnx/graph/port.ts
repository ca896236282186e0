// The inputs and outputs of a graph, and what they are to a layer.
import { DTypeError, ShapeError } from '../../error/tensorError.ts'
import { any } from '../../layer/layer.ts'
import { zeros } from '../../tensor/create.ts'
import { showShape } from '../../tensor/shape.ts'
import type { AnyTensor, DType, Shape, Tensor } from '../../type/tensor.ts'
import { dataTypes, showType } from '../dataType.ts'
import type { Message } from '../proto/fields.ts'
import { byteOf } from '../proto/place.ts'
import { type Kind, lastOf, ofLast, ofTensor, tensorOf, type Value } from '../value.ts'
import { wrong } from '../wrong.ts'

/** An input or an output of an imported graph. */
export interface OnnxPort {
  /** Its name in the file. */
  readonly name: string
  /** Its sizes there, the batch first; −1 for one that the file leaves open. Undefined if the file says none. */
  readonly shape: Shape | undefined
  /** Its number format there: 'float', 'int64'. */
  readonly type: string
}

/** How images at the borders of a graph are laid out: as the file has them, or as our layers do. */
export type ImageLayout = 'NHWC' | 'NCHW'

/** An input or an output as it is declared. */
export const portOf = (message: Message<'ValueInfo'>): OnnxPort => {
  const { elemType, shape } = message.type?.tensorType ?? {}
  const sizes = shape && (shape.dim ?? []).map(({ dimValue }) => dimValue ?? -1)
  if (sizes?.some((n) => n < -1))
    throw wrong('BadShape', 'sizes that are not negative', showShape(sizes), {
      byte: byteOf(message),
      entry: message.name,
    })
  return { name: message.name ?? '', shape: sizes, type: showType(elemType) }
}

/** An input of a layer. One whose number format is not read, or that has no batch, is refused. */
export const portIn = (message: Message<'ValueInfo'>, refuse: (path: string, why: string) => void) => {
  const port = portOf(message)
  const found = dataTypes.get(message.type?.tensorType?.elemType ?? 0)
  if (found === undefined) refuse(port.name, `the input '${port.name}' of ${port.type}`)
  if (port.shape?.length === 0) refuse(port.name, `the input '${port.name}' without axes, which has no batch`)
  const kind: Kind = found?.kind ?? 'float'
  const dtype: DType = found === undefined || kind === 'bool' ? 'float32' : found.numbers.dtype
  return { ...port, kind, dtype }
}

export type PortIn = ReturnType<typeof portIn>

const isImages = (shape: Shape | undefined, images: ImageLayout): boolean => shape?.length === 4 && images === 'NHWC'

/** The port of one example. */
export const exampleOf = ({ shape }: PortIn, images: ImageLayout): unknown => {
  if (shape === undefined) return any
  const [, ...sizes] = shape
  return isImages(shape, images) ? [sizes[1], sizes[2], sizes[0]] : sizes
}

/** A tensor at the border as a value. An empty minibatch is one of zeros, since sizes of 0 mean something else there. */
export const entering = (port: PortIn, x: AnyTensor, images: ImageLayout): Value => {
  const { shape, kind, dtype, name } = port
  const batch = shape?.[0] ?? -1
  const given = x.shape[0] === 0 ? (zeros([Math.max(1, batch), ...x.shape.slice(1)], dtype) as AnyTensor) : x
  if (batch > 0 && given.shape[0] !== batch)
    throw new ShapeError({
      op: 'onnx',
      expected: `a batch of ${batch} for '${name}', for which the file is made`,
      actual: showShape(x.shape),
      remedy: 'export it with a batch of any size',
    })
  const isFloat = given.dtype !== 'int32'
  if ((kind === 'int') === isFloat)
    throw new DTypeError({
      op: 'onnx',
      expected: `${kind === 'int' ? 'int32' : 'floats'} for '${name}'`,
      actual: given.dtype,
    })
  if (isImages(given.shape, images)) return ofLast(given as Tensor, kind)
  return ofTensor(given, kind)
}

/** A value as a tensor at the border. */
export const leaving = (v: Value, images: ImageLayout): AnyTensor =>
  isImages(v.dims, images) ? lastOf(v) : tensorOf(v)
