// The classifiers of perceptron.ts as they are trained today: batch normalization, dropout, AdamW.
import { type AnyLayer, batchNorm, compose, dropout, linear, named, relu } from 'pullback'
import { a, b } from './perceptron.ts'
import type { Workload } from './workload.ts'

const drop = 0.5

/** A network with dropout to be timed, and with nothing dropped to compare losses. */
const regularised = (workload: Workload, network: (drop: number) => AnyLayer): Workload => ({
  ...workload,
  name: `${workload.name}n`,
  about: `${workload.about}, batch normalization, dropout ${drop}, AdamW`,
  network: network(0),
  dropout: { drop, network: network(drop) },
  optimizer: 'adamw',
  learningRate: 0.001,
})

export const an = regularised(a, (drop) =>
  compose(
    named('L1', compose(linear(784, 128), batchNorm(128))),
    relu,
    dropout({ drop }),
    named('L2', linear(128, 10)),
  ),
)

export const bn = regularised(b, (drop) =>
  compose(
    named('L1', compose(linear(784, 512), batchNorm(512))),
    relu,
    dropout({ drop }),
    named('L2', compose(linear(512, 256), batchNorm(256))),
    relu,
    dropout({ drop }),
    named('L3', linear(256, 10)),
  ),
)
