import { reshape } from '../op/shape/reshape.ts'
import { slice } from '../op/shape/slice.ts'
import { transpose } from '../op/shape/transpose.ts'
import { copied } from '../tensor/pack.ts'
import { read } from '../tensor/to.ts'
import { fresh } from '../tensor/view.ts'
import type { AnyTensor, Shape, Tensor } from '../type/tensor.ts'
import { axesIn } from './layout/layout.ts'

/** The layout of a tensor in another library: its shape there, and the way there and back. */
export interface Turn {
  readonly shape: Shape
  readonly from: (there: AnyTensor) => AnyTensor
  readonly to: (here: AnyTensor) => AnyTensor
  /** The changes on its way here, in words; empty if there are none. */
  readonly says: string
}

type Change = (x: AnyTensor) => AnyTensor

/** A change made by views, and the numbers packed afterwards. */
const packing =
  (change: Change): Change =>
  (x) => {
    const y = read('fromStateDict', change(x))
    return fresh(y.shape, copied(y)) as AnyTensor
  }

const permuted = (order: readonly number[]): Change =>
  packing((x) => transpose(x as Tensor, order as never) as AnyTensor)

/** The same layout there. */
export const same = (shape: Shape): Turn => ({ shape, from: (x) => x, to: (x) => x, says: '' })

/** Axes in another order. */
export const axesTurned = (shape: Shape, here: string, there: string): Turn => {
  const [own, other] = [axesIn(here), axesIn(there)]
  if (here === there || shape.length !== own.length) return same(shape)
  return {
    shape: other.map((axis) => shape[own.indexOf(axis)] as number),
    from: permuted(own.map((axis) => other.indexOf(axis))),
    to: permuted(other.map((axis) => own.indexOf(axis))),
    says: `${there} → ${here}`,
  }
}

/** Rows of a tensor that has those of several variables, one below the other, from one on. Written, they are joined. */
export const rowsOf = (shape: Shape, first: number, all: number): Turn => {
  const [rows = 0, ...rest] = shape
  return {
    shape: [all, ...rest],
    from: packing((x) => slice(x as Tensor, [[first, first + rows]]) as AnyTensor),
    to: (x) => x,
    says: `rows ${first} to ${first + rows - 1}`,
  }
}

/** The entries of the last axis, which are so many rows and the columns in them, column by column. */
const lastTurned = (rows: number): Change =>
  packing((x) => {
    const lead = x.shape.slice(0, -1)
    const columns = (x.shape.at(-1) as number) / rows
    const matrix = reshape(x as Tensor, [...lead, rows, columns] as Shape) as Tensor
    const turned = transpose(matrix, [...lead.keys(), lead.length + 1, lead.length] as never) as Tensor
    return reshape(turned, x.shape as Shape) as AnyTensor
  })

/** Entries of the last axis that were flattened with channels first there, and channels last here. */
export const channelsTurned = (shape: Shape, channels: number): Turn => ({
  shape,
  from: lastTurned(channels),
  to: lastTurned((shape.at(-1) as number) / channels),
  says: `flattened channels first → last (${channels} channels)`,
})
