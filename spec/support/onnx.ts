// Models of a few nodes, and what onnxruntime makes of them. It is installed in spec/interop, or its specs are skipped.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type AnyTensor, fromArray, type Shape, toTypedArray } from 'pullback'
import type { Message } from '../../lib/onnx/proto/fields.ts'
import { writeMessage } from '../../lib/onnx/proto/write.ts'
import { root } from './run.ts'

const folder = join(root, 'spec', 'interop')
const isInstalled = existsSync(join(folder, 'node_modules', 'onnxruntime-node'))

/** What a spec says where onnxruntime is missing; false where it is there. */
export const withoutRuntime = isInstalled
  ? false
  : 'onnxruntime-node is not installed: npm ci --ignore-scripts --prefix spec/interop'

interface RuntimeTensor {
  readonly type: string
  readonly dims: readonly number[]
  readonly data: ArrayLike<number | bigint>
}
interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly run: (feeds: object) => Promise<Record<string, RuntimeTensor>>
}
interface Runtime {
  readonly InferenceSession: { readonly create: (bytes: Uint8Array, options: object) => Promise<Session> }
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => RuntimeTensor
}

const runtime = (): Runtime => createRequire(join(folder, 'package.json'))('onnxruntime-node') as Runtime

const types = { float32: 'float32', float64: 'float64', int32: 'int32' } as const

/** The outputs of a model in onnxruntime, for inputs in the order of the file. Indices of 64 bits may be asked for. */
export const runModel = async (
  bytes: Uint8Array,
  inputs: readonly AnyTensor[],
  isLong = false,
): Promise<readonly AnyTensor[]> => {
  const { InferenceSession, Tensor } = runtime()
  const session = await InferenceSession.create(bytes, {
    logSeverityLevel: 4,
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  })
  const feeds = Object.fromEntries(
    session.inputNames.map((name, i) => {
      const x = inputs[i] as AnyTensor
      const data = toTypedArray(x)
      if (isLong && x.dtype === 'int32')
        return [name, new Tensor('int64', BigInt64Array.from(data as Int32Array, BigInt), [...x.shape])]
      return [name, new Tensor(types[x.dtype], data, [...x.shape])]
    }),
  )
  const found = await session.run(feeds)
  return session.outputNames.map((name) => {
    const { type, dims, data } = found[name] as RuntimeTensor
    const dtype =
      type === 'float64' ? 'float64' : type === 'float32' ? 'float32' : type === 'bool' ? 'float32' : 'int32'
    return fromArray(Array.from(data, Number), [...dims] as Shape, dtype) as AnyTensor
  })
}

/** A tensor of a file. */
export const tensorMessage = (name: string, t: AnyTensor, dataType?: number): Message<'Tensor'> => {
  const data = toTypedArray(t)
  if (t.dtype === 'int32')
    return {
      name,
      dims: [...t.shape],
      dataType: dataType ?? 7,
      ...(dataType === undefined || dataType === 7 ? { int64Data: [...data] } : { int32Data: [...data] }),
    }
  return { name, dims: [...t.shape], dataType: t.dtype === 'float64' ? 11 : 1, rawData: new Uint8Array(data.buffer) }
}

type AttributeValue =
  | number
  | readonly number[]
  | readonly string[]
  | string
  | AnyTensor
  | { readonly float: number }
  | { readonly floats: readonly number[] }

/** An attribute: a whole number, several, a text, a tensor, or floats, which are marked as such. */
export const attribute = (name: string, value: AttributeValue): Message<'Attribute'> => {
  if (typeof value === 'number') return { name, i: value, type: 2 }
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: 3 }
  if (Array.isArray(value) && typeof value[0] === 'string')
    return { name, strings: value.map((text) => new TextEncoder().encode(text as string)), type: 8 }
  if (Array.isArray(value)) return { name, ints: value as readonly number[], type: 7 }
  if ('float' in (value as object)) return { name, f: (value as { readonly float: number }).float, type: 1 }
  if ('floats' in (value as object))
    return { name, floats: (value as { readonly floats: readonly number[] }).floats, type: 6 }
  return { name, t: tensorMessage('', value as AnyTensor), type: 4 }
}

/** A node: the operator, its inputs and outputs in words, its attributes. */
export const node = (
  opType: string,
  input: string,
  output: string,
  attributes: { readonly [name: string]: AttributeValue } = {},
): Message<'Node'> => ({
  opType,
  input: input
    .split(' ')
    .map((name) => (name === '_' ? '' : name))
    .filter((name, _, all) => name !== '' || all.length > 1),
  output: output.split(' ').map((name) => (name === '_' ? '' : name)),
  attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
})

/** The declaration of an input or an output; a text is a size that is left open. */
export const port = (
  name: string,
  dims: readonly (number | string)[] | undefined,
  elemType = 1,
): Message<'ValueInfo'> => ({
  name,
  type: {
    tensorType: {
      elemType,
      ...(dims && { shape: { dim: dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d })) } }),
    },
  },
})

interface Made {
  readonly opset?: number
  readonly nodes: readonly Message<'Node'>[]
  readonly inputs: readonly Message<'ValueInfo'>[]
  readonly outputs: readonly Message<'ValueInfo'>[]
  readonly tensors?: { readonly [name: string]: AnyTensor }
}

/** The message of a model. */
export const modelMessage = ({ opset = 17, nodes, inputs, outputs, tensors = {} }: Made): Message<'Model'> => ({
  irVersion: 8,
  opsetImport: [{ version: opset }],
  graph: {
    name: 'graph',
    node: nodes,
    initializer: Object.entries(tensors).map(([name, t]) => tensorMessage(name, t)),
    input: inputs,
    output: outputs,
  },
})

export const model = (made: Made): Uint8Array => writeMessage('Model', modelMessage(made))

/** Numbers that look drawn, and are the same at each call. */
export const numbers = (shape: Shape, seed = 1): AnyTensor => {
  const n = shape.reduce((a, b) => a * b, 1)
  return fromArray(
    Float32Array.from({ length: n }, (_, i) => 2 * Math.sin(12.9898 * (i + 1) * seed + seed)),
    shape,
  )
}
