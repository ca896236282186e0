import type { Communicator } from '../../comm/communicator.ts'
import { checkSame, digest } from '../../comm/same.ts'
import { sharded } from '../../data/sharded.ts'
import type { Source } from '../../data/source.ts'
import type { AnyLayer } from '../../layer/layer.ts'
import { mapParts } from '../../layer/structure.ts'
import { packed } from '../../tensor/pack.ts'
import { showShape } from '../../tensor/shape.ts'
import { isTensor, raw } from '../../tensor/view.ts'
import { entries, isBranch, type Tree } from '../../tree/tree.ts'
import { blockOf } from '../checkStep.ts'

/** The digest of the tensors of a tree, with their names and shapes. */
const digestOf = (tree: unknown): string =>
  isTensor(tree) || (isBranch(tree) && Object.keys(tree).length > 0)
    ? digest(
        entries(tree as Tree, 'fit').flatMap(([path, t]) => [
          `${path} ${t.dtype} ${showShape(t.shape)}`,
          packed(raw(t)),
        ]),
      )
    : 'none'

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
  comm: Communicator,
  layer: AnyLayer,
  loss: unknown,
  run: {
    readonly params: unknown
    readonly state: unknown
    readonly step: number
    readonly epoch: number
    readonly key: unknown
  },
  options: Options,
): void => {
  if (comm.size === 1) return
  const { train, validation, epochs, size, exact, compiled, every, guard, metrics } = options
  const dataOf = (data: unknown): string => {
    const { data: held, rows } = Object(data) as Options
    return rows === undefined ? 'a source' : digestOf({ held, rows } as never)
  }
  checkSame('fit', comm, {
    network: kindsOf(layer),
    loss: digest([String(loss)]),
    parameters: digestOf(run.params),
    state: digestOf(run.state),
    place: `step ${run.step}, epoch ${run.epoch}, key ${JSON.stringify(run.key)}`,
    examples: dataOf(train),
    'validation part': dataOf(validation),
    options: JSON.stringify({ epochs, size, exact, compiled, every, guard, metrics: Object.keys(Object(metrics)) }),
  })
}

/** The parts of a source's minibatches that a rank takes; the source itself if it has all. */
export const sharesOf = <B>(
  source: Source<B>,
  comm: Communicator,
  options: { readonly exact?: boolean | number | undefined },
): Source<B> => {
  const block = blockOf(options)
  if (comm.size === 1 && block === undefined) return source
  const parts: (source: Source<never>) => Source<unknown> = sharded(comm, { block: block ?? 1 })
  return parts(source as Source<never>) as Source<B>
}
