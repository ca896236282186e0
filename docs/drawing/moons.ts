// The picture of the README: the boundary that its network draws between two moons, and the course of its training.
import {
  adam,
  compose,
  examples,
  fit,
  fromArray,
  fromNested,
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

const moon = (i: number): readonly [number, number] => {
  const [x, y] = [Math.cos((Math.PI * i) / 400), Math.sin((Math.PI * i) / 400)]
  return i % 2 === 0 ? [x, y] : [1 - x, 0.5 - y]
}

export const moons = async (): Promise<string> => {
  const indices = Array.from({ length: 400 }, (_, i) => i)
  const input = op.add(fromNested(indices.map(moon)), op.scale(random.normal(key(1), [400, 2]), 0.1))
  const target = fromArray(
    indices.map((i) => i % 2),
    [400],
    'int32',
  )
  const net = compose(named('L1', linear(2, 16)), tanh, named('L2', linear(16, 2)))
  const train = examples({ input, target })
  const options = { train, key: key(0), epochs: 60, metrics: { accuracy: metric.accuracy } }
  const states = fit(net, softmaxCrossEntropy, adam(1e-2), options)
  let state = (await states.next()).value
  for await (state of states);
  const { loss = [], accuracy = [] } = state.history
  const scores = scoresOf((x) => predict(net, state, x))
  return chart([
    {
      title: 'what the network has learned',
      x: { label: 'x', from: -1.5, to: 2.5 },
      y: { label: 'y', from: -0.9, to: 1.4 },
      series: [
        ...classes(input, target, ['first moon', 'second moon']),
        boundary(scores, { x: [-1.5, 2.5], y: [-0.9, 1.4] }, 2),
      ],
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
  ])
}
