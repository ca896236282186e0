import * as t from 'io-ts'
import { decode } from '../../codec/issue.ts'
import { FormatError } from '../../error/fileError.ts'
import type { Listing } from './listing.ts'

const weight = t.intersection([
  t.type({ name: t.string, shape: t.readonlyArray(t.number), dtype: t.string }),
  t.partial({ quantization: t.type({ dtype: t.string }) }),
])
const document = t.partial({
  weightsManifest: t.readonlyArray(t.type({ weights: t.readonlyArray(weight) })),
})

/** Lists the weights that a model.json of TensorFlow.js declares, also those of a graph model. No others are read. */
export const listTfjs = (file: string, json: { readonly [name: string]: unknown }): Listing => {
  const found = decode(document)(json)
  if (found._tag === 'Left') {
    const [{ path, message }] = found.left
    const expected = 'a weightsManifest of groups with weights { name, shape, dtype }'
    const actual = `at ${path}: ${message}`
    throw new FormatError({ format: 'tfjs', reason: 'BadEntry', expected, actual, file })
  }
  const weights = (found.right.weightsManifest ?? []).flatMap((group) => group.weights)
  const texts = Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return {
    tensors: weights.map(({ name, shape, dtype, quantization }) => ({
      name,
      dtype: quantization?.dtype ?? dtype,
      shape,
    })),
    unread: [],
    metadata: Object.fromEntries(texts),
  }
}
