// A minibatch is its examples, one by one.
import fc from 'fast-check'
import { fromArray, getVectorSpace, op, type Tensor, zeros } from 'pullback'
import { networks } from '../arbitrary/network.ts'
import { law, near, numbersFor, step } from '../law/network.ts'

const rowwise = networks({ rowwise: true })
const batches = fc.tuple(rowwise, fc.integer({ min: 0, max: 4 }))
const order = fromArray([2, 0, 3, 1], [4], 'int32')
const row = (x: Tensor, i: number): Tensor => op.slice(x, [[i, i + 1]]) as Tensor

law('the gradient of a minibatch is the sum of those of its examples', batches, ([net, batch]) => {
  const at = numbersFor(net, batch)
  const examples = Array.from({ length: batch }, (_, i) =>
    step(net.layer, { ...at, x: row(at.x, i), dy: row(at.dy, i) }),
  )
  const stacked = (of: 'value' | 'input', size: number): Tensor =>
    op.concat([zeros([0, size], 'float64'), ...examples.map((e) => e[of] as Tensor)]) as Tensor
  const { concat, empty } = getVectorSpace(at.params)
  const own = step(net.layer, at)
  return (
    near(own.value, stacked('value', net.output)) &&
    near(own.input, stacked('input', net.input)) &&
    near(own.params, examples.map((e) => e.params).reduce(concat, empty))
  )
})

law('examples in another order: so the outputs and input cotangents, and the same gradient', rowwise, (net) => {
  const at = numbersFor(net, 4)
  const turned = (x: unknown): Tensor => op.gather(x as Tensor, order) as Tensor
  const own = step(net.layer, at)
  const found = step(net.layer, { ...at, x: turned(at.x), dy: turned(at.dy) })
  return near(found.value, turned(own.value)) && near(found.input, turned(own.input)) && near(found.params, own.params)
})
