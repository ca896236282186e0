// Pictures of the guide, all of one run: three clouds that overlap, and a network that is trained for too long.
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
  relu,
  softmaxCrossEntropy,
  splitExamples,
} from 'pullback'
import { confusionPicture, curves as curvesOf, histogram } from 'pullback/chart'

const labels = ['apple', 'lemon', 'plum']
const which = Array.from({ length: 240 }, (_, i) => i % labels.length)
const centers = [
  [0, 0],
  [1.6, 0.4],
  [0.6, 1.6],
]
const at = fromArray(
  which.flatMap((m) => centers[m] ?? []),
  [which.length, 2],
)
const input = op.add(at, op.scale(random.normal(key(1), [which.length, 2]), 0.6))
const all = examples({ input, target: fromArray(which, [which.length], 'int32') })
const { train, validation } = splitExamples(all, { train: 0.5, validation: 0.5 }, { key: key(2) })
const net = compose(named('L1', linear(2, 32)), relu, named('L2', linear(32, 32)), relu, named('L3', linear(32, 3)))

const trained = async () => {
  const options = { train, validation, key: key(0), epochs: 60, metrics: { accuracy: metric.accuracy } }
  const states = fit(net, softmaxCrossEntropy, adam(0.01), options)
  let state = (await states.next()).value
  for await (state of states);
  return state
}
let run: ReturnType<typeof trained> | undefined
const last = (): ReturnType<typeof trained> => {
  run ??= trained()
  return run
}

export const curves = async (): Promise<string> => curvesOf((await last()).history)

export const confusion = async (): Promise<string> => {
  const state = await last()
  const [x, y] = [op.gather(all.data.input, validation.rows), op.gather(all.data.target, validation.rows)]
  return confusionPicture(metric.confusionMatrix(predict(net, state.best ?? state, x), y), { labels })
}

export const weights = async (): Promise<string> => {
  const { params } = await last()
  return histogram({ L1: params.L1.W, L2: params.L2.W }, { bins: 24 })
}
