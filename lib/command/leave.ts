// All that a run of `train` leaves in its folder, beside its checkpoints.
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { report } from '../chart/index.ts'
import { engine, type FitState, type History, type Labels, metric, op, predict, type Tree } from '../index.ts'
import { saveBytes, saveModel } from '../node/index.ts'
import { found } from './failure.ts'
import type { Description } from './model.ts'
import type { Network } from './network.ts'
import { brief } from './output.ts'
import type { Found, Parts } from './prepare.ts'

export interface Leaving {
  /** The file of the rows. */
  readonly data: string
  readonly about: Found
  readonly network: Network
  readonly description: Description
  // biome-ignore lint/suspicious/noExplicitAny: the records of a network whose sizes come from the command line
  readonly state: FitState<any, any, any>
  readonly configuration: { readonly [name: string]: unknown }
}

const first = ['epoch', 'step', 'seconds', 'loss']

/** Where a column of the history stands: the loss before the metrics, the training part before the validation part. */
const rank = (name: string): number => {
  const [own, after] = name.startsWith('validation.') ? [name.slice('validation.'.length), 10] : [name, 0]
  return after + (first.includes(own) ? first.indexOf(own) : first.length)
}

/** The history with its columns in an order of their own: a run that was loaded from a file has another one. */
const inOrder = (history: History): History =>
  Object.fromEntries(Object.entries(history).sort(([a], [b]) => rank(a) - rank(b)))

/** The history without the times, which are not the same twice. */
const untimed = ({ seconds: _, ...history }: History): History => history

const historyJson = (history: History): string =>
  `{\n${Object.entries(history)
    .map(([name, column]) => `  ${JSON.stringify(name)}: ${JSON.stringify(column)}`)
    .join(',\n')}\n}\n`

/** The predictions for each class of the validation part, as a confusion matrix. */
const confusion = (network: Network, variables: Leaving['state'], { validation }: Parts<Tree>) => {
  const { data, rows } = validation as Parts<Labels>['validation']
  const scores = predict(network, variables, op.gather(data.input, rows))
  return metric.confusionMatrix(scores, op.gather(data.target, rows))
}

const versions = () => ({
  pullback: (createRequire(import.meta.url)('pullback/package.json') as { readonly version: string }).version,
  node: process.versions.node,
  engine: engine().name,
})

const page = (leaving: Leaving, parts: Parts<Tree>): string => {
  const { data, about, network, description, state, configuration } = leaving
  const { target } = about
  const best = state.best ?? state
  const { seed, data: sha256, ...others } = configuration
  const metrics = Object.entries(description.validation).map(([name, x]) => `${name} ${brief(x)}`)
  const what =
    target.kind === 'classes'
      ? `tells ${target.name} (${target.labels.length} classes)`
      : `tells the number ${target.name}; the loss is that of deviations from its mean`
  const sizes = `${parts.train.rows.size} rows to learn from and ${parts.validation.rows.size} to be tested on`
  const kept = `The model is that of epoch ${best.epoch}, which had the least validation loss.`
  const tested = `On the rows that it was tested on: ${metrics.join(', ')}.`
  return report({
    title: `${target.name} of ${basename(data)}`,
    about: `A network that ${what}: ${sizes}. ${kept} ${tested}`,
    history: untimed(inOrder(state.history)),
    network,
    params: best.params,
    configuration: { data: basename(data), sha256, columns: about.columns.map(({ name }) => name), ...others },
    versions: versions(),
    seeds: { seed },
    ...(target.kind === 'classes'
      ? { confusion: confusion(network, best as Leaving['state'], parts), labels: target.labels }
      : {}),
  })
}

/** Writes the model, the history and the report; their paths. Nothing but the history tells a time. */
export const leave = async (out: string, leaving: Leaving, parts: Parts<Tree>) => {
  const { state, description } = leaving
  const files = {
    model: join(out, 'model.safetensors'),
    history: join(out, 'history.json'),
    report: join(out, 'report.html'),
  }
  const written = (text: string): Uint8Array => new TextEncoder().encode(text)
  found(await saveBytes(files.history, written(historyJson(inOrder(state.history))))())
  found(await saveBytes(files.report, written(page(leaving, parts)))())
  found(await saveModel(files.model, state.best ?? state, description as never)())
  return files
}
