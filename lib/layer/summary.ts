import { within } from '../error/tensorError.ts'
import { zeros } from '../tensor/create.ts'
import { table, thousands } from '../text/table.ts'
import type { Tree } from '../tree/tree.ts'
import type { Port } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import { type AnyLayer, none } from './layer.ts'
import { emptyBatch, showExample } from './port.ts'
import { count, fromSpec } from './variables.ts'

/** What flows: a minibatch of no examples, or nothing where the input is not known. */
type Flow = Tree | undefined

/**
 * A network as a table: a row for each layer with its name, its output (the shape of one example) and its number of
 * parameters, and the total. Where a network takes any shape, give the shape of its input.
 *
 * @example
 * import { compose, linear, named, relu, summary } from 'pullback'
 * summary(compose(named('L1', linear(4, 3)), relu)).split('\n')[2] // => 'L1     linear  [3]             15'
 */
export const summary = (layer: AnyLayer, input: Port = layer.input): string => {
  const rows: (readonly string[])[] = []
  const visit = (l: AnyLayer, params: never, state: never, path: string, x: Flow): Flow => {
    if (l.structure?.tag === 'named') {
      const { name, layer: part } = l.structure
      return visit(
        part,
        ((params as Record<string, never>)[name] ?? none) as never,
        ((state as Record<string, never>)[name] ?? none) as never,
        path === '' ? name : `${path}.${name}`,
        x,
      )
    }
    if (l.structure?.tag === 'chain')
      return l.structure.layers.reduce((y: Flow, part) => visit(part, params, state, path, y), x)
    const run = (): Tree => l.apply(params, state, { mode: 'eval' }, x as never).value as Tree
    const y = x === undefined ? undefined : path === '' ? run() : within(path, run)
    rows.push([path, l.kind, y === undefined ? '?' : showExample(y), thousands(count(l))])
    return y
  }
  const empty = (leaf: { readonly shape: Shape }): Tensor => zeros(leaf.shape)
  visit(layer, fromSpec(layer.params, empty) as never, fromSpec(layer.state, empty) as never, '', emptyBatch(input))
  return table(['name', 'layer', 'output', 'parameters'], [...rows, ['total', '', '', thousands(count(layer))]], [3])
}
