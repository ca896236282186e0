import type { Group } from '../../comm/group.ts'
import { checkSame, digest } from '../../comm/same.ts'
import { sharded } from '../../data/sharded.ts'
import type { Source } from '../../data/source.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import { mapParts } from '../../layer/structure.ts'
import type { Data } from '../../tensor/data.ts'
import { packed } from '../../tensor/pack.ts'
import { showShape } from '../../tensor/shape.ts'
import { isTensor, raw } from '../../tensor/view.ts'
import { isBranch } from '../../tree/tree.ts'
import { blockOf } from '../checkStep.ts'

/** The parts of a value, tensors by their numbers, with their names and shapes. */
const partsOf = (value: unknown, path = ''): readonly (string | Data)[] => {
  if (isTensor(value)) return [`${path} ${value.dtype} ${showShape(value.shape)}`, packed(raw(value))]
  if (!isBranch(value)) return [`${path} ${String(value)}`]
  const names = Object.keys(value).sort()
  return names.flatMap((name) => partsOf(value[name], `${path}.${name}`))
}
const digestOf = (value: unknown): string => digest(partsOf(value))

/** The kinds of the innermost parts of a layer, with their names. */
const kindsOf = (layer: AnyLayer): string => {
  const found: string[] = []
  mapParts(layer, (part, path) => {
    found.push(`${path.join('.')} ${part.kind}`)
    return part
  })
  return digest(found)
}

type Options = { readonly [name: string]: unknown }

/**
 * Checks that the ranks of a run begin alike: with the same network, parameters, examples and options. A rank that
 * differs would only be noticed by what it learns.
 */
export const checkRanks = (
  comm: Group,
  layer: AnyLayer,
  loss: unknown,
  run: {
    readonly params: unknown
    readonly state: unknown
    readonly optimizer: unknown
    readonly step: number
    readonly epoch: number
    readonly key: unknown
  },
  options: Options,
): void => {
  if (comm.size === 1) return
  const { train, validation, epochs, size, exact, compress, compiled, every, guard, metrics, penalty, probe } = options
  const dataOf = (data: unknown): string => {
    const { data: held, rows } = Object(data) as Options
    if (rows === undefined) return data === undefined ? 'none' : 'a source'
    return digestOf({ held, rows })
  }
  checkSame('fit', comm, {
    network: kindsOf(layer),
    loss: digest([loss, penalty, probe].map(String)),
    parameters: digestOf(run.params),
    state: digestOf({ state: run.state, optimizer: run.optimizer }),
    place: `step ${run.step}, epoch ${run.epoch}, key ${JSON.stringify(run.key)}`,
    examples: dataOf(train),
    'validation part': dataOf(validation),
    options: JSON.stringify({
      epochs,
      size,
      exact,
      compress,
      compiled,
      every,
      guard,
      metrics: Object.keys(Object(metrics)),
    }),
  })
}

/** The parts of a source's minibatches that a rank takes; the source itself if it has all. */
export const sharesOf = <B>(
  source: Source<B>,
  comm: Group,
  options: { readonly exact?: boolean | number | undefined },
): Source<B> => {
  const block = blockOf(options)
  if (comm.size === 1 && block === undefined) return source
  const parts: (source: Source<never>) => Source<unknown> = sharded(comm, { block: block ?? 1 })
  return parts(source as Source<never>) as Source<B>
}

/**
 * Checks at the end of an epoch that all ranks have learnt the same. They may not have, if their optimizers differ, which
 * are functions, or if a library of MPI gives ranks different sums.
 */
export const checkLearnt = (comm: Group, epoch: number, params: unknown): void => {
  if (comm.size > 1) checkSame('fit', comm, { [`parameters after epoch ${epoch}`]: digestOf(params) })
}
