// Checks of the arguments of `fit`, with remedies.
import { checkOptions } from '../error/options.ts'
import { StructureError, ValueError } from '../error/tensorError.ts'
import { checkVariables } from '../layer/checkVariables.ts'
import type { Layer } from '../layer/layer.ts'
import type { Loose } from '../layer/records.ts'
import type { StateFn } from '../optim/transformation.ts'
import { checkKey } from '../random/key.ts'
import { describe } from '../tensor/data.ts'
import { checkMetrics } from './checkMetrics.ts'
import type { FitOptions } from './fitOptions.ts'
import type { FitState } from './fitState.ts'
import { checkSignal } from './until.ts'

const op = 'fit'
const ofRun = [
  'train',
  'validation',
  'key',
  'epochs',
  'size',
  'metrics',
  'monitor',
  'stop',
  'from',
  'every',
  'evaluated',
  'compiled',
]
const names = [...ofRun, 'dtype', 'variables', 'signal', 'penalty', 'probe', 'guard', 'comm', 'exact', 'compress']
const reserved = ['epoch', 'step', 'seconds', 'loss', 'examples']

type AnyOptions = FitOptions<Loose, Loose, Loose, Loose, StateFn, Loose>
type AnyState = FitState<Loose, Loose, Loose>

/** Checks that a state to resume from is one that `fit` gave, with tensors in it. */
const checkFrom = (layer: Layer<Loose, Loose, Loose, Loose>, from: AnyState): void => {
  const fields: Partial<AnyState> = typeof from === 'object' && from !== null ? from : {}
  if (!Number.isSafeInteger(fields.epoch) || typeof fields.history?.loss !== 'object')
    throw new StructureError({
      op,
      expected: 'a state to resume from, as fit returns it',
      actual: describe(from),
      remedy: fields.optimizer === undefined ? undefined : 'continue a run of start with trainStep and scan',
    })
  for (const [column, numbers] of Object.entries(from.history)) {
    const found: readonly unknown[] = Array.isArray(numbers) ? numbers : [numbers]
    if (found.some((x) => typeof x !== 'number'))
      throw new StructureError({
        op,
        expected: 'a history of numbers',
        actual: describe(found.find((x) => typeof x !== 'number')),
        path: ['history', column],
        remedy: 'JSON has neither NaN nor ∞: toBytes keeps them',
      })
  }
  checkVariables(layer, from)
}

const checkStop = (stop: unknown): void => {
  if (Array.isArray(stop) && stop.every((rule) => typeof rule === 'function')) return
  throw new StructureError({
    op,
    expected: 'rules to stop, as an array of functions of the history',
    actual: Array.isArray(stop) ? `[${stop.map(describe).join(', ')}]` : describe(stop),
    remedy: 'stop: [stop.patience(5)] has one',
  })
}

export const checkFit = (layer: Layer<Loose, Loose, Loose, Loose>, options: AnyOptions): void => {
  checkOptions(op, options, names)
  const { epochs = 10, every = 'epoch', key, from, metrics = {}, stop = [], evaluated, signal } = options
  const { compiled = 'if possible' } = options
  const wrong = (expected: string, actual: string): never => {
    throw new ValueError({ op, expected, actual })
  }
  if (!Number.isSafeInteger(epochs) || epochs < 0) wrong('a whole number of epochs', describe(epochs))
  if (every !== 'epoch' && every !== 'step' && !(Number.isSafeInteger(every) && every >= 1))
    wrong("a state every 'epoch' or 'step', or a number of steps", describe(every))
  if (compiled !== 'if possible' && typeof compiled !== 'boolean')
    wrong("compiled as true, false or 'if possible'", describe(compiled))
  if (key === undefined && from === undefined) wrong('a key, such as key(0), or a state to resume from', 'neither')
  if (key !== undefined) checkKey(op, key)
  if (evaluated !== undefined && typeof evaluated !== 'function')
    wrong('evaluated, a function from the run to the variables', describe(evaluated))
  checkStop(stop)
  checkSignal(op, signal)
  checkMetrics(op, metrics)
  for (const name of Object.keys(metrics))
    if (reserved.includes(name) || name.startsWith('validation.')) wrong('another name for a metric', `'${name}'`)
  if (from !== undefined) checkFrom(layer, from)
}
