import { type AnyLayer, type Cotangents, lazy, none, type Params, type State } from '../layer/layer.ts'
import { checkPort } from '../layer/port.ts'
import { declared, type Loose, type LooseApply, type LooseStep, merge, own } from '../layer/records.ts'
import { checkName } from '../tree/name.ts'
import { named } from './named.ts'

/** Parallel layers, by name. */
export type Branches = { readonly [name: string]: AnyLayer }

type WithoutEmpty<T> = { readonly [K in keyof T as keyof T[K] extends never ? never : K]: T[K] }
/** The parameters of branches: those of each branch under its name. */
export type BranchParams<Ls extends Branches> = WithoutEmpty<{ readonly [K in keyof Ls]: Params<Ls[K]> }>
/** The state of branches: that of each branch under its name. */
export type BranchState<Ls extends Branches> = WithoutEmpty<{ readonly [K in keyof Ls]: State<Ls[K]> }>

/** The declarations and parts that named layers have together. */
export const family = (kind: string, layers: Branches, make: (layers: Branches) => AnyLayer) => {
  const names = Object.keys(layers)
  for (const name of names) checkName(kind, name)
  const parts: readonly AnyLayer[] = names.map((name) => named(name, layers[name] as AnyLayer) as AnyLayer)
  return {
    names,
    parts,
    params: declared(
      kind,
      parts.map((part) => part.params),
    ),
    state: declared(
      kind,
      parts.map((part) => part.state),
    ),
    structure: {
      tag: kind,
      parts: names.map((name) => ({ name, layer: layers[name] as AnyLayer })),
      rebuild: (others: readonly AnyLayer[]) =>
        make(Object.fromEntries(names.map((name, i) => [name, others[i] as AnyLayer]))),
    },
  }
}

/** Distributes an input to the branches and combines their cotangents into that of the input. */
export interface Ends {
  readonly kind: string
  readonly input: Loose
  readonly take: (x: Loose, name: string) => Loose
  readonly join: (dxs: { readonly [name: string]: Loose }) => Loose
  readonly make: (layers: Branches) => AnyLayer
}

/** Runs layers in parallel and returns a record of their outputs. */
export const branches = (layers: Branches, { kind, input, take, join, make }: Ends): Loose => {
  const { names, parts, params, state, structure } = family(kind, layers, make)
  const record = (value: (i: number) => unknown): Loose => Object.fromEntries(names.map((name, i) => [name, value(i)]))
  const apply: LooseApply = (given, kept, context, x) => {
    checkPort(kind, input, x)
    const steps: readonly LooseStep[] = parts.map((part, i) =>
      part.apply(given, own(part.state, kept), context, take(x, names[i] as string)),
    )
    const pullback = (dy: Loose): Cotangents<Loose, Loose> => {
      const found = steps.map((step, i) => step.pullback(dy[names[i] as string]))
      return {
        params: (unwanted) => merge(found.map((c) => c.params(unwanted))),
        input: lazy(() => join(record((i) => found[i]?.input()))),
      }
    }
    return {
      value: record((i) => steps[i]?.value),
      state: Object.keys(state).length === 0 ? none : merge(steps.map((s) => s.state)),
      pullback,
    }
  }
  return { kind, input, params, state, apply, structure }
}
