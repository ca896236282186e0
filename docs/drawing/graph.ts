// The lecture's computation graph, in which v is used by three children.
import { compose, explain, fanout, identity, init, join, key, linear, named, random, sigmoid, tanh } from 'pullback'
import { explained } from './explained.ts'

const gated = compose(fanout({ value: tanh, gate: sigmoid }), join.product)
const middle = compose(fanout({ gated, direct: identity }), join.sum)
const net = compose(named('in', linear(100, 50)), middle, named('out', linear(50, 1)))

export const graph = (): string =>
  explained(
    explain(net, init(net, key(0)), random.normal(key(1), [8, 100])),
    'A computation graph',
    'A network with a value that is used three times, with the shape of what each node gives for a minibatch of 8.',
  )
