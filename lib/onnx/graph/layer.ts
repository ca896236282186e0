// A graph as a layer: its ports, its parameters by name, and its run.
import { inferred } from '../../layer/inferred.ts'
import type { Layer, Leaf } from '../../layer/layer.ts'
import { checkPort } from '../../layer/port.ts'
import { cast } from '../../op/elementwise/cast.ts'
import { slice } from '../../op/shape/slice.ts'
import { isTensor } from '../../tensor/view.ts'
import type { Tree } from '../../tree/tree.ts'
import type { AnyTensor, Tensor } from '../../type/tensor.ts'
import { lastOf, ofLast, ofTensor, tensorOf, type Value } from '../value.ts'
import type { Graph, Stored } from './compile.ts'
import { at, nestedAt, pathsOf, plainNames } from './names.ts'
import { runSteps } from './plan.ts'
import { entering, exampleOf, type ImageLayout, leaving, type PortIn } from './port.ts'

// biome-ignore lint/suspicious/noExplicitAny: the compiler does not know the names of a file
export type Named = { readonly [name: string]: any }
// biome-ignore lint/suspicious/noExplicitAny: nor its sizes
export type GraphLayer = Layer<any, any, Named, Named>

/** The tensor of a parameter as we keep it. */
const keptOf = ({ value, isTurned }: Stored): AnyTensor => (isTurned ? lastOf(value) : tensorOf(value))
const usedOf = ({ isTurned }: Stored, t: AnyTensor): Value => (isTurned ? ofLast(t as Tensor) : ofTensor(t))

interface Placed {
  readonly stored: Stored
  readonly path: readonly string[]
}

const placed = (stored: readonly Stored[]): readonly Placed[] => {
  const paths = pathsOf(stored.map(({ name }) => name))
  return stored.map((s, i) => ({ stored: s, path: paths[i] as readonly string[] }))
}

/** Tensors, or a record of them by name where there are several. */
const asTree = (names: readonly string[], all: readonly unknown[]): unknown =>
  all.length === 1 ? all[0] : Object.fromEntries(names.map((name, i) => [name, all[i]]))

/** The layer of a graph, and its variables as the file has them. */
export const layerOf = (graph: Graph, ports: readonly PortIn[], images: ImageLayout) => {
  const [params, state] = [false, true].map((is) => placed(graph.stored.filter(({ isState }) => isState === is))) as [
    readonly Placed[],
    readonly Placed[],
  ]
  const inputNames = plainNames(
    ports.map(({ name }) => name),
    'input',
  )
  const outputNames = plainNames(
    graph.outputs.map(({ message }) => message.name ?? ''),
    'output',
  )
  const input = asTree(
    inputNames,
    ports.map((port) => exampleOf(port, images)),
  )
  const kept = graph.outputs.map(({ place }) => place)
  const run = (p: unknown, s: unknown, x: Tree): Tree => {
    const values: (Value | undefined)[] = []
    for (const [place, value] of graph.constants) values[place] = value
    for (const { stored, path } of params) values[stored.place] = usedOf(stored, at(p, path) as AnyTensor)
    for (const { stored, path } of state) values[stored.place] = usedOf(stored, at(s, path) as AnyTensor)
    const given = inputNames.map(
      (name) => (isTensor(x) ? x : (x as { readonly [name: string]: AnyTensor })[name]) as AnyTensor,
    )
    graph.inputs.forEach(({ place }, i) => {
      values[place] = entering(ports[i] as PortIn, given[i] as AnyTensor, images)
    })
    runSteps(graph.steps, values, kept)
    const outputs = kept.map((place) => {
      const y = leaving(values[place] as Value, images)
      return given[0]?.shape[0] === 0 ? slice(y, [[0, 0]] as never) : y
    })
    return asTree(outputNames, outputs) as Tree
  }
  const leaf = ({ stored, path }: Placed): readonly [readonly string[], Leaf] => {
    const t = keptOf(stored)
    return [path, { shape: t.shape, draw: (_key, _shape, dtype) => cast(t, dtype) as never }]
  }
  const layer = {
    kind: 'onnx',
    input,
    params: nestedAt(params.map(leaf)),
    state: nestedAt(state.map(leaf)),
    apply: (p: Tree, s: unknown, _context: unknown, x: Tree) => {
      checkPort('onnx', input, x)
      const own = nestedAt(params.map(({ path }) => [path, at(p, path) as Tree] as const)) as Tree
      const [value, pullback] = inferred(
        'onnx',
        (given: { readonly params: Tree; readonly x: Tree }) => run(given.params, s, given.x),
        {
          params: own,
          x,
        },
      )
      return { value, state: s, pullback }
    },
  } as unknown as GraphLayer
  const tensors = (all: readonly Placed[]) =>
    nestedAt(all.map(({ stored, path }) => [path, keptOf(stored)] as const)) as Named
  return { layer, variables: { params: tensors(params), state: tensors(state) } }
}
