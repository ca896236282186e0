// A network of three layers learns its φ: the boundaries it draws, and the course of the lecture's three losses.
import {
  compile,
  compose,
  key,
  type Loss,
  leastSquares,
  linear,
  multiclassHinge,
  named,
  oneHot,
  predict,
  relu,
  type Scores,
  sgd,
  softmaxCrossEntropy,
  start,
  trainStep,
} from 'pullback'
import { chart } from 'pullback/chart'
import { numbered } from '../../examples/support/curve.ts'
import { draws } from '../../examples/support/draws.ts'
import { rings } from '../../examples/support/rings.ts'
import { boundary, classes, scoresOf } from './plane.ts'
import { names } from './scores.ts'

const plane = { x: [-2.5, 2.5], y: [-1.5, 1.5] } as const
const { input, labels } = rings(draws(0).uniform, 'train', 300)
const net = compose(named('L1', linear(2, 20)), relu, named('L2', linear(20, 20)), relu, named('L3', linear(20, 3)))

/** Gradient descent on a loss of all points at once. */
const descent = <T>(loss: Loss<Scores, T>, target: T) => {
  const step = compile(trainStep(net, loss, sgd(0.1)))
  let run = start(net, sgd(0.1), key(0), { dtype: 'float64' })
  const losses = Array.from({ length: 400 }, () => {
    const [next, { loss: value }] = step(run, { input, target })
    run = next
    return value
  })
  return { run, losses }
}

export const network = (): string => {
  const runs = {
    'least squares': descent(leastSquares, oneHot(labels, 3, 'float64')),
    hinge: descent(multiclassHinge, labels),
    softmax: descent(softmaxCrossEntropy, labels),
  }
  const scores = scoresOf((x) => predict(net, runs.softmax.run, x), 'float64')
  return chart(
    [
      {
        title: 'what it learns by softmax',
        x: { label: 'u', from: plane.x[0], to: plane.x[1] },
        y: { label: 'v', from: plane.y[0], to: plane.y[1] },
        series: [...classes(input, labels, names), boundary(scores, plane, 3)],
      },
      {
        title: 'three losses on the way down',
        x: { label: 'step of gradient descent' },
        y: { label: 'loss', log: true },
        series: Object.entries(runs).map(([name, { losses }]) => ({ name, points: numbered(losses) })),
      },
    ],
    { title: 'A network with two hidden layers on a disc, a ring and what lies beyond' },
  )
}
