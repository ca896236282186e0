// Checks of the arguments of a training step, with remedies.
import { checkCommunicator } from '../comm/checkCommunicator.ts'
import { checkCompress } from '../comm/checkCompress.ts'
import { checkWhole } from '../data/checkWhole.ts'
import { checkOptions } from '../error/options.ts'
import { StructureError, ValueError } from '../error/tensorError.ts'
import type { AnyLayer } from '../layer/layer.ts'
import { exchanges } from '../layer/structure.ts'
import { type Branch, isLeaf } from '../layer/variables.ts'
import { checkLoss } from '../loss/loss.ts'
import { checkTransformation } from '../optim/transformation.ts'
import { checkKey, type Key } from '../random/key.ts'
import { describe } from '../tensor/data.ts'

const op = 'trainStep'
const guards = ['loss', 'updates', 'none']

type Fields = { readonly [name: string]: unknown }

const fieldsOf = (u: unknown): Fields => (typeof u === 'object' && u !== null ? u : {}) as Fields

/** True if declarations have a trainable parameter; frozen ones do not count. */
const learns = (spec: unknown): boolean => isLeaf(spec) || Object.values(spec as Branch).some(learns)

/** Checks the parts of a step. A layer without parameters has nothing to learn, so training it is an error. */
export const checkStep = (layer: AnyLayer, loss: unknown, optimizer: unknown, options: object): void => {
  checkLoss(op, loss)
  checkTransformation(op, optimizer)
  checkOptions(op, options, ['guard', 'penalty', 'probe', 'comm', 'exact', 'compress'])
  const { guard, penalty, probe, comm, exact, compress } = options as Fields
  if (comm !== undefined) checkCommunicator(op, comm, 'training')
  checkExact(layer, exact)
  checkCompress(op, compress)
  if (compress !== undefined && exact !== undefined && exact !== false)
    throw new StructureError({
      op,
      expected: 'compress or exact',
      actual: 'both',
      remedy: 'leave one out',
    })
  if (comm === undefined && (compress ?? blockOf(options)) !== undefined)
    throw new StructureError({
      op,
      expected: 'a communicator (comm) beside compress or exact',
      actual: 'none',
      code: 'missing-name',
      remedy: 'comm: oneProcess is one, for a program that runs alone',
    })
  if (guard !== undefined && !guards.includes(guard as string))
    throw new ValueError({
      op,
      expected: `a guard of ${guards.join(', ')}`,
      actual: describe(guard),
      code: 'unknown-choice',
    })
  if (penalty !== undefined && typeof penalty !== 'function')
    throw new StructureError({
      op,
      expected: 'a penalty, a function of the parameters',
      actual: describe(penalty),
      remedy: 'l2(1e-4) is one',
    })
  if (probe !== undefined && typeof probe !== 'function')
    throw new StructureError({
      op,
      expected: 'a probe, a function of the parameters and their gradient',
      actual: describe(probe),
      remedy: 'sam(0.05) is one',
    })
  if (!learns(layer.params))
    throw new StructureError({
      op,
      expected: 'a layer with parameters to learn',
      actual: `${layer.kind} without any`,
      remedy: 'thaw makes frozen parameters trainable again',
    })
}

/** The examples in a block, if a step is to be exact. */
export const blockOf = ({ exact }: { readonly exact?: boolean | number | undefined }): number | undefined =>
  exact === true ? 16 : exact === false ? undefined : exact

const checkExact = (layer: AnyLayer, exact: unknown): void => {
  if (exact === undefined || exact === false) return
  if (exact !== true) checkWhole(op, 'examples in a block (exact)', exact as number, 1)
  if (!exchanges(layer)) return
  throw new StructureError({
    op,
    expected: 'a layer that runs one block of examples after the other',
    actual: 'one that needs those of all ranks at once: syncBatchNorm',
    remedy: 'with exact, batchNorm takes the statistics of each block',
  })
}

/** Checks the state of a run, as `start` and each step return it. */
export const checkAt = (at: unknown): void => {
  const { step, optimizer, key } = fieldsOf(at)
  if (step === undefined || optimizer === undefined || key === undefined)
    throw new StructureError({
      op,
      expected: 'a run { step, params, state, optimizer, key }',
      actual: describe(at),
      remedy: Array.isArray(at)
        ? 'a step returns [run, metrics]: continue with the first'
        : 'start(layer, optimizer, key) makes the first one',
    })
  checkKey(op, key as Key)
}

/** Checks a minibatch, or a rank's part of one. */
export const checkBatch = (batch: unknown, isShared: boolean): void => {
  const fields = fieldsOf(batch)
  if (fields.input !== undefined && fields.target !== undefined) {
    if (!isShared || fields.shard !== undefined) return
    throw new StructureError({
      op,
      expected: "a rank's part of a minibatch, { input, target, shard }",
      actual: 'one that does not know its place',
      code: 'missing-name',
      remedy: 'sharded(comm)(source) gives the parts of a source, and fit makes them by itself',
    })
  }
  const missing = ['input', 'target'].filter((name) => fields[name] === undefined)
  throw new StructureError({
    op,
    expected: 'a minibatch { input, target }',
    actual: batch === fields ? `none with the name ${missing.join(', ')}` : describe(batch),
    code: batch === fields ? 'missing-name' : undefined,
  })
}
