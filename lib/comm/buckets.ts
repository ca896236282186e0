import { concat } from '../op/shape/concat.ts'
import { reshape } from '../op/shape/reshape.ts'
import { slice } from '../op/shape/slice.ts'
import { arrays } from '../tensor/data.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'

/** The bytes from which on tensors are sent without waiting for others: about a millisecond between two processes. */
const enough = 2 ** 20

const bytesOf = ({ dtype, size }: AnyTensor): number => size * arrays[dtype].BYTES_PER_ELEMENT

/**
 * The indices of tensors in buckets, each of one number format and about a mebibyte, or one large tensor. A message
 * costs as much as many thousand numbers, so small tensors go together; and the last come first, since a backward pass
 * is done with those first.
 */
export const bucketsOf = (tensors: readonly AnyTensor[]): readonly (readonly number[])[] => {
  const buckets: { readonly indices: number[]; bytes: number }[] = []
  const open = new Map<string, (typeof buckets)[number]>()
  for (let i = tensors.length - 1; i >= 0; i--) {
    const t = tensors[i] as AnyTensor
    let bucket = open.get(t.dtype)
    if (bucket === undefined || bucket.bytes >= enough) {
      bucket = { indices: [], bytes: 0 }
      buckets.push(bucket)
      open.set(t.dtype, bucket)
    }
    bucket.indices.push(i)
    bucket.bytes += bytesOf(t)
  }
  return buckets.map(({ indices }) => indices)
}

/** The numbers of tensors of one format, one after the other. */
export const vectorOf = (tensors: readonly AnyTensor[]): Tensor => {
  const rows = tensors.map((t) => reshape(t as Tensor, [t.size]))
  return (rows.length === 1 ? rows[0] : concat(rows as unknown as readonly [Tensor])) as Tensor
}

/** The tensors whose numbers a vector has, of the shapes of others. */
export const tensorsIn = (vector: Tensor, like: readonly AnyTensor[]): readonly AnyTensor[] => {
  let from = 0
  return like.map((t) => {
    const part = slice(vector, [[from, from + t.size]])
    from += t.size
    return reshape(part, t.shape) as AnyTensor
  })
}
