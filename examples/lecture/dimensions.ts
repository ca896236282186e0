// The lecture's exercise: check the dimensions in the backprop of an n-layer network. Everything is computed by the
// lecture's formulas for one example, a column, and its shape is held against what it has to be; the gradients are
// compared with those of the library. Then the same kind of check, made by the compiler before anything runs.
import {
  type Chained,
  compose,
  linear,
  named,
  op,
  relu,
  type Scalar,
  ShapeError,
  type Tensor,
  valueAndGrad,
  zeros,
} from 'pullback'
import { difference } from '../support/compare.ts'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'
import { columns } from '../support/terminal.ts'
import { type Matrix, positive } from '../support/twoLayers.ts'

const given = options('dimensions', 'the shape of everything in the backprop of an n-layer network', {
  layers: size(3, 'n', 100),
  dim: size(100, 'numbers in an example'),
  hidden: size(50, 'hidden units in each layer but the last'),
  outputs: size(1, 'numbers that come out'),
  seed,
})
const n = given.layers
const d = [given.dim, ...Array.from({ length: n - 1 }, () => given.hidden), given.outputs]
const { normal } = draws(given.seed)
const [x, y] = [normal('x', [given.dim, 1]), normal('y', [given.outputs, 1])]
const params = d.slice(1).map((out, i) => ({ W: normal(`W${i}`, [out, d[i] as number]), b: normal(`b${i}`, [out, 1]) }))
type Params = readonly { readonly W: Matrix; readonly b: Matrix }[]

// Forward: a₁ = x, z_i = W_i a_i + b_i, a_{i+1} = f(z_i).
const links: { readonly W: Matrix; readonly b: Matrix; readonly a: Matrix; readonly z: Matrix }[] = []
for (const { W, b } of params) {
  const last = links.at(-1)
  const a: Matrix = last === undefined ? x : op.relu(last.z)
  links.push({ W, b, a, z: op.add(op.matmul(W, a), b) })
}

// Backward from dL/dz_n = 2 (z_n − y), a row of the table for each layer.
const shape = ({ shape }: Tensor): string => `[${shape.join(', ')}]`
const rows: string[][] = []
const gradient: { readonly W: Matrix; readonly b: Matrix }[] = []
const wrong: string[] = []
let dz = op.scale(op.sub((links.at(-1) as (typeof links)[number]).z, y), 2)
for (let i = n; i >= 1; i--) {
  const { W, b, a, z } = links[i - 1] as (typeof links)[number]
  const before = links[i - 2]?.z
  const [dW, db, da] = [op.matmul(dz, op.transpose(a)), dz, op.matmul(op.transpose(W), dz)]
  const dzBefore = before && op.mul(da, positive(before))
  const pairs = {
    [`dL/dz_${i}`]: [dz, z],
    [`dL/da_${i}`]: [da, a],
    [`dL/dW_${i}`]: [dW, W],
    [`dL/db_${i}`]: [db, b],
  } as const
  for (const [name, [found, like]] of Object.entries(pairs)) if (shape(found) !== shape(like)) wrong.push(name)
  rows.unshift([`${i}`, ...[a, W, z, da].map(shape), dzBefore ? shape(dzBefore) : '-', shape(dW), shape(db)])
  gradient.unshift({ W: dW, b: db })
  dz = dzBefore ?? dz
}
console.log(columns(['i', 'a_i', 'W_i', 'z_i', 'dL/da_i', 'dL/dz_{i-1}', 'dL/dW_i', 'dL/db_i'], rows))
console.log(
  wrong.length === 0 ? 'each derivative has the shape of what it belongs to' : `not consistent: ${wrong.join(', ')}`,
)

const loss = (ps: Params): Scalar => {
  const z = ps.reduce((at: Matrix, { W, b }, i) => op.add(op.matmul(W, i === 0 ? at : op.relu(at)), b), x)
  const e = op.sub(z, y)
  return op.sum(op.mul(e, e))
}
console.log(
  'largest difference from the gradients of vjp',
  difference(valueAndGrad(loss)(params)[1], gradient).toExponential(1),
)

// What the compiler says: the type of `sentence` is worked out from the layers, and only this text has it.
const layers = [named('L1', linear(784, 128)), relu, named('L2', linear(64, 10))] as const
const sentence: Chained<typeof layers>[2] = 'takes [64], but the layer before gives [128]'
// @ts-expect-error: with that sentence at L2
compose(...layers)
console.log(
  `\ncompose(named('L1', linear(784, 128)), relu, named('L2', linear(64, 10)))\n  the compiler at L2: "${sentence}"`,
)

// The transpose of W forgotten in dL/da = Wᵀ dL/dz; both the compiler and the running program refuse. (Of square
// matrices neither can tell: that is what the gradient check is for.)
try {
  // @ts-expect-error: "[50, 100] times [50, 1]: the inner sizes differ"
  op.matmul(zeros([50, 100]), zeros([50, 1]))
} catch (e) {
  console.log(`W times dL/dz\n  the program: ${e instanceof ShapeError ? e.message : e}`)
}
