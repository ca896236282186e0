// The kernels that are written, by their names.

import type { DType } from '../../type/tensor.ts'
import { codes } from '../dataType.ts'
import { entrywise } from './entrywise.ts'
import { images } from './image.ts'
import { numberAt, onRows, viewAt, type Writer, type Writers } from './kernel.ts'
import { normalization } from './normalize.ts'
import type { OpenView } from './record.ts'
import { isBatch, type Size } from './size.ts'
import { inRows, NoLayout } from './tensors.ts'

const shapeOf = (view: OpenView): readonly Size[] => view.shape
const own = (call: Parameters<Writer>[0]): readonly Size[] => shapeOf(viewAt(call, 0))
const without = (dims: readonly Size[]): readonly Size[] => dims.slice(0, -1)

const rows: Writer = (call) => {
  const [f, view] = [call.args[0] as string, viewAt(call, 1)]
  const name = call.tensors.of(view, true)
  const y =
    f === 'cumsum'
      ? call.g.node('CumSum', [name, call.g.index(view.shape.length - 1)])
      : call.g.node(f === 'softmax' ? 'Softmax' : 'LogSoftmax', [name], { axis: -1 })
  return [inRows(y, view.shape)]
}

const sum: Writer = (call) => {
  const [view, kept] = [viewAt(call, 0), numberAt(call, 1)]
  const axes = [...view.shape.keys()].slice(kept)
  if (axes.some((i) => isBatch(view.shape[i] as Size))) throw new NoLayout('a sum over the examples of a batch')
  const name = call.tensors.of(view, true)
  return [inRows(axes.length === 0 ? name : call.g.reduce('ReduceSum', name, axes, false), view.shape.slice(0, kept))]
}

const concat: Writer = (call) => {
  const [views, axis] = [call.args[0] as readonly OpenView[], numberAt(call, 1)]
  const sizes = views.map((view) => view.shape[axis] as Size)
  if (sizes.some(isBatch)) throw new NoLayout('examples that are joined')
  const total = (sizes as readonly number[]).reduce((a, b) => a + b, 0)
  const dims = (views[0] as OpenView).shape.map((n, i) => (i === axis ? total : n))
  return [
    inRows(
      call.g.node(
        'Concat',
        views.map((view) => call.tensors.of(view, true)),
        { axis },
      ),
      dims,
    ),
  ]
}

/** Equal entries stay in order, as the operator has it too. */
const argsort: Writer = (call) => {
  const [{ g }, view] = [call, viewAt(call, 0)]
  const n = view.shape.at(-1) as Size
  if (isBatch(n)) throw new NoLayout('examples that are sorted')
  const inputs = [call.tensors.of(view, true), g.ints([n as number])]
  const indices = g.node('TopK', inputs, { axis: -1, largest: 0, sorted: 1 }, 2)
  return [inRows(g.node('Cast', [indices], { to: codes.int32 }), view.shape)]
}

/** Entries added at their indices into rows of zeros. */
const putAlong: Writer = (call) => {
  const [{ g }, d, n] = [call, viewAt(call, 0), numberAt(call, 2)]
  if (g.opset < 16) throw new NoLayout('an operator of version 16')
  const dims = [...without(d.shape), n]
  const nothing = g.node('Expand', [g.scalar(0, d.dtype), g.sizes(dims)])
  const inputs = [nothing, call.tensors.of(viewAt(call, 1), true), call.tensors.of(d, true)]
  return [inRows(g.node('ScatterElements', inputs, { axis: -1, reduction: 'add' }), dims)]
}

/** Entries at their indices in rows of zeros: classes as zeros and ones. */
const place: Writer = (call) => {
  const [{ g, tensors }, d, index, n] = [call, viewAt(call, 0), viewAt(call, 1), numberAt(call, 2)]
  const labels = g.numbers(
    'labels',
    [n],
    Int32Array.from({ length: n }, (_, i) => i),
    'int32',
  )
  const label = g.reshape(tensors.of(index, true), index.shape, [...index.shape, 1])
  const entry = g.reshape(tensors.of(d), tensors.dims(d), [...tensors.dims(d), 1])
  const y = g.node('Where', [g.node('Equal', [label, labels]), entry, g.scalar(0, d.dtype)])
  return [inRows(y, [...d.shape, n])]
}

export const writers: Writers = {
  argsort,
  place,
  putAlong,
  ...entrywise,
  ...images,
  ...normalization,
  copy: (call) => [inRows(call.tensors.of(viewAt(call, 0), true), own(call))],
  cast: (call) => [
    inRows(
      call.g.node('Cast', [call.tensors.of(viewAt(call, 0), true)], { to: codes[call.args[1] as DType] }),
      own(call),
    ),
  ],
  sum,
  rows,
  concat,
  logSumExp: onRows(
    (call) => without(own(call)),
    ({ g, args }, x) => g.reduce('ReduceLogSumExp', x, [(args[0] as OpenView).shape.length - 1], false),
    1,
  ),
  argmax: onRows(
    (call) => without(own(call)),
    ({ g }, x) => g.node('Cast', [g.node('ArgMax', [x], { axis: -1, keepdims: 0 })], { to: codes.int32 }),
    1,
  ),
  matmul: onRows(
    (call) => [...without(own(call)), viewAt(call, 1).shape.at(-1) as Size],
    ({ g }, a, b) => g.node('MatMul', [a, b]),
    2,
  ),
  affine: onRows(
    (call) => [own(call)[0] as Size, viewAt(call, 1).shape[0] as Size],
    ({ g }, x, W, b) => g.node('Gemm', [x, W as string, b as string], { transB: 1 }),
    3,
  ),
  gather: onRows(
    (call) => [...viewAt(call, 1).shape, ...own(call).slice(1)],
    ({ g }, x, i) => g.node('Gather', [x, i as string], { axis: 0 }),
    2,
  ),
  takeAlong: onRows(
    (call) => shapeOf(viewAt(call, 1)),
    ({ g }, x, i) => g.node('GatherElements', [x, i as string], { axis: -1 }),
    2,
  ),
  pick: onRows(
    (call) => without(own(call)),
    (call, x, i) => {
      const dims = without(own(call))
      const taken = call.g.node('GatherElements', [x, call.g.reshape(i as string, dims, [...dims, 1])], { axis: -1 })
      return call.g.reshape(taken, [...dims, 1], dims)
    },
    2,
  ),
}
