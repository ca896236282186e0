// The picture of the README: the boundary that its network draws between two moons, and the course of its training.
import {
  adam,
  compose,
  examples,
  fit,
  fromArray,
  key,
  linear,
  metric,
  named,
  op,
  predict,
  random,
  softmaxCrossEntropy,
  tanh,
} from 'pullback'
import { chart } from 'pullback/chart'
import { numbered } from '../../examples/support/curve.ts'
import { boundary, classes, scoresOf } from './plane.ts'

const plane = { x: [-1.5, 2.5], y: [-0.9, 1.4] } as const

export const moons = async (): Promise<string> => {
  const which = Array.from({ length: 400 }, (_, i) => i % 2)
  const points = which.flatMap((m, i) => [m + (1 - 2 * m) * Math.cos(i / 127), m / 2 + (1 - 2 * m) * Math.sin(i / 127)])
  const input = op.add(fromArray(points, [400, 2]), op.scale(random.normal(key(1), [400, 2]), 0.1))
  const target = fromArray(which, [400], 'int32')
  const net = compose(named('L1', linear(2, 16)), tanh, named('L2', linear(16, 2)))
  const train = examples({ input, target })
  const options = { train, key: key(0), epochs: 60, metrics: { accuracy: metric.accuracy } }
  const states = fit(net, softmaxCrossEntropy, adam(1e-2), options)
  let state = (await states.next()).value
  for await (state of states);
  const { loss = [], accuracy = [] } = state.history
  const between = boundary(
    scoresOf((x) => predict(net, state, x)),
    plane,
    2,
  )
  return chart(
    [
      {
        title: 'what the network has learned',
        x: { label: 'x', from: plane.x[0], to: plane.x[1] },
        y: { label: 'y', from: plane.y[0], to: plane.y[1] },
        series: [...classes(input, target, ['first moon', 'second moon']), between],
      },
      {
        title: 'its training',
        x: { label: 'epoch', whole: true },
        y: { label: 'loss and accuracy', from: 0, to: 1 },
        series: [
          { name: 'loss', points: numbered(loss, 1) },
          { name: 'accuracy', points: numbered(accuracy, 1) },
        ],
      },
    ],
    { title: 'Two moons, and the training of a network that tells them apart' },
  )
}
