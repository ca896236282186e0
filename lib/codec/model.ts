import * as t from 'io-ts'
import * as E from '#fp/Either'
import type { FormatError } from '../error/fileError.ts'
import type { Layer } from '../layer/layer.ts'
import { fromSpec, type Variables } from '../layer/variables.ts'
import { zeros } from '../tensor/create.ts'
import { isTensor } from '../tensor/view.ts'
import { isBranch } from '../tree/tree.ts'
import type { Float } from '../type/tensor.ts'
import { matching, readState, statePieces } from './bytes.ts'
import { codecOf } from './codecOf.ts'
import { type Checksum, crc32 } from './crc32.ts'
import { joined } from './pieces.ts'
import type { Json } from './state.ts'

/** Metadata of a model: the labels of its classes, its origin, its quality. */
export type Metadata = { readonly [name: string]: Json }

/** A trained model: the variables of a layer, and metadata. The layer itself is code, and not part of it. */
export interface Model<P, S> extends Variables<P, S> {
  readonly metadata: Metadata
}

/** `modelToBytes` in pieces, with a faster checksum where there is one. */
export const modelPieces = (
  op: string,
  { params, state }: Variables<unknown, unknown>,
  metadata: Metadata,
  checksum: Checksum,
): readonly Uint8Array[] => statePieces(op, { params, state, metadata }, checksum)

/**
 * The bytes of a trained model: the parameters and state of its layer, including those of its preprocessing, and
 * metadata. They are a safetensors file with the names `params.L1.W`, `state.…`.
 *
 * @example
 * import { init, key, linear, modelFromBytes, modelToBytes } from 'pullback'
 * const net = linear(3, 2)
 * const model = modelFromBytes(net)(modelToBytes(init(net, key(0)), { labels: ['no', 'yes'] }))
 * model._tag === 'Right' && model.right.metadata.labels // => ['no', 'yes']
 */
export const modelToBytes = (variables: Variables<unknown, unknown>, metadata: Metadata = {}): Uint8Array =>
  joined(modelPieces('modelToBytes', variables, metadata, crc32))

/** The number format of the first tensor in a value, if there is one. */
const formatOf = (u: unknown): Float | undefined => {
  if (isTensor(u)) return u.dtype === 'int32' ? undefined : u.dtype
  if (!isBranch(u)) return undefined
  for (const name of Object.keys(u)) {
    const found = formatOf(u[name])
    if (found !== undefined) return found
  }
  return undefined
}

const json: t.Type<Json> = t.recursion('JSON', () =>
  t.union([t.null, t.boolean, t.number, t.string, t.readonlyArray(json), t.record(t.string, json)]),
)

/** `modelFromBytes` with a faster checksum where there is one. */
export const decodeModel =
  <I, O, P, S>(layer: Layer<I, O, P, S>, checksum: Checksum = crc32) =>
  (bytes: Uint8Array): E.Either<FormatError, Model<P, S>> =>
    E.chain((found: unknown) => {
      const dtype = formatOf(found) ?? 'float32'
      const template = (spec: unknown): t.Type<unknown> => codecOf(fromSpec(spec, ({ shape }) => zeros(shape, dtype)))
      const codec = t.type({
        params: template(layer.params),
        state: template(layer.state),
        metadata: t.record(t.string, json),
      })
      return matching<Model<P, S>>(codec as unknown as t.Type<Model<P, S>>, found)
    })(readState(bytes, checksum))

/**
 * Reads a model from its bytes, for the layer that it was trained with. Its numbers are float32 or float64, as they
 * were saved. A file of another layer is a `FormatError` whose `differences` list the tensors that are missing, extra
 * or of another shape.
 *
 * @example
 * import { init, key, linear, modelFromBytes, modelToBytes } from 'pullback'
 * const found = modelFromBytes(linear(3, 2))(modelToBytes(init(linear(4, 2), key(0))))
 * found._tag === 'Left' && found.left.differences.map(({ path }) => path) // => ['params.W']
 */
export const modelFromBytes = <I, O, P, S>(
  layer: Layer<I, O, P, S>,
): ((bytes: Uint8Array) => E.Either<FormatError, Model<P, S>>) => decodeModel(layer)
