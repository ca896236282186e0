// Moments of groups, and normalization by them.
import type { Builder } from './builder.ts'
import { type Call, dtypeAt, viewAt, type Writer, type Writers } from './kernel.ts'
import { permuted, refined } from './layout.ts'
import type { OpenView } from './record.ts'
import { isBatch, quotient, type Size, same } from './size.ts'
import { inRows, NoLayout, type Tensors } from './tensors.ts'

/** How a matrix is normalized, with open sizes. */
interface Groups {
  readonly blocks: Size
  readonly groups: Size
  readonly centered: boolean
  readonly epsilon: number
}

/** A matrix [m, n] as [blocks, rows, groups, columns]. */
const apart = (x: OpenView, { blocks, groups }: Groups): readonly Size[] => {
  const [m, n] = x.shape as readonly [Size, Size]
  const [rows, columns] = [quotient(m, blocks), quotient(n, groups)]
  if (rows === undefined || columns === undefined) throw new NoLayout('groups of another layout')
  return [blocks, rows, groups, columns]
}

const refinedTo = (tensors: Tensors, view: OpenView, dims: readonly Size[]): string => {
  const found = refined(view, dims)
  if (found === undefined) throw new NoLayout('groups of another layout')
  return tensors.of(found, true)
}

/** The mean, or nothing where numbers are not centered, and the variance or the mean square. */
const moments: Writer = (call) => {
  const { g, tensors } = call
  const o = call.args[1] as Groups
  const x = viewAt(call, 0)
  const name = refinedTo(tensors, x, apart(x, o))
  const dims: readonly Size[] = [o.blocks, 1, o.groups, 1]
  const mean = g.reduce('ReduceMean', name, [1, 3], true)
  const e = o.centered ? g.node('Sub', [name, mean]) : name
  const variance = g.reduce('ReduceMean', g.node('Mul', [e, e]), [1, 3], true)
  return [o.centered ? inRows(mean, dims) : undefined, inRows(variance, dims)]
}

/** By moments that are known: the columns are channels. */
const byChannels = (call: Call, o: Groups): readonly ReturnType<typeof inRows>[] | undefined => {
  const { g, tensors } = call
  const [x, ...vectors] = [0, 1, 2, 3, 4].map((i) => viewAt(call, i)) as [OpenView, ...OpenView[]]
  const n = x.shape[1] as Size
  if (!same(o.blocks, 1) || !same(o.groups, n) || !vectors.every((v) => tensors.constant(v) !== undefined))
    return undefined
  const names = vectors.map((v) => tensors.of(v))
  const held = tensors.held(x)
  const node = (of: string): string => g.node('BatchNormalization', [of, ...names], { epsilon: { float: o.epsilon } })
  // Images with the channels in front are what the operator is made for.
  const isImages = held !== undefined && held.order.join() === '0,2,3,1' && same(held.dims[1] as Size, n)
  const fine = isImages
    ? refined(
        x,
        [0, 2, 3, 1].map((i) => held.dims[i] as Size),
      )
    : undefined
  if (fine === undefined || held === undefined) return [inRows(node(tensors.of(x, true)), x.shape)]
  return [{ ...held, name: node(tensors.of(permuted(fine, [0, 3, 1, 2]), true)) }]
}

/** Each row by its own moments, or by its mean square, which the operator computes itself. */
const byRows = (
  g: Builder,
  call: Call,
  o: Groups,
  isOwn: boolean,
): readonly ReturnType<typeof inRows>[] | undefined => {
  const x = viewAt(call, 0)
  const isRow = isOwn && same(o.groups, 1) && same(o.blocks, x.shape[0] as Size)
  if (!isRow || g.opset < (o.centered ? 17 : 23)) return undefined
  const [name = '', scale = '', shift = ''] = [0, 1, 2].map((i) => call.tensors.of(viewAt(call, i), true))
  const options = { axis: -1, epsilon: { float: o.epsilon } }
  if (o.centered) return [inRows(g.node('LayerNormalization', [name, scale, shift], options), x.shape)]
  const y = g.node('RMSNormalization', [name, scale], options)
  const added = call.tensors.numbers(viewAt(call, 2))?.data
  return [inRows(added?.every((of) => of === 0) === true ? y : g.node('Add', [y, shift]), x.shape)]
}

const normalize: Writer = (call) => {
  const { g, tensors } = call
  const o = call.args[5] as Groups
  if (isBatch(o.epsilon as Size)) throw new NoLayout('a number that depends on the size of the batch')
  const [x, scale, shift, mean, variance] = [0, 1, 2, 3, 4].map((i) => viewAt(call, i)) as [
    OpenView,
    OpenView,
    OpenView,
    OpenView,
    OpenView,
  ]
  const isOwn = tensors.constant(variance) === undefined
  const direct = byChannels(call, o) ?? byRows(g, call, o, isOwn)
  if (direct !== undefined) return direct
  const dims = apart(x, o)
  const [blocks, , groups, columns] = dims as readonly [Size, Size, Size, Size]
  const name = refinedTo(tensors, x, dims)
  const around = (v: OpenView): string => refinedTo(tensors, v, [blocks, 1, groups, 1])
  const along = (v: OpenView): string => refinedTo(tensors, v, [1, 1, groups, columns])
  const centered = o.centered ? g.node('Sub', [name, around(mean)]) : name
  const root = g.node('Sqrt', [g.node('Add', [around(variance), g.scalar(o.epsilon, dtypeAt(call, 0))])])
  const y = g.node('Add', [g.node('Mul', [g.node('Div', [centered, root]), along(scale)]), along(shift)])
  return [inRows(y, dims)]
}

export const normalization: Writers = { moments, normalize }
