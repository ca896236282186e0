import { sizeOf, stridesOf } from '../../tensor/shape.ts'
import type { Raw } from '../../tensor/view.ts'
import type { Float, Shape } from '../../type/tensor.ts'
import type { Kernels } from '../kernels.ts'
import { cast, concat, copy, gather, padTo, pick, place, takeAlong } from '../reference/move.ts'
import { argmax, argsort } from '../reference/rows.ts'
import type { KernelExports } from './exports.ts'
import type { Heap, ScopedHeap } from './memory.ts'
import { moveRecord } from './moveRecord.ts'

type Moves = Pick<
  Kernels,
  | 'copy'
  | 'cast'
  | 'gather'
  | 'scatterAdd'
  | 'pick'
  | 'place'
  | 'takeAlong'
  | 'putAlong'
  | 'concat'
  | 'padTo'
  | 'argmax'
  | 'argsort'
>

const widthOf = (x: Raw): number => x.buffer.BYTES_PER_ELEMENT

/** Kernels that move entries in the memory; to be run by the heap. */
export const moves = (heap: Heap, exports: KernelExports): Moves => {
  /** Moves the entries of a view, if it has any, to an address, with the strides that they get there. */
  const moveTo = (x: Raw, to: number, stride: Shape): void => {
    if (x.size === 0) return
    const from = heap.place(x)
    exports.move(from.at, to, heap.write(moveRecord(x.shape, from.stride, stride)), widthOf(x))
  }
  const copy: Kernels['copy'] = (x) => {
    const to = heap.reserve(x.size * widthOf(x))
    moveTo(x, to, stridesOf(x.shape))
    return heap.result(x.dtype, to, x.size)
  }
  /** The address of a view's numbers in float64. */
  const widened = (x: Raw): number => {
    const from = heap.packed(x)
    if (x.dtype === 'float64') return from
    const to = heap.reserve(x.size * 8)
    if (x.dtype === 'int32') exports.fromInt32(from, to, x.size)
    else exports.widen(from, to, x.size)
    return to
  }
  return {
    copy,
    cast: (x, to) => {
      if (x.dtype === to) return copy(x) as never
      const wide = widened(x)
      if (to === 'float64') return heap.result(to, wide, x.size)
      const at = heap.reserve(x.size * 4)
      if (to === 'int32') exports.toInt32(wide, at, x.size)
      else exports.narrow(wide, at, x.size)
      return heap.result(to, at, x.size)
    },
    gather: (x, index) => {
      const n = sizeOf(x.shape.slice(1))
      const [from, at] = [heap.packed(x), heap.packed(index)]
      const to = heap.reserve(index.size * n * widthOf(x))
      exports.gather(from, at, to, index.size, n * widthOf(x))
      return heap.result(x.dtype, to, index.size * n)
    },
    scatterAdd: (d, index, rows) => {
      const n = sizeOf(d.shape.slice(index.shape.length))
      const at = heap.packed(index)
      if (d.dtype !== 'int32') {
        const [from, to] = [heap.packed(d), heap.reserve(rows * n * widthOf(d))]
        exports[d.dtype].scatterAdd(from, at, to, index.size, n, rows)
        return heap.result(d.dtype, to, rows * n)
      }
      const [from, sums, to] = [widened(d), heap.reserve(rows * n * 8), heap.reserve(rows * n * 4)]
      exports.float64.scatterAdd(from, at, sums, index.size, n, rows)
      exports.toInt32(sums, to, rows * n)
      return heap.result('int32', to, rows * n)
    },
    pick: (x, index) => {
      const [from, at] = [heap.packed(x), heap.packed(index)]
      const to = heap.reserve(index.size * widthOf(x))
      exports.pick(from, at, to, index.size, x.shape[x.shape.length - 1] as number, 0, widthOf(x))
      return heap.result(x.dtype, to, index.size)
    },
    place: (d, index, n) => {
      const [from, at] = [heap.packed(d), heap.packed(index)]
      const to = heap.reserve(index.size * n * widthOf(d))
      exports.clear(to, index.size * n * widthOf(d))
      exports.pick(from, at, to, index.size, 0, n, widthOf(d))
      return heap.result(d.dtype, to, index.size * n)
    },
    takeAlong: (x, index) => {
      const [n, k] = [x.shape[x.shape.length - 1] as number, index.shape[index.shape.length - 1] as number]
      const [from, at] = [heap.packed(x), heap.packed(index)]
      const to = heap.reserve(index.size * widthOf(x))
      exports.takeAlong(from, at, to, k === 0 ? 0 : index.size / k, n, k, widthOf(x))
      return heap.result(x.dtype, to, index.size)
    },
    putAlong: (d, index, n) => {
      const k = index.shape[index.shape.length - 1] as number
      const rows = sizeOf(index.shape.slice(0, -1))
      const [from, at] = [heap.packed(d), heap.packed(index)]
      const to = heap.reserve(rows * n * widthOf(d))
      exports[d.dtype as Float].putAlong(from, at, to, rows, k, n)
      return heap.result(d.dtype, to, rows * n)
    },
    concat: (xs, axis) => {
      const first = xs[0] as Raw
      const shape = [...first.shape]
      shape[axis] = xs.reduce((n, x) => n + (x.shape[axis] as number), 0)
      const [size, stride] = [sizeOf(shape), stridesOf(shape)]
      const to = heap.reserve(size * widthOf(first))
      let at = to
      for (const x of xs) {
        moveTo(x, at, stride)
        at += (x.shape[axis] as number) * (stride[axis] as number) * widthOf(first)
      }
      return heap.result(first.dtype, to, size)
    },
    padTo: (d, shape, { stride, offset }) => {
      const bytes = sizeOf(shape) * widthOf(d)
      const to = heap.reserve(bytes)
      exports.clear(to, bytes)
      moveTo(d, to + offset * widthOf(d), stride)
      return heap.result(d.dtype, to, sizeOf(shape))
    },
    argmax: (x) => {
      const [from, width] = x.dtype === 'int32' ? [widened(x), 8] : [heap.packed(x), widthOf(x)]
      const rows = sizeOf(x.shape.slice(0, -1))
      const to = heap.reserve(rows * 4)
      exports.argmax(from, to, rows, x.shape[x.shape.length - 1] as number, width)
      return heap.result('int32', to, rows)
    },
    argsort: (x) => {
      const [from, width] = x.dtype === 'int32' ? [widened(x), 8] : [heap.packed(x), widthOf(x)]
      const n = x.shape[x.shape.length - 1] as number
      const [to, spare] = [heap.reserve(x.size * 4), heap.reserve(n * 4)]
      exports.argsort(from, to, spare, sizeOf(x.shape.slice(0, -1)), n, width)
      return heap.result('int32', to, x.size)
    },
  }
}

const outside = { copy, cast, gather, pick, place, takeAlong, concat, padTo, argmax, argsort }

/**
 * The same kernels within a scope. Outside of one, where arguments would have to be copied in and the result out, they
 * are those of `reference`.
 */
export const movesByScope = (heap: ScopedHeap, exports: KernelExports): Moves => {
  const inside = moves(heap, exports)
  const chosen = (): typeof outside => (heap.isOpen() ? inside : outside)
  return {
    copy: (x) => chosen().copy(x),
    cast: (x, to) => chosen().cast(x, to),
    gather: (x, index) => chosen().gather(x, index),
    scatterAdd: (d, index, n) => heap.run(() => inside.scatterAdd(d, index, n)),
    pick: (x, index) => chosen().pick(x, index),
    place: (d, index, n) => chosen().place(d, index, n),
    takeAlong: (x, index) => chosen().takeAlong(x, index),
    putAlong: (d, index, n) => heap.run(() => inside.putAlong(d, index, n)),
    concat: (xs, axis) => chosen().concat(xs, axis),
    padTo: (d, shape, at) => chosen().padTo(d, shape, at),
    argmax: (x) => chosen().argmax(x),
    argsort: (x) => chosen().argsort(x),
  }
}
