// A variational autoencoder of the digits: each becomes a point of a plane, or rather a small cloud in it, and each point
// of the plane a digit. The picture is the plane, drawn point by point.
import { writeFileSync } from 'node:fs'
import { adam, compose, define, examples, fit, fromArray, init, key, linear, named, op, predict, relu } from 'pullback'
import { evidence } from './support/evidence.ts'
import { first, mnist } from './support/mnist.ts'
import { options, seed, size } from './support/options.ts'
import { sampled } from './support/sampled.ts'
import { svg } from './support/svg.ts'

const given = options('variational', 'lays the digits out in a plane, and draws digits from it', {
  digits: size(20_000, 'digits to learn from', 60_000),
  epochs: size(10, 'times to go over them'),
  side: size(15, 'pictures along a side of the plane', 40),
  picture: { initial: 'variational.svg', about: 'the file to draw to' },
  seed,
})

const { train } = await mnist()
const { input } = first(train, given.digits).data
const hidden = compose(named('L1', linear(784, 256)), relu)
const decoder = compose(named('L1', linear(2, 256)), relu, named('L2', linear(256, 784)))
const net = define(
  [784],
  { hidden, mean: linear(256, 2), log: linear(256, 2), draw: sampled(2), decoder },
  (x, { hidden, mean, log, draw, decoder }) => {
    const h = hidden(x)
    const place = { mean: mean(h), log: log(h) }
    return { ...place, image: decoder(draw(place)) }
  },
)

const data = { train: examples({ input, target: input }), epochs: given.epochs, size: 64, key: key(given.seed) }
let { params } = init(net, data.key)
for await (const next of fit(net, evidence, adam(1e-3), data)) {
  params = next.params
  console.log(`epoch ${next.epoch}: ${(next.history.loss?.at(-1) ?? 0).toFixed(1)} nats an image`)
}

const { side } = given
const at = (i: number): number => (4 * (i + 0.5)) / side - 2
const grid = Array.from({ length: side * side }, (_, i) => [at(i % side), at(Math.floor(i / side))]).flat()
const drawn = op.sigmoid(predict(decoder, { params: params.decoder, state: {} }, fromArray(grid, [side * side, 2])))
const rows = Array.from({ length: side }, (_, y) => ({
  caption: at(y).toFixed(1),
  pictures: Array.from({ length: side }, (_, x) => op.slice(drawn, [y * side + x])),
}))
writeFileSync(given.picture, svg(rows, 28))
console.log(`drawn to ${given.picture}`)
