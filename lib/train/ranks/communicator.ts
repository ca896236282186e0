import type { Group } from '../../comm/group.ts'
import type { Source } from '../../data/source.ts'
import type { AnyLayer, Layer } from '../../layer/layer.ts'
import type { Tree } from '../../tree/tree.ts'
import { checkLearnt, checkRanks, sharesOf } from './checkRanks.ts'
import { outputsOfAll, runsHere } from './outputs.ts'
import { anyOf, type Before, type Counts, ofFirst, ownCounts, pooled } from './pool.ts'
import { type AnyLoss, type Together, togetherOf } from './together.ts'

/** What training does together with the other ranks of a group. */
export const trainingOf = (group: Group) => ({
  slopeOf: <I, O, P extends Tree, S>(layer: Layer<I, O, P, S>, loss: AnyLoss, how: Together) =>
    togetherOf(layer, loss, group, how),
  sharesOf: <B>(source: Source<B>, options: Parameters<typeof sharesOf>[2]): Source<B> =>
    sharesOf(source, group, options),
  checkRanks: (layer: AnyLayer, loss: unknown, run: Parameters<typeof checkRanks>[3], options: object): void =>
    checkRanks(group, layer, loss, run, options as never),
  checkLearnt: (epoch: number, params: unknown): void => checkLearnt(group, epoch, params),
  ownCounts: (state: Before): Counts => ownCounts(group, state),
  pooled: (metrics: object, state: Before, own: Counts): Counts => pooled(group, metrics as never, state, own),
  anyOf: (own: boolean): boolean => anyOf(group, own),
  ofFirst: <A>(own: A): A => ofFirst(group, own),
  runsHere: (i: number): boolean => runsHere(group, i),
  outputsOfAll: (own: ReadonlyMap<number, Tree>, rows: readonly number[]): readonly Tree[] =>
    outputsOfAll(group, own, rows),
})

/** What training does together with other ranks. */
export type TrainingOnRanks = ReturnType<typeof trainingOf>

/**
 * A group of ranks to train on: the option `comm` of `trainStep`, `fit` and `evaluate`. It brings what they do with
 * ranks, which programs without a communicator do not carry. A group of your own takes it from the one of one process:
 * `{ ...oneProcess, ...group }`.
 */
export interface Communicator extends Group {
  readonly training: (group: Group) => TrainingOnRanks
}
