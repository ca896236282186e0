import { zeros } from '../tensor/create.ts'
import { showShape } from '../tensor/shape.ts'
import { isTensor } from '../tensor/view.ts'
import { table, thousands } from '../text/table.ts'
import type { Tree } from '../tree/tree.ts'
import type { Port } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'
import { type AnyLayer, any, none } from './layer.ts'
import { count, fromSpec } from './variables.ts'

/** A minibatch of no examples at a port: enough to find out shapes. */
const emptyBatch = (port: Port): Tree =>
  Array.isArray(port)
    ? zeros([0, ...(port as Shape)])
    : Object.fromEntries(Object.entries(port).map(([name, p]) => [name, emptyBatch(p as Port)]))

const showPort = (x: Tree): string =>
  isTensor(x)
    ? showShape(x.shape.slice(1))
    : `{ ${Object.entries(x)
        .map(([name, t]) => `${name}: ${showPort(t as Tree)}`)
        .join(', ')} }`

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
    const y = x === undefined ? undefined : (l.apply(params, state, { mode: 'eval' }, x as never).value as Tree)
    rows.push([path, l.kind, y === undefined ? '?' : showPort(y), thousands(count(l))])
    return y
  }
  const empty = (leaf: { readonly shape: Shape }): Tensor => zeros(leaf.shape)
  const from = (input as unknown) === any ? undefined : emptyBatch(input)
  visit(layer, fromSpec(layer.params, empty) as never, fromSpec(layer.state, empty) as never, '', from)
  return table(['name', 'layer', 'output', 'parameters'], [...rows, ['total', '', '', thousands(count(layer))]], [3])
}
