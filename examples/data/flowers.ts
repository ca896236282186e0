// A table of flowers from its rows to predictions: read, split, standardize, train with dropout and a cosine schedule,
// stop early, evaluate, report, save, load, predict.
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import {
  adamw,
  compose,
  dropout,
  evaluate,
  fit,
  key,
  linear,
  metric,
  named,
  op,
  predict,
  relu,
  schedule,
  softmaxCrossEntropy,
  splitExamples,
  standardize,
  stop,
  toArray,
} from 'pullback'
import { report } from 'pullback/chart'
import { loadModel, progress, saveModel } from 'pullback/node'
import { readTable, toExamples } from 'pullback/table'
import { last } from '../support/last.ts'
import { must } from '../support/must.ts'
import { options, seed } from '../support/options.ts'

const given = options('flowers', 'tells flowers by their measures', {
  out: { initial: 'flowers', about: 'the folder for the model and the report' },
  seed,
})

const table = must(await readTable(createReadStream(new URL('flowers.csv', import.meta.url)))())
const { examples, target } = toExamples(table, { target: 'species', task: 'classes' })
const byClass = { key: key(given.seed), stratify: (data: typeof examples.data) => data.target }
const { train, validation, test } = splitExamples(examples, { train: 0.6, validation: 0.2, test: 0.2 }, byClass)

const scaled = named('scaled', standardize(op.gather(train.data.input, train.rows)))
const hidden = compose(linear(4, 32), relu, dropout({ drop: 0.1 }))
const net = compose(scaled, named('hidden', hidden), named('out', linear(32, target.labels.length)))

const [epochs, metrics] = [60, { accuracy: metric.accuracy }]
const optimizer = adamw(schedule.cosine(0.01, { steps: 3 * epochs }))
const rules = { epochs, metrics, stop: [stop.patience(15)] }
const states = fit(net, softmaxCrossEntropy, optimizer, { train, validation, key: key(given.seed), ...rules })
const state = await last(progress(states, { epochs }))
const best = state.best ?? state

const { accuracy } = await evaluate(net, best, softmaxCrossEntropy, test, { metrics })
const which = `the model of epoch ${state.best?.epoch} of ${state.epoch}`
console.log(`${which}: accuracy ${accuracy?.toFixed(4)} on ${test.rows.size} unseen flowers`)

const unseen = op.gather(test.data.input, test.rows)
const confusion = metric.confusionMatrix(predict(net, best, unseen), op.gather(test.data.target, test.rows))
const page = { title: 'Flowers', history: state.history, network: net, confusion, labels: target.labels }
mkdirSync(given.out, { recursive: true })
writeFileSync(`${given.out}/report.html`, report(page))

must(await saveModel(`${given.out}/model.safetensors`, best, { labels: target.labels })())
const model = must(await loadModel(`${given.out}/model.safetensors`, net)())
const places = toArray(op.argmax(predict(net, model, op.slice(unseen, [[0, 3]])), 1))
console.log(`the first three of them are ${places.map((place) => target.labels[place]).join(', ')}`)
