// A table of numbers made by the program: a regression whose target is standardized too, and told in its own units.
import {
  adamw,
  compose,
  evaluate,
  fit,
  fromNested,
  init,
  item,
  key,
  leastSquares,
  linear,
  mae,
  type metric,
  named,
  oneHotColumns,
  op,
  predict,
  random,
  relu,
  schedule,
  splitExamples,
  standardize,
  stop,
  toNested,
} from 'pullback'
import { curvesText } from 'pullback/chart'
import { progress } from 'pullback/node'
import { readTable, toExamples } from 'pullback/table'
import { last } from '../support/last.ts'
import { must } from '../support/must.ts'
import { options, seed } from '../support/options.ts'

const given = options('regression', 'tells the price of flats by their size, floor and town', {
  rows: { initial: 600, least: 50, most: 100_000, about: 'flats in the table' },
  seed,
})

// A price for each square metre, by the town; less on high floors without a lift; and noise.
const towns = ['Bonn', 'Jena', 'Kiel']
const drawn = toNested(random.uniform(key(given.seed), [given.rows, 4]))
const flats = drawn.map(([size = 0, floor = 0, town = 0, noise = 0]) => {
  const [metres, stairs, place] = [20 + 100 * size, Math.floor(6 * floor), Math.floor(3 * town)]
  const price = metres * (2400 + 500 * place) * (1 - 0.04 * stairs) + 20_000 * (noise - 0.5)
  return [metres.toFixed(1), stairs, towns[place], price.toFixed(0)].join(',')
})
const text = `size,floor,town,price\n${flats.join('\n')}\n`

const table = must(await readTable(text)())
const { examples, categories } = toExamples(table, { target: 'price', task: 'number' })
const { train, validation } = splitExamples(examples, { train: 0.8, validation: 0.2 }, { key: key(given.seed) })

// The prices in deviations from their mean, both of the training part.
const prices = standardize(op.gather(train.data.target, train.rows))
const { state: scale } = init(prices, key(0))
const scaled = ({ data, rows }: typeof train) => {
  const target = predict(prices, { params: {}, state: scale }, data.target)
  return { data: { input: data.input, target }, rows }
}
const [deviation, mean] = [item(op.sum(scale.divisor)), item(op.sum(scale.offset))]

const oneHot = oneHotColumns(categories)
const encoded = predict(oneHot, init(oneHot, key(0)), op.gather(examples.data.input, train.rows))
const net = compose(
  oneHot,
  named('scaled', standardize(encoded)),
  named('hidden', compose(linear(5, 32), relu)),
  named('out', linear(32, 1)),
)
const steps = 60 * Math.ceil(train.rows.size / 32)
const optimizer = adamw(schedule.cosine(0.01, { steps }))
const parts = { train: scaled(train), validation: scaled(validation) }
const states = fit(net, leastSquares, optimizer, {
  ...parts,
  key: key(given.seed),
  epochs: 60,
  stop: [stop.patience(10)],
})
const state = await last(progress(states, { epochs: 60 }))
const best = state.best ?? state

const error = (z: Parameters<typeof metric.r2>[0], y: Parameters<typeof metric.r2>[1]) => deviation * item(mae(y)(z)[0])
const found = await evaluate(net, best, leastSquares, parts.validation, { metrics: { error } })
console.log(curvesText(state.history))
console.log(
  `off by ${found.error?.toFixed(0)} on average, where prices deviate from their mean by ${deviation.toFixed(0)}`,
)
const flat = fromNested([[70, 2, 1]]) // 70 square metres on the second floor, in Jena
console.log(`a flat in Jena: ${(mean + deviation * item(op.sum(predict(net, best, flat)))).toFixed(0)}`)
