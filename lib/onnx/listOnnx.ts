import type * as E from '#fp/Either'
import { formatted } from '../codec/formatted.ts'
import type { FormatError } from '../error/fileError.ts'
import { checkOptions } from '../error/options.ts'
import { declaredOf } from './declared.ts'
import { type OnnxPort, portOf } from './graph/port.ts'
import { headerOf, modelIn } from './model.ts'
import type { Message } from './proto/fields.ts'
import { type GivenLimits, limitsIn } from './proto/limits.ts'
import { wrong } from './wrong.ts'

/** Options of models that are listed. */
export interface ListOnnxOptions {
  readonly limits?: GivenLimits | undefined
}

/** What is in a model of ONNX. */
export interface OnnxList {
  /** The initializers in the order of the file, with the number formats that they have there. */
  readonly tensors: readonly { readonly name: string; readonly dtype: string; readonly shape: readonly number[] }[]
  /** The names of other files that have numbers of tensors. */
  readonly external: readonly string[]
  readonly inputs: readonly OnnxPort[]
  readonly outputs: readonly OnnxPort[]
  /** How many nodes there are of each operator, and the version of each domain of operators. */
  readonly operators: { readonly [name: string]: number }
  readonly opsets: { readonly [domain: string]: number }
  readonly producer: string
  readonly metadata: { readonly [name: string]: string }
}

/** The tensors of a graph: initializers, and attributes of its nodes. */
const tensorsOf = ({ node = [], initializer = [] }: Message<'Graph'>) => ({
  own: initializer.map((tensor, i) => ({ name: tensor.name ?? '', ...declaredOf(tensor, `graph.initializer[${i}]`) })),
  others: node.flatMap(({ attribute = [] }, i) =>
    attribute.flatMap(({ t, name }) => (t === undefined ? [] : [declaredOf(t, `graph.node[${i}].${name}`)])),
  ),
})

/**
 * Lists what is in a model of ONNX, also in one that cannot be read as a layer: its tensors, inputs, outputs and
 * operators. No numbers are read, but the sizes of the tensors must agree with their bytes, as for `fromOnnx`, and names
 * that may be there once must be.
 *
 * @example
 * import { init, key, linear } from 'pullback'
 * import { listOnnx, toOnnx } from 'pullback/onnx'
 * const found = listOnnx(toOnnx(linear(3, 2), init(linear(3, 2), key(0))))
 * found._tag === 'Right' && found.right.operators // => { Gemm: 1, Identity: 1 }
 */
export const listOnnx = (bytes: Uint8Array, options: ListOnnxOptions = {}): E.Either<FormatError, OnnxList> => {
  checkOptions('listOnnx', options, ['limits'])
  const limits = limitsIn('listOnnx', options.limits)
  return formatted(() => {
    const model = modelIn(bytes, limits)
    const { node = [], input = [], output = [], ...graph } = model.graph ?? {}
    const counts = new Map<string, number>()
    for (const { opType = '', domain } of node) {
      const name = domain ? `${domain}.${opType}` : opType
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    const { own, others } = tensorsOf({ node, ...graph })
    const names = new Set<string>()
    for (const { name, at } of own) {
      if (names.has(name)) throw wrong('DuplicateName', 'each value once', `'${name}' twice`, at)
      names.add(name)
    }
    const external = [...own, ...others].flatMap((tensor) => (tensor.external ? [tensor.external.file] : []))
    return {
      tensors: own.map(({ name, dtype, dims }) => ({ name, dtype, shape: dims })),
      external: [...new Set(external)],
      inputs: input.filter(({ name = '' }) => !names.has(name)).map(portOf),
      outputs: output.map(portOf),
      operators: Object.fromEntries(counts),
      ...headerOf(model),
    }
  })
}
