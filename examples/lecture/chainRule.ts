// Is backprop just the chain rule? For z = W a the tensor chain rule says dL/dW = dL/dz · dz/dW, where dz/dW is a
// tensor of the third order, dim(z) × dim(z) × dim(a): to build it and to contract it takes dim³ operations. The
// pullback never builds it: the outer product of dL/dz and a takes dim². Same gradient, to the last bit.
import { eye, op, vjp } from 'pullback'
import { chartText } from 'pullback/chart'
import { difference } from '../support/compare.ts'
import { draws } from '../support/draws.ts'
import { options, seed, size } from '../support/options.ts'
import { timed } from '../support/stopwatch.ts'
import { columns } from '../support/terminal.ts'

const given = options('chainRule', 'what the tensor chain rule costs, and the pullback', {
  least: size(8, 'the smallest dimension, which is doubled', 256),
  most: size(256, 'the largest', 256),
  seed,
})
const { normal } = draws(given.seed)
const doubled = (d: number): readonly number[] => [d, ...(2 * d > given.most ? [] : doubled(2 * d))]

const results = doubled(given.least).map((d) => {
  const [W, a, dz] = [normal('W', [d, d]), normal('a', [d, 1]), normal('dz', [d, 1])]
  // (dz/dW)ₖᵢⱼ = aⱼ where k = i, and 0 elsewhere
  const build = () =>
    op.mul(
      op.broadcast(op.reshape(eye(d, 'float64'), [d, d, 1]), [d, d, d]),
      op.broadcast(op.reshape(a, [d]), [d, d, d]),
    )
  const calls = 2 + Math.ceil(512 / d)
  const [dzdW, building] = timed(build, calls)
  const contract = () => op.reshape(op.matmul(op.transpose(dz), op.reshape(dzdW, [d, d * d])), [d, d])
  const [byTensor, contracting] = timed(contract, calls)
  const [, back] = vjp((w: typeof W) => op.matmul(w, a))(W)
  const [byPullback, pulling] = timed(() => back(dz), 10 * calls)
  return { d, tensor: building + contracting, pullback: pulling, apart: difference({ W: byTensor }, { W: byPullback }) }
})

const micro = (seconds: number): string => (1e6 * seconds).toFixed(1)
console.log(
  columns(
    ['dim', 'numbers in dz/dW', 'products', 'µs', 'pullback: products', 'µs', 'times as long', 'difference'],
    results.map(({ d, tensor, pullback, apart }) => [
      `${d}`,
      `${d ** 3}`,
      `${2 * d ** 3}`, // one for each number of dz/dW to build it, one to contract it
      micro(tensor),
      `${d ** 2}`,
      micro(pullback),
      (tensor / pullback).toFixed(1),
      `${apart}`,
    ]),
  ),
)
console.log('for 1000 dimensions dz/dW has 1e9 numbers, 8 GB of them; dL/dW has 1e6')

const line = (name: string, seconds: (r: (typeof results)[number]) => number) => ({
  name,
  points: results.map((r) => [Math.log2(r.d), 1e6 * seconds(r)] as const),
})
const series = [line('tensor chain rule', (r) => r.tensor), line('pullback', (r) => r.pullback)]
const title = 'microseconds, on a scale of powers of ten, by the logarithm of the dimension to base 2'
const [x, y] = [
  { label: 'log₂ of the dimension', whole: true },
  { label: 'µs', log: true },
]
console.log(`\n${chartText([{ title, x, y, series }], { height: 12 })}`)
