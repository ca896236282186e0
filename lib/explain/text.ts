import { showShape } from '../tensor/shape.ts'
import { table, thousands } from '../text/table.ts'
import { firstBadGradient, firstNotFinite, type Graph, type GraphNode, label } from './graph.ts'

const number = (x: number): string => (x === 0 ? '0' : x.toPrecision(3))
const optional = (x: number | undefined): string => (x === undefined ? '' : number(x))

/** The count of numbers that are not finite, if there are any. */
const notFiniteOf = ({ activation: { count, notFinite } }: GraphNode): string =>
  notFinite === 0 ? '' : `${thousands(notFinite)} of ${thousands(count)}`

const row = ({ id, path, kind, inputs, shapes, parameters, ...node }: GraphNode): readonly string[] => {
  const { count, notFinite, mean, deviation, min, max, zeros } = node.activation
  const isKnown = count === 0 || notFinite < count // without finite numbers there are no statistics
  return [
    `${id}`,
    path,
    kind,
    inputs.join(', '),
    shapes.map(showShape).join(', '),
    parameters === 0 ? '' : thousands(parameters),
    ...[mean, deviation, min, max].map((x) => (isKnown ? number(x) : '')),
    isKnown ? `${Math.round(100 * zeros)} %` : '',
    optional(node.gradient),
    optional(node.parameterGradient),
  ]
}

/** A sentence that says where numbers that are not finite came from; undefined if all are finite. */
export const trouble = (graph: Graph): string | undefined => {
  if (graph.badParameters.length > 0)
    return `not finite before it ran: the parameters ${graph.badParameters.join(', ')}`
  const node = firstNotFinite(graph)
  if (node !== undefined) {
    const { count, notFinite } = node.activation
    return `the first that is not finite is ${label(node)}: ${thousands(notFinite)} of ${thousands(count)} numbers`
  }
  const back = firstBadGradient(graph)
  return back && `the first gradient that is not finite comes out of ${label(back)}`
}

/** A graph as a table, one node per line; with the counts of numbers that are not finite, if there are any. */
export const showGraph = (graph: Graph): string => {
  const names = ['mean', 'deviation', 'min', 'max', 'zeros', 'gradient', 'of parameters']
  const notFinite = graph.nodes.map(notFiniteOf)
  const isBad = notFinite.some((text) => text !== '')
  const all = table(
    ['#', 'name', 'node', 'from', 'output', 'parameters', ...names, ...(isBad ? ['not finite'] : [])],
    graph.nodes.map((node, i) => [...row(node), ...(isBad ? [notFinite[i] as string] : [])]),
    [0, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  )
  const found = trouble(graph)
  return found === undefined ? all : `${all}\n${found}`
}
