import { concat } from '../op/shape/concat.ts'
import { reshape } from '../op/shape/reshape.ts'
import { slice } from '../op/shape/slice.ts'
import { arrays } from '../tensor/data.ts'
import type { AnyTensor, Tensor } from '../type/tensor.ts'

/** The bytes from which on tensors are sent without waiting for others: a tenth of a millisecond on one machine. */
const enough = 2 ** 20

const bytesOf = ({ dtype, size }: AnyTensor): number => size * arrays[dtype].BYTES_PER_ELEMENT

/**
 * The indices of tensors in buckets, each of one number format and about a mebibyte; a larger tensor is a bucket by
 * itself. A message costs as much as many thousand numbers, so small tensors go together. The buckets come in the order
 * in which a backward pass completes them: from the last tensors to the first.
 */
export const bucketsOf = (tensors: readonly AnyTensor[]): readonly (readonly number[])[] => {
  const buckets: { readonly indices: number[]; bytes: number }[] = []
  const open = new Map<string, (typeof buckets)[number]>()
  for (let i = tensors.length - 1; i >= 0; i--) {
    const t = tensors[i] as AnyTensor
    const bytes = bytesOf(t)
    const last = open.get(t.dtype)
    const bucket = last === undefined || bytes >= enough ? { indices: [], bytes: 0 } : last
    if (bucket !== last) buckets.push(bucket)
    bucket.indices.push(i)
    bucket.bytes += bytes
    if (bytes < enough) open.set(t.dtype, bucket)
    if (bytes < enough && bucket.bytes >= enough) open.delete(t.dtype)
  }
  const end = (indices: readonly number[]): number => indices[indices.length - 1] as number
  return buckets.map(({ indices }) => indices).sort((a, b) => end(b) - end(a))
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
