import { adam, compose, freeze, leastSquares, linear, named, relu, softmaxCrossEntropy, tie, trainStep } from 'pullback'

const net = compose(named('L1', linear(4, 3)), relu, named('L2', linear(3, 4)))
export const frozen = freeze(net, 'enc')
export const tied = tie(net, 'L1.W', 'L2.b')
export const parts = tie(net, 'L1.W', 'L2')
export const same = tie(net, 'L1.W', 'L1.W')
export const option = trainStep(net, softmaxCrossEntropy, adam(), { gaurd: 'none' })
export const regression = trainStep(net, leastSquares, adam(), { gaurd: 'none' })
export const guard = trainStep(net, leastSquares, adam(), { guard: 'non' })
