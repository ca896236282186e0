// The paths that optimizers take down two surfaces: a ravine that is 25 times as steep across as along, and
// Rosenbrock's curved valley.
import { adagrad, adam, rmsprop, sgd } from 'pullback'
import type { Panel } from 'pullback/chart'
import { contours, joined, straightened } from '../support/contours.ts'
import { numbered } from '../support/curve.ts'
import { descend, minimise, valueAt } from '../support/descent.ts'
import { lab } from '../support/lab.ts'
import { type OptionValues, size } from '../support/options.ts'
import { surfaces } from '../support/surfaces.ts'

const given = { steps: size(300, 'steps of each') }

/** For each surface and each optimizer, the points it comes by and the values there, from the start on. */
export const optimizerPaths = ({ steps }: OptionValues<typeof given>) =>
  Object.entries(surfaces).map(([name, surface]) => {
    const { f, start, rates } = surface
    const by = descend(f, start, steps)
    const paths = {
      sgd: by(sgd(rates.sgd)),
      momentum: by(sgd(rates.momentum, { momentum: 0.9 })),
      Nesterov: by(sgd(rates.nesterov, { momentum: 0.9, nesterov: true })),
      adagrad: by(adagrad(rates.adagrad)),
      rmsprop: by(rmsprop(rates.rmsprop)),
      adam: by(adam(rates.adam)),
      'L-BFGS': minimise(f, start, steps),
    }
    return { name, surface, paths }
  })

export const panels = (values: OptionValues<typeof given>): readonly Panel[] =>
  optimizerPaths(values).flatMap(({ name, surface, paths }): readonly Panel[] => {
    const [[left, right], [low, high]] = [surface.x, surface.y]
    const series = Object.entries(paths)
    const lines = contours({ ...surface, f: valueAt(surface.f) }, surface.levels).flatMap(joined)
    const ground = lines.map((line) => straightened(line, (right - left) / 2500))
    return [
      {
        title: `${name}: ${surface.formula}`,
        x: { label: 'x', from: left, to: right },
        y: { label: 'y', from: low, to: high },
        series: series.map(([by, stops]) => ({ name: by, points: stops.map(({ at }) => at) })),
        ground: [...ground, [surface.minimum]],
      },
      {
        title: `${name}, on the way`,
        x: { label: 'step' },
        y: { label: 'value', log: true, from: 1e-10, to: 1e2 },
        series: series.map(([by, stops]) => ({ name: by, points: numbered(stops.map(({ value }) => value)) })),
      },
    ]
  })

await lab(import.meta.url, 'the paths of optimizers down two surfaces', given, panels)
