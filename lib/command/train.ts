import { join } from 'node:path'
import { evaluate, op, show, type Tree } from '../index.ts'
import { interruptible } from '../node/index.ts'
import { command } from './command.ts'
import { leave } from './leave.ts'
import { architectureOf } from './model.ts'
import { activationNames, networkOf } from './network.ts'
import { choice, flag, number, numbers, type OptionValues, text, UsageError } from './options.ts'
import { brief, metricTable, say, sayJson, warn } from './output.ts'
import { isFirst } from './place.ts'
import { type Found, type Parts, prepare } from './prepare.ts'
import { type Ended, run } from './run.ts'
import { engineNames, optimizerNames, optimizerOf, runOn, scheduleNames, usualRate } from './settings.ts'
import { classifying, regressing, type Task } from './task.ts'

const options = {
  target: text('COLUMN', undefined, 'the column that is to be told from the others'),
  out: text('DIR', 'run', 'the folder for the model, the history, the report and the checkpoints'),
  task: choice(['classify', 'regress'], undefined, 'labels or numbers, by the column if not given'),
  hidden: numbers(10_000, [64, 32], 'units of each hidden layer; 0 for none'),
  activation: choice(activationNames, 'relu', 'what follows each hidden layer'),
  dropout: number({ least: 0, most: 0.99, whole: false }, 0.1, 'how likely dropout is to drop a number'),
  epochs: number({ least: 1, most: 1_000_000 }, 100, 'how many times to go over the rows'),
  batch: number({ least: 1, most: 1_000_000 }, 32, 'rows in a minibatch'),
  lr: number({ least: 1e-12, most: 1000, whole: false }, undefined, 'the learning rate, by the optimizer if not given'),
  optimizer: choice(optimizerNames, 'adamw', 'how the network learns'),
  schedule: choice(scheduleNames, 'cosine', 'how the learning rate goes down'),
  validation: number({ least: 0.001, most: 0.999, whole: false }, 0.2, 'the share of the rows to be tested on'),
  patience: number({ least: 1, most: 1_000_000 }, undefined, 'stops after so many epochs without a better loss'),
  seed: number({ least: 0, most: Number.MAX_SAFE_INTEGER }, 0, 'the same seed gives the same files'),
  exact: flag('gives the same bits on any number of ranks, and takes more time'),
  engine: choice(engineNames, 'wasm', 'what computes'),
  threads: number({ least: 1, most: 64 }, 1, 'how many threads multiply; no result depends on it'),
  resume: flag('goes on from the last checkpoint in DIR'),
  'checkpoint-every': number({ least: 1, most: 1_000_000 }, 10, 'epochs between two checkpoints'),
  json: flag('prints one JSON document and nothing else'),
  quiet: flag('prints nothing but errors'),
} as const

type Given = OptionValues<typeof options>

const more = `Leaves model.safetensors, history.json, report.html and checkpoint/ in DIR. Ctrl-C ends it after the step
under way and saves; the same call with --resume goes on, and ends in the same files as if nothing had been.
mpirun makes several ranks share each minibatch; rank 0 prints and writes, and a run may go on with other ranks.

  pullback train flowers.csv --target species --out flowers
  mpirun -n 4 npx pullback train flowers.csv --target species --out flowers`

/** Labels or names, the first few of them. */
const listed = (names: readonly string[]): string =>
  [...names.slice(0, 8), ...(names.length > 8 ? [`${names.length - 8} more`] : [])].join(', ')

/** The task as a sentence. */
const taskText = (target: Found['target']): string => {
  if (target.kind === 'classes') return `task classify: ${target.name} is one of ${listed(target.labels)}`
  const [deviation, mean] = [brief(target.units.deviation), brief(target.units.mean)]
  return `task regress: ${target.name} is a number, learnt in deviations of ${deviation} from the mean ${mean}`
}

/** The inferred columns as text, shown before training begins. */
const inference = (file: string, { inferred, filled, target }: Found, { train, validation }: Parts<Tree>): string =>
  [
    `${file}\n${show(inferred)}`,
    ...filled,
    taskText(target),
    `${train.rows.size} rows to learn from, ${validation.rows.size} to be tested on`,
    '',
  ].join('\n')

