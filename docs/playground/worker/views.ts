// All that the page shows of a run, each view as a function that makes its message from the latest state.
import { type AnyLayer, count, explain, fromArray, gradCheck, metric, op, predict, toArray } from 'pullback'
import type { Reply } from '../message.ts'
import type { Dataset, Input, Part } from './data/dataset.ts'
import type { Experiment } from './experiment.ts'
import type { Run } from './trainer.ts'
import { ofExample, overPlane } from './view/activations.ts'
import { boxes } from './view/graph.ts'
import { grid } from './view/grid.ts'
import { decisions } from './view/scores.ts'
import { weights } from './view/weights.ts'
import { outputsOf } from './watch.ts'

const planeSize = 64
const unitSize = 24
const explained = 16
const checked = 2
/** The most examples whose accuracy is measured while a run goes on. */
const measured = 500
/** The most parameters of a network whose gradients are checked unasked. */
const quick = 2000

/** The first examples of a part. */
const firstOf = ({ data: { input, target } }: Part, count: number) => ({
  input: op.slice(input, [[0, Math.min(count, input.shape[0])]]) as Input,
  target: op.slice(target, [[0, Math.min(count, target.shape[0])]]),
})

type Some = ReturnType<typeof firstOf>

export const viewsOf = ({ network, loss }: Experiment, { info, train, test }: Dataset) => {
  const scoresOf = (run: Run, x: Input) => predict(network as AnyLayer, run, x) as never
  const isPlane = info.points !== undefined
  const plane = isPlane ? grid(planeSize, info.extent) : undefined
  const units = isPlane ? grid(unitSize, info.extent) : undefined
  const some = firstOf(train, explained)
  const few = firstOf(train, checked)
  const [trained, tested] = [firstOf(train, measured), firstOf(test, measured)]
  const one = firstOf(test, 1).input
  const shown = info.samples && firstOf(test, info.samples.labels.length).input

  return {
    plane: (run: Run): Reply | undefined =>
      plane && { kind: 'plane', size: planeSize, ...decisions(scoresOf(run, plane)) },
    accuracy: (run: Run): Reply => {
      const of = ({ input, target }: Some): number => metric.accuracy(scoresOf(run, input), target)
      return { kind: 'accuracy', step: run.step, train: of(trained), test: of(tested) }
    },
    weights: (run: Run): Reply => ({ kind: 'weights', tiles: weights(run.params, info.shape) }),
    activations: (run: Run, x: Input = one): Reply => ({
      kind: 'activations',
      tiles: units ? overPlane(outputsOf(network, run, units), unitSize) : ofExample(outputsOf(network, run, x)),
    }),
    graph: (run: Run): Reply => ({
      kind: 'graph',
      boxes: boxes(explain(network as AnyLayer, run, some.input, { loss: loss as never, target: some.target })),
    }),
    check: ({ params, state }: Run): Reply => {
      const report = gradCheck(
        network as AnyLayer,
        { params, state, input: few.input },
        { order: 1, entries: 64, directions: 3, tolerance: 1e-5 },
      )
      return { kind: 'checked', pass: report.pass, rows: report.checked }
    },
    samples: (run: Run): Reply | undefined =>
      shown && { kind: 'samples', found: decisions(scoresOf(run, shown)).classes },
    isQuick: count(network) <= quick,
    read: (run: Run, x: Input): Reply => ({ kind: 'read', shares: toArray(op.softmax(scoresOf(run, x))) }),
    example: (pixels: Float32Array): Input => fromArray(pixels, [1, ...info.shape]) as Input,
  }
}

export type Views = ReturnType<typeof viewsOf>
