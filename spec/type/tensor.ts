import { fromArray, fromNested, full, item, type Nested, op, type Shape, type Tensor, toNested, zeros } from 'pullback'
import type { NestedOf } from '../../lib/tensor/to.ts'
import { type Equal, yes } from './equal.ts'

declare const a: Tensor<readonly [2, 3]>
declare const row: Tensor<readonly [number, 3]>
declare const any: Tensor
declare const labels: Tensor<readonly [2], 'int32'>
declare const single: Tensor<readonly [2, 3], 'float32'>
declare const double: Tensor<readonly [2, 3], 'float64'>

// creation
yes<Equal<typeof c, Tensor<readonly [2, 3], 'float32'>>>()
const c = fromNested([
  [1, 2, 3],
  [4, 5, 6],
])
const unknownRows = fromNested([] as number[][], 'float64')
yes<Equal<typeof unknownRows, Tensor<readonly [number, number], 'float64'>>>()
const anyNested = fromNested(3 as Nested)
yes<Equal<typeof anyNested, Tensor<Shape, 'float32'>>>()
const f64 = fromArray(new Float64Array(4), [2, 2])
yes<Equal<typeof f64, Tensor<readonly [2, 2], 'float64'>>>()
const filled = full([4], 1, 'int32')
yes<Equal<typeof filled, Tensor<readonly [4], 'int32'>>>()
yes<Equal<NestedOf<readonly [2, 3]>, number[][]>>()
const nested = toNested(a)
yes<Equal<typeof nested, number[][]>>()

// reading
a.get(0, 1)
// @ts-expect-error a matrix takes two indices
a.get(0)
// @ts-expect-error a tensor has no setter
a.set(0, 0, 1)
// @ts-expect-error and no buffer
a.data[0] = 1
// @ts-expect-error its shape is read-only
a.shape[0] = 3
// @ts-expect-error a matrix is not one number
item(a)

// operations
const sum = op.add(a, a)
yes<Equal<typeof sum, Tensor<readonly [2, 3]>>>()
const met = op.add(row, a)
yes<Equal<(typeof met)['shape'], readonly [number, 3]>>()
const gradual = op.add(a, row)
yes<Equal<(typeof gradual)['shape'], readonly [2, 3]>>()
op.add(a, any)
op.add(any, a)
// @ts-expect-error shapes differ
op.add(a, zeros([3, 2]))
// @ts-expect-error formats differ
op.add(single, double)
// @ts-expect-error integers have no arithmetic
op.add(labels, labels)
const square = <S extends Shape>(x: Tensor<S>): Tensor<S> => op.mul(x, x)
yes<Equal<ReturnType<typeof square<readonly [5]>>, Tensor<readonly [5]>>>()

const product = op.matmul(a, zeros([3, 4]) as Tensor<readonly [3, 4]>)
yes<Equal<typeof product, Tensor<readonly [2, 4]>>>()
declare const batch: Tensor<readonly [7, 2, 3]>
const products = op.matmul(batch, op.transpose(batch, [0, 2, 1]))
yes<Equal<typeof products, Tensor<readonly [7, 2, 2]>>>()
declare const matrix: Tensor<readonly [3, 5]>
const byOne = op.matmul(batch, matrix)
yes<Equal<typeof byOne, Tensor<readonly [7, 2, 5]>>>()
declare const columns6: Tensor<readonly [6, 1, 2, 3]>
const grid = op.matmul(columns6, op.transpose(batch, [0, 2, 1]))
yes<Equal<typeof grid, Tensor<readonly [6, 7, 2, 2]>>>()
declare const some: Tensor<readonly [number, 3, 4]>
declare const alone: Tensor<readonly [1, 2, 3]>
const open = op.matmul(alone, some)
yes<Equal<typeof open, Tensor<readonly [number, 2, 4]>>>()
// @ts-expect-error the inner sizes differ
op.matmul(a, a)
// @ts-expect-error the leading axes do not repeat to one shape
op.matmul(batch, zeros([6, 3, 2]))
const dense = op.affine(row, zeros([4, 3]) as Tensor<readonly [4, 3]>, zeros([4]) as Tensor<readonly [4]>)
yes<Equal<typeof dense, Tensor<readonly [number, 4]>>>()

// axes
const turned = op.transpose(a)
yes<Equal<typeof turned, Tensor<readonly [3, 2]>>>()
const permuted = op.transpose(batch, [2, 0, 1])
yes<Equal<typeof permuted, Tensor<readonly [3, 7, 2]>>>()
const total = op.sum(a)
yes<Equal<typeof total, Tensor<readonly []>>>()
const columns = op.sum(a, 0)
yes<Equal<typeof columns, Tensor<readonly [3]>>>()
const rows = op.mean(a, -1, { keep: true })
yes<Equal<typeof rows, Tensor<readonly [2, 1]>>>()
const corners = op.max(batch, [0, -1])
yes<Equal<typeof corners, Tensor<readonly [2]>>>()
const best = op.argmax(a)
yes<Equal<typeof best, Tensor<readonly [2], 'int32'>>>()
const lengths = op.norm(a, 1)
yes<Equal<typeof lengths, Tensor<readonly [2]>>>()
const lse = op.logSumExp(a, 0)
yes<Equal<typeof lse, Tensor<readonly [3]>>>()
// @ts-expect-error a matrix has no third axis
op.sum(a, 2)
// @ts-expect-error nor has it one third from the back
op.softmax(a, -3)

// shapes
const flat = op.reshape(a, [6])
yes<Equal<typeof flat, Tensor<readonly [6]>>>()
const free = op.reshape(a, [3, -1])
yes<Equal<typeof free, Tensor<readonly [3, number]>>>()
// @ts-expect-error 6 entries are not 7
op.reshape(a, [7])
const part = op.slice(a, [0, [0, 2]])
yes<Equal<typeof part, Tensor<readonly [number]>>>()
const kept = op.slice(batch, [null, 1])
yes<Equal<typeof kept, Tensor<readonly [7, 3]>>>()
const picked = op.pick(a, labels)
yes<Equal<typeof picked, Tensor<readonly [2]>>>()
const gathered = op.gather(a, labels)
yes<Equal<typeof gathered, Tensor<readonly [2, 3]>>>()
// @ts-expect-error an index is int32
op.gather(a, a)
const wide = op.cast(single, 'float64')
yes<Equal<typeof wide, Tensor<readonly [2, 3], 'float64'>>>()
