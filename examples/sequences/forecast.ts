// A forecast of a series with its uncertainty: a recurrent unit reads the last values and says the next one as a normal
// distribution. The picture shows the intervals that should hold nine values of ten.
import {
  adam,
  compose,
  examples,
  fit,
  fromArray,
  gaussianNll,
  gru,
  key,
  linear,
  named,
  predict,
  schedule,
  toArray,
  toNested,
} from 'pullback'
import { numbered } from '../support/curve.ts'
import { lab } from '../support/lab.ts'
import { last } from '../support/last.ts'
import { load } from '../support/load.ts'
import { type OptionValues, seed, size } from '../support/options.ts'

const given = { hours: size(1500, 'hours of the series', 100_000), epochs: size(15, 'times to go over them'), seed }

export const forecast = async ({ hours, epochs, seed }: OptionValues<typeof given>) => {
  const [values, window] = [load(hours, seed), 48]
  const rows = (from: number, to: number) => Array.from({ length: to - from - window }, (_, i) => from + i)
  const part = (from: number, to: number) => {
    const starts = rows(from, to)
    const [seen, next] = [
      starts.flatMap((s) => values.slice(s, s + window)),
      starts.map((s) => values[s + window] ?? 0),
    ]
    return { input: fromArray(seen, [starts.length, window, 1]), target: fromArray(next, [starts.length, 1]) }
  }
  const border = Math.floor(0.8 * hours)
  const [train, test] = [part(0, border), part(border - window, hours)]
  const net = compose(named('read', gru(1, 32, { outputs: 'last' })), named('say', linear(32, 2)))
  const steps = epochs * Math.ceil(train.input.shape[0] / 32)
  const optimizer = adam(schedule.oneCycle(1e-2, { steps }))
  const state = await last(fit(net, gaussianNll, optimizer, { train: examples(train), epochs, key: key(seed) }))
  const said = toNested(predict(net, state, test.input))
  const forecasts = said.map(([mean = 0, log = 0]) => ({ mean, deviation: Math.exp(log / 2) }))
  return { actual: toArray(test.target), forecasts }
}

const panels = async (values: OptionValues<typeof given>) => {
  const { actual, forecasts } = await forecast(values)
  const bound = (k: number) => forecasts.map(({ mean, deviation }) => mean + k * deviation)
  const inside = actual.filter(
    (v, i) => Math.abs(v - (forecasts[i]?.mean ?? 0)) < 1.645 * (forecasts[i]?.deviation ?? 0),
  )
  console.log(
    `${((100 * inside.length) / actual.length).toFixed(1)} % of ${actual.length} unseen values lie within their 90 % intervals\n`,
  )
  const shown = (of: readonly number[]) => numbered(of.slice(0, 120))
  const series = [
    { name: 'from', points: shown(bound(-1.645)) },
    { name: 'forecast', points: shown(bound(0)) },
    { name: 'to', points: shown(bound(1.645)) },
  ]
  const ground = actual.slice(0, 120).map((v, i) => [[i, v] as const])
  return [{ title: 'an hour ahead, and what came', x: { label: 'hour' }, y: { label: 'load' }, series, ground }]
}

await lab(import.meta.url, 'forecasts a series with its uncertainty', given, panels)