/** The command line that goes on with this run. */
const again = (): string => {
  const words = ['pullback', ...process.argv.slice(2).filter((word) => word !== '--resume'), '--resume']
  return words.map((word) => (/^[\w./,:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}

/** Says how to go on with a run that was interrupted; the exit code of such an end. */
const interrupted = ({ json }: Given, state: Ended['state']): number => {
  const where = state === undefined ? 'before its first step' : `after step ${state.step}, in epoch ${state.epoch + 1}`
  if (json) sayJson({ interrupted: true, step: state?.step ?? 0, resume: again() })
  warn(`interrupted ${where}; to go on:\n  ${again()}`)
  return typeof process.exitCode === 'number' ? process.exitCode : 130
}

/** The settings with which a run is begun, and has to be resumed. */
const settingsOf = (given: Given, { sha256, target }: Found, lr: number) => ({
  data: sha256.slice(0, 16),
  target: target.name,
  task: target.kind === 'classes' ? 'classify' : 'regress',
  hidden: given.hidden,
  activation: given.activation,
  dropout: given.dropout,
  batch: given.batch,
  lr,
  optimizer: given.optimizer,
  schedule: given.schedule,
  validation: given.validation,
  seed: given.seed,
  engine: given.engine,
  ...(given.exact ? { exact: true } : {}),
})

const learn = async <T extends Tree>(given: Given, file: string, about: Found, parts: Parts<T>, task: Task<T>) => {
  const { out, seed, batch, epochs, json, quiet, hidden, activation, dropout, optimizer: by } = given
  const { columns, target } = about
  const { train, validation } = parts
  const tell = json || quiet ? () => {} : say
  tell(inference(file, about, parts))

  const network = networkOf(
    architectureOf({ columns, target, network: { hidden, activation, dropout } }),
    op.gather(train.data.input, train.rows),
  )
  const rate = given.lr ?? usualRate(by)
  const optimizer = optimizerOf(by, rate, given.schedule, epochs * Math.ceil(train.rows.size / batch))
  const settings = settingsOf(given, about, rate)
  const { signal, off } = interruptible()
  const { state, isDone, comm, done } = await run(network, optimizer, task, parts, {
    folder: join(out, 'checkpoint'),
    resume: given.resume,
    settings,
    seed,
    epochs,
    size: batch,
    exact: given.exact,
    patience: given.patience,
    every: given['checkpoint-every'],
    quiet: quiet || json,
    signal,
  }).finally(off)
  if (state === undefined || !isDone) {
    const code = interrupted(given, state)
    comm.close()
    return code
  }

  const best = state.best ?? state
  const metrics = await evaluate(network, best, task.loss, validation, { metrics: task.told, comm })
  const description = {
    by: 'pullback train',
    version: 1,
    columns,
    target,
    network: { hidden, activation, dropout },
    validation: metrics,
  } as const
  const configuration = { ...settings, epochs }
  if (isFirst) {
    const files = await leave(out, { data: file, about, network, description, state, configuration }, parts)
    await done()
    if (json)
      sayJson({
        task: settings.task,
        target,
        columns: about.inferred.columns,
        rows: { train: train.rows.size, validation: validation.rows.size },
        epochs: state.epoch,
        best: best.epoch,
        stopped: state.stopped,
        metrics,
        files,
      })
  }
  tell(`\n${metricTable(metrics, `on ${validation.rows.size} rows not learnt from`)}`)
  tell(`\nthe model of epoch ${best.epoch} of ${state.epoch} is in ${out}, with report.html`)
  comm.close()
  return undefined
}

/** Trains a perceptron on a table. */
export const train = command({
  name: 'train',
  about: 'trains a network on a table and leaves it in a folder, with a report',
  positionals: ['DATA.csv'],
  options,
  more,
  work: async (given, [file = '']) => {
    const { target, task, validation, seed } = given
    if (target === undefined) throw new UsageError('expected --target COLUMN, got none')
    runOn(given.engine, given.threads)
    const prepared = await prepare(file, { target, task, validation, seed })
    return prepared.kind === 'classes'
      ? learn(given, file, prepared.found, prepared.parts, classifying)
      : learn(given, file, prepared.found, prepared.parts, regressing(prepared.deviation))
  },
})
