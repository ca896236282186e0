import { fromNested, type History, init, key, linear, metric, named } from 'pullback'
import { chart, confusionPicture, curves, curvesText, histogram, type Panel, report, sparkline } from 'pullback/chart'
import { type Equal, yes } from './equal.ts'

declare const history: History
const net = named('L1', linear(3, 4))
const { params } = init(net, key(0))
const matrix = metric.confusionMatrix(fromNested([[1, 2]]), fromNested([1], 'int32'))

// pictures and pages are texts
yes<Equal<ReturnType<typeof curves>, string>>()
yes<Equal<ReturnType<typeof report>, string>>()

// a history of fit, a metric's matrix, the parameters of any network, any network, as they come
curves(history, { columns: ['loss'], by: 'seconds', log: true })
curvesText(history, { width: 40 })
confusionPicture(matrix, { labels: ['no', 'yes'] })
confusionPicture([[1]])
histogram(params)
histogram(params.L1.W)
sparkline(Float32Array.of(1, 2))
report({ history, network: net, params, confusion: matrix, configuration: { hidden: [64, 32] }, seeds: { initial: 0 } })

// points may be constants, and options may be left out or undefined
const points = [
  [0, 1],
  [1, 2],
] as const
const panel = { title: 'a', x: { label: 'x' }, y: { label: 'y', log: undefined }, series: [{ name: 'a', points }] }
chart([panel satisfies Panel], { columns: undefined })

// @ts-expect-error a column is of numbers
curves({ loss: ['1'] })
// @ts-expect-error an option that is not known
curves(history, { logarithmic: true })
// @ts-expect-error a point has two numbers
chart([{ title: 'a', x: { label: 'x' }, y: { label: 'y' }, series: [{ name: 'a', points: [[0]] }] }])
// @ts-expect-error labels are texts
confusionPicture(matrix, { labels: [1, 2] })
// @ts-expect-error an axis has a label
chart([{ title: 'a', x: {}, y: { label: 'y' } }])
