import { data, train } from 'playground'
import { adam, compose, flatten, input, linear, named, softmaxCrossEntropy } from 'pullback'

// One linear layer draws straight lines only: two clusters are no problem, rings are.
const net = compose(input(data.shape), flatten, named('L1', linear(data.size, data.classes)))

train(net, softmaxCrossEntropy, adam(0.02), { batch: 50 })
