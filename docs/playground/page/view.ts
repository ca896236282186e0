// What the page shows of a run, and how each message of the worker changes it.
import type { CheckRow, DataInfo, GraphBox, Pace, Reply, Tiles } from '../message.ts'
import { emptySeries, extended, type Series } from './series.ts'

export interface Line {
  readonly id: number
  readonly level: string
  readonly text: string
}

export interface View {
  readonly phase: 'closed' | 'opening' | 'ready' | 'failed'
  readonly running: boolean
  readonly step: number
  readonly speed: number
  readonly hash: string
  readonly parameters: number
  readonly threads: number
  readonly failure: string
  readonly loss: Series
  readonly train: Series
  readonly test: Series
  readonly plane: Extract<Reply, { readonly kind: 'plane' }> | undefined
  readonly weights: readonly Tiles[]
  readonly activations: readonly Tiles[]
  readonly graph: readonly GraphBox[]
  readonly rows: readonly CheckRow[]
  readonly pass: boolean
  /** How sure the network is of each class of the picture that it reads; none if there is no picture. */
  readonly shares: readonly number[]
  /** What it reads in the pictures of the test. */
  readonly found: Uint8Array
  readonly lines: readonly Line[]
  // These stay on the page until others come.
  /** The columns of the table, and the one that is predicted. */
  readonly columns: readonly string[]
  readonly target: string
  /** The data. */
  readonly info: DataInfo | undefined
  /** The speed that is chosen, which is no part of a run. */
  readonly pace: Pace
}

const noCurves = { loss: emptySeries, train: emptySeries, test: emptySeries }

/** A run of which nothing is known yet. */
export const blank: Omit<View, 'columns' | 'target' | 'info' | 'pace'> = {
  ...noCurves,
  phase: 'closed',
  running: false,
  step: 0,
  speed: 0,
  hash: '',
  parameters: 0,
  threads: 0,
  failure: '',
  plane: undefined,
  weights: [],
  activations: [],
  graph: [],
  rows: [],
  pass: true,
  shares: [],
  found: new Uint8Array(0),
  lines: [],
}

const mostLines = 200

/** What changes in the view with a message. */
export const changesOf = (view: View, reply: Reply): Partial<View> => {
  switch (reply.kind) {
    case 'columns':
      return { columns: reply.columns, target: reply.target }
    case 'data':
      return { info: reply.info }
    case 'ready':
      return { phase: 'ready', parameters: reply.parameters, threads: reply.threads }
    case 'progress': {
      const { step, losses, speed, hash, running } = reply
      return { step, speed, hash, running, loss: extended(view.loss, step - losses.length, losses) }
    }
    case 'accuracy':
      return {
        train: extended(view.train, reply.step, [reply.train]),
        test: extended(view.test, reply.step, [reply.test]),
      }
    case 'plane':
      return { plane: reply }
    case 'weights':
      return { weights: reply.tiles }
    case 'activations':
      return { activations: reply.tiles }
    case 'graph':
      return { graph: reply.boxes }
    case 'checked':
      return { rows: reply.rows, pass: reply.pass }
    case 'read':
      return { shares: reply.shares }
    case 'samples':
      return { found: reply.found }
    case 'loaded':
      return noCurves
    case 'log': {
      const id = (view.lines.at(-1)?.id ?? 0) + 1
      return { lines: [...view.lines.slice(1 - mostLines), { id, level: reply.level, text: reply.text }] }
    }
    case 'failed':
      return { phase: 'failed', running: false, failure: reply.text }
    case 'saved':
      return {}
  }
}
