import type * as E from '#fp/Either'
import { formatted } from '../codec/formatted.ts'
import type { FormatError } from '../error/fileError.ts'
import { showType } from './dataType.ts'
import { modelIn } from './fromOnnx.ts'
import { type OnnxPort, portOf } from './graph/port.ts'
import { limitsIn } from './proto/limits.ts'

/** What is in a model of ONNX. */
export interface OnnxList {
  /** The initializers in the order of the file, with the number formats that they have there. */
  readonly tensors: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[]
  readonly inputs: readonly OnnxPort[]
  readonly outputs: readonly OnnxPort[]
  /** How many nodes there are of each operator, and the version of each domain of operators. */
  readonly operators: { readonly [name: string]: number }
  readonly opsets: { readonly [domain: string]: number }
  readonly producer: string
  readonly metadata: { readonly [name: string]: string }
}

/**
 * Lists what is in a model of ONNX, also in one that cannot be read as a layer: its tensors, inputs, outputs and
 * operators. No numbers are read.
 *
 * @example
 * import { init, key, linear } from 'pullback'
 * import { listOnnx, toOnnx } from 'pullback/onnx'
 * const found = listOnnx(toOnnx(linear(3, 2), init(linear(3, 2), key(0))))
 * found._tag === 'Right' && found.right.operators // => { Gemm: 1, Identity: 1 }
 */
export const listOnnx = (bytes: Uint8Array): E.Either<FormatError, OnnxList> =>
  formatted(() => {
    const {
      graph,
      opsetImport = [],
      metadataProps = [],
      producerName,
      producerVersion,
    } = modelIn(bytes, limitsIn('listOnnx'))
    const { node = [], initializer = [], input = [], output = [] } = graph ?? {}
    const counts = new Map<string, number>()
    for (const { opType = '', domain } of node) {
      const name = domain ? `${domain}.${opType}` : opType
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    const own = new Set(initializer.map(({ name }) => name))
    return {
      tensors: initializer.map(({ name = '', dims = [], dataType }) => ({
        name,
        dtype: showType(dataType),
        shape: dims,
      })),
      inputs: input.filter(({ name }) => !own.has(name)).map(portOf),
      outputs: output.map(portOf),
      operators: Object.fromEntries(counts),
      opsets: Object.fromEntries(opsetImport.map(({ domain, version = 0 }) => [domain || 'ai.onnx', version])),
      producer: [producerName, producerVersion].filter((part) => part).join(' '),
      metadata: Object.fromEntries(metadataProps.map(({ key = '', value = '' }) => [key, value])),
    }
  })
