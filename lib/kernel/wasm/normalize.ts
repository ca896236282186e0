import type { Raw } from '../../tensor/view.ts'
import type { Float } from '../../type/tensor.ts'
import type { Normalization, NormalizationKernels } from '../kernels.ts'
import type { NormalizationKernelName } from '../names.ts'
import type { KernelExports } from './exports.ts'
import type { Heap } from './memory.ts'

export const normalizing = (heap: Heap, exports: KernelExports<NormalizationKernelName>): NormalizationKernels => {
  const about = (x: Raw, { blocks, groups }: Normalization) => {
    const [m, n] = x.shape as readonly [number, number]
    return {
      kernels: exports[x.dtype as Float],
      bytes: x.buffer.BYTES_PER_ELEMENT,
      byRow: blocks === m && groups === 1,
      rows: [m, n] as const,
      parts: [blocks, blocks === 0 ? 0 : m / blocks, groups, groups === 0 ? 0 : n / groups] as const,
      n,
      /** Allocates the given count of numbers for each column, and a vector behind them. */
      room: (each: number): number => heap.reserve(8 * each * (n + 4)),
    }
  }
  return {
    moments: (x, o) =>
      heap.run(() => {
        const { kernels, bytes, byRow, rows, parts, room } = about(x, o)
        const count = o.blocks * o.groups
        const from = heap.packed(x)
        const [mean, variance] = [heap.reserve(bytes * count), heap.reserve(bytes * count)]
        if (byRow) kernels.rowMoments(from, mean, variance, ...rows, Number(o.centered))
        else kernels.groupMoments(from, mean, variance, ...parts, room(2))
        return [heap.result(x.dtype, mean, count), heap.result(x.dtype, variance, count)]
      }),
    normalize: (x, scale, shift, mean, variance, o) =>
      heap.run(() => {
        const { kernels, bytes, byRow, rows, parts, room } = about(x, o)
        const from = [x, scale, shift, mean, variance].map(heap.packed)
        const to = heap.reserve(bytes * x.size)
        if (byRow) kernels.normalizeRows(...from, to, ...rows, o.epsilon)
        else kernels.normalizeGroups(...from, to, ...parts, o.epsilon, room(2))
        return heap.result(x.dtype, to, x.size)
      }),
    normalizePullback: (d, x, scale, mean, variance, o) =>
      heap.run(() => {
        const { kernels, bytes, byRow, rows, parts, n, room } = about(x, o)
        const from = [d, x, scale, mean, variance].map(heap.packed)
        const to = [x.size, n, n].map((size) => heap.reserve(bytes * size))
        if (byRow) kernels.normalizeRowsPullback(...from, ...to, ...rows, o.epsilon, Number(o.centered), room(2))
        else kernels.normalizeGroupsPullback(...from, ...to, ...parts, o.epsilon, room(8))
        const [dx, dscale, dshift] = to as [number, number, number]
        return [heap.result(x.dtype, dx, x.size), heap.result(x.dtype, dscale, n), heap.result(x.dtype, dshift, n)]
      }),
  }
}
