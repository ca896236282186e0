// A network of dense layers with ReLU between them as an ONNX model: its bytes, written as protocol buffers. The numbers
// of the fields are those of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
import { Buffer } from 'node:buffer'

/** A number in groups of seven bits, the least first; all but the last group have the eighth bit set. */
const varint = (n) => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))])

const [number, length] = [0, 2]
const header = (field, wire) => Buffer.from(varint(field * 8 + wire))

/** One field of a message: a whole number, a text, bytes, or a message within. */
const field = (id, value) => {
  if (typeof value === 'number') return Buffer.concat([header(id, number), Buffer.from(varint(value))])
  const bytes = Buffer.from(value)
  return Buffer.concat([header(id, length), Buffer.from(varint(bytes.length)), bytes])
}

/** A message of fields [id, value]; those with a list are repeated. */
const message = (...fields) =>
  Buffer.concat(fields.flatMap(([id, value]) => (Array.isArray(value) ? value : [value]).map((v) => field(id, v))))

const float = 1
const int = 2

/** TensorProto. */
const tensor = (name, { data, shape }) =>
  message([1, shape], [2, float], [8, name], [9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)])

/** ValueInfoProto: the name, the type and the shape of an input or an output. */
const port = (name, shape) => {
  const dimensions = message([1, shape.map((n) => message([1, n]))])
  return message([1, name], [2, message([1, message([1, float], [2, dimensions])])])
}

/** AttributeProto with a whole number. */
const attribute = (name, value) => message([1, name], [3, value], [20, int])

/** NodeProto. */
const node = (operator, inputs, output, attributes = []) =>
  message([1, inputs], [2, output], [3, output], [4, operator], [5, attributes])

/** The model with weights [out, in], the input `x` and the output `y`. */
export const modelOf = ({ params, input }, layers) => {
  const last = layers.length - 1
  const outputs = params[`${layers[last]}.b`].shape[0]
  const nodes = layers.flatMap((layer, i) => {
    const from = i === 0 ? 'x' : `h${i}`
    const affine = (to) => node('Gemm', [from, `${layer}.W`, `${layer}.b`], to, [attribute('transB', 1)])
    return i === last ? [affine('y')] : [affine(`z${i + 1}`), node('Relu', [`z${i + 1}`], `h${i + 1}`)]
  })
  const graph = message(
    [1, nodes],
    [2, 'network'],
    [5, Object.entries(params).map(([name, t]) => tensor(name, t))],
    [11, port('x', input.shape)],
    [12, port('y', [input.shape[0], outputs])],
  )
  return message([1, 7], [2, 'pullback'], [7, graph], [8, message([1, ''], [2, 13])])
}
