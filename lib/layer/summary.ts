import { zeros } from '../tensor/create.ts'
import { table, thousands } from '../text/table.ts'
import type { Tree } from '../tree/tree.ts'
import type { Port } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import { checkLayer } from './checkLayer.ts'
import type { AnyLayer } from './layer.ts'
import { emptyBatch, portOf, showExample } from './port.ts'
import { mapParts } from './structure.ts'
import { count, fromSpec } from './variables.ts'

/**
 * A network as a table: a row for each innermost layer with its name, its output (the shape of one example) and its
 * number of parameters, and a row for the total. If the network takes any shape, pass the shape of its input.
 *
 * @example
 * import { compose, linear, named, relu, summary } from 'pullback'
 * summary(compose(named('L1', linear(4, 3)), relu)).split('\n')[2] // => 'L1     linear  [3]             15'
 */
export const summary = (layer: AnyLayer, port?: Port): string => {
  checkLayer('summary', layer)
  const input: Port = portOf('summary', port ?? layer.input)
  const rows: (readonly string[])[] = []
  const watched = mapParts(layer, (part, path) => {
    const row = [path.join('.'), part.kind, '?', thousands(count(part))]
    rows.push(row)
    const apply: AnyLayer['apply'] = (...args) => {
      const step = part.apply(...args)
      row[2] = showExample(step.value as Tree)
      return step
    }
    return { ...part, apply }
  })
  const x = emptyBatch(input)
  const empty = (leaf: { readonly shape: Shape }): Tensor => zeros(leaf.shape)
  if (x !== undefined)
    watched.apply(fromSpec(layer.params, empty), fromSpec(layer.state, empty), { mode: 'eval' }, x as never)
  return table(['name', 'layer', 'output', 'parameters'], [...rows, ['total', '', '', thousands(count(layer))]], [3])
}
