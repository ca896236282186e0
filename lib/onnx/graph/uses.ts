// How the values of a graph are used.
import type { Message } from '../proto/fields.ts'

type Nodes = readonly Message<'Node'>[]

/** The nodes that lead to some values, by their indices. */
export const leadingTo = (nodes: Nodes, names: readonly string[]): ReadonlySet<number> => {
  const [wanted, found] = [new Set(names), new Set<number>()]
  for (const [i, { input = [], output = [] }] of [...nodes.entries()].reverse())
    if (output.some((name) => wanted.has(name))) {
      found.add(i)
      for (const name of input) wanted.add(name)
    }
  return found
}

/** How a value is used: by which operators, as which input. */
export const usesOf = (nodes: Nodes): ReadonlyMap<string, readonly (readonly [op: string, input: number])[]> => {
  const uses = new Map<string, (readonly [string, number])[]>()
  for (const { opType = '', input = [] } of nodes)
    input.forEach((name, i) => {
      const known = uses.get(name)
      if (known === undefined) uses.set(name, [[opType, i]])
      else known.push([opType, i])
    })
  return uses
}
