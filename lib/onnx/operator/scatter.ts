// Operators that take or put entries at tuples of indices, and those that put them along an axis.
import { maskAbove } from '../../op/activation/relu.ts'
import { add } from '../../op/elementwise/add.ts'
import { cast } from '../../op/elementwise/cast.ts'
import { gather } from '../../op/indexing/gather.ts'
import { scatter } from '../../op/indexing/scatter.ts'
import { putAlong } from '../../op/indexing/takeAlong.ts'
import { matmul } from '../../op/linear/matmul.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { ones } from '../../tensor/create.ts'
import { fromArray } from '../../tensor/from.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Shape, Tensor } from '../../type/tensor.ts'
import { floatsOf, ofNumbers, ofTensor, tensorOf, type Value } from '../value.ts'
import { axisIn, type Node, type Operator, type Operators } from './operator.ts'
import { indicesOf } from './part.ts'
import { not } from './unary.ts'

type Index = Tensor<readonly [number], 'int32'>

/**
 * The place of each tuple of indices among the entries of some sizes, row by row; those of each example among its own.
 * Known indices may count from the end.
 */
const placesOf = (v: Value, sizes: Shape, examples = 1): Index => {
  const [k, n] = [sizes.length, sizeOf(sizes)]
  const count = sizeOf(v.dims.slice(0, -1))
  const starts = Float64Array.from({ length: count }, (_, row) => n * Math.floor((row * examples) / count))
  const { numbers } = v
  if (numbers !== undefined) {
    const placeOf = (row: number): number =>
      sizes.reduce((at, size, i) => {
        const index = numbers[row * k + i] as number
        return at * size + (index < 0 ? index + size : index)
      }, 0)
    return tensorOf(
      ofNumbers(
        [count],
        starts.map((start, row) => start + placeOf(row)),
      ),
    ) as Index
  }
  const steps = fromArray(
    sizes.map((_, i) => sizeOf(sizes.slice(i + 1))),
    [k, 1],
    'float64',
  )
  const rows = cast(reshape(tensorOf(v), [count, k] as never), 'float64')
  const within = reshape(matmul(rows as never, steps as never), [count]) as Tensor
  return cast(add(within, fromArray(starts, [count], 'float64') as Tensor), 'int32') as Index
}

const gatherTuples: Operator = (node) => {
  const batch = node.int('batch_dims', 0)
  return (x, index) => {
    const [v, i] = [x as Value, index as Value]
    const end = batch + (i.dims.at(-1) as number)
    const [examples, rest] = [sizeOf(v.dims.slice(0, batch)), v.dims.slice(end)]
    const table = reshape(tensorOf(v), [sizeOf(v.dims.slice(0, end)), ...rest] as never)
    const found = gather(table as Tensor, placesOf(i, v.dims.slice(batch, end), examples))
    return [ofTensor(reshape(found, [...i.dims.slice(0, -1), ...rest] as never), v.kind)]
  }
}

/** Whether entries are added to those that are there, or put in their place. */
const isAdded = (node: Node): boolean => {
  const reduction = node.text('reduction', 'none')
  if (reduction !== 'add' && reduction !== 'none') node.refuse(`the reduction ${reduction}`)
  return reduction === 'add'
}

/**
 * Floats, or whole numbers as such of 64 bits, with others added at some places, or put there. `put` makes a tensor of
 * zeros with entries at these places.
 */
const withEntries = (x: Value, entries: Value, isSum: boolean, put: (entries: Tensor) => Tensor): Value => {
  const floats = (v: Value): Tensor =>
    x.kind === 'int' ? (cast(tensorOf(v), 'float64') as Tensor) : floatsOf(v, floatsOf(x).dtype)
  const [all, some] = [floats(x), floats(entries)]
  const kept = isSum ? all : maskAbove(all, not(put(ones(some.shape, some.dtype) as Tensor)))
  const y = add(kept, put(some))
  return x.kind === 'int' ? ofTensor(cast(y, 'int32'), 'int') : ofTensor(y, x.kind)
}

/** Rows put at tuples of indices. */
const scatterTuples: Operator = (node) => {
  const isSum = isAdded(node)
  return (x, index, updates) => {
    const [v, i] = [x as Value, index as Value]
    const k = i.dims.at(-1) as number
    const [sizes, rest] = [v.dims.slice(0, k), v.dims.slice(k)]
    const places = placesOf(i, sizes)
    const put = (rows: Tensor): Tensor =>
      reshape(
        scatter(reshape(rows, [...places.shape, ...rest] as never) as Tensor, places, sizeOf(sizes)),
        v.dims as never,
      ) as Tensor
    return [withEntries(v, updates as Value, isSum, put)]
  }
}

/** Entries put at an index of each row. */
const scatterElements: Operator = (node) => {
  const [axis, isSum] = [node.int('axis', 0), isAdded(node)]
  return (x, index, updates) => {
    const v = x as Value
    const at = axisIn(axis, v.dims.length)
    const n = v.dims[at] as number
    const places = indicesOf(index as Value, n) as never
    return [withEntries(v, updates as Value, isSum, (rows) => putAlong(rows, places, n, at as never) as Tensor)]
  }
}

export const scattering: Operators = {
  GatherND: gatherTuples,
  ScatterND: scatterTuples,
  ScatterElements: scatterElements,
}
