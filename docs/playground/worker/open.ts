// Loads the data and the program, and makes a run of what the program declares.
import { type AnyLayer, count, engine, init, key, predict, ShapeError, type Tensor, threads } from 'pullback'
import type { Reply, Request } from '../message.ts'
import { choose } from './data/choose.ts'
import { type Dataset, type Input, part } from './data/dataset.ts'
import { type Experiment, experimentDeclared, giveData } from './experiment.ts'
import { startTrainer } from './trainer.ts'
import { viewsOf } from './views.ts'

type Opening = Extract<Request, { readonly kind: 'open' }>

const mostThreads = 4

/** Imports a program, whose names of modules are addresses already. */
const load = async (program: string): Promise<void> => {
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }))
  try {
    await import(url)
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** Error for a network that the compiler let pass, or never saw, and that does not suit the data. */
const checkFit = ({ network }: Experiment, { info }: Dataset): void => {
  const size = info.shape.reduce((product, n) => product * n, 1)
  const one = part(new Float32Array(size), Int32Array.of(0), info.shape).data.input as Input
  const { shape } = predict(network as AnyLayer, init(network, key(0)), one) as Tensor
  if (shape.length === 2 && shape[1] === info.labels.length) return
  throw new ShapeError({
    op: 'train',
    expected: `a score for each of the ${info.labels.length} classes`,
    actual: `an output [${shape.slice(1).join(', ')}] for each example`,
    remedy: 'end the network with linear(…, data.classes)',
  })
}

export const open = async ({ program, settings, files }: Opening, post: (reply: Reply) => void) => {
  if (globalThis.crossOriginIsolated) threads(Math.min(mostThreads, navigator.hardwareConcurrency || 1))
  const dataset = await choose(settings, files, (found) => post({ kind: 'columns', ...found }))
  post({ kind: 'data', info: dataset.info })
  giveData(dataset)
  await load(program)
  const experiment = experimentDeclared()
  if (experiment === undefined) throw new Error('The program ended without train(network, loss, optimizer).')
  checkFit(experiment, dataset)
  const trainer = startTrainer(experiment, dataset, settings.seed)
  const about = { parameters: count(experiment.network), engine: engine().name, threads: engine().threads }
  return { trainer, views: viewsOf(experiment, dataset), about }
}

export type Opened = Awaited<ReturnType<typeof open>>
