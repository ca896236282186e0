import { checkOptions } from '../error/options.ts'
import { StructureError, ValueError } from '../error/tensorError.ts'
import { checkLayer, isLayer } from '../layer/checkLayer.ts'
import { type AnyLayer, type Layer, none, type Unwanted } from '../layer/layer.ts'
import { joined, type Loose, type LooseApply, nested, own } from '../layer/records.ts'
import { declarations, isLeaf, type Variables } from '../layer/variables.ts'
import { wrapper } from '../layer/wrapper.ts'
import { describe } from '../tensor/data.ts'
import { ownOf } from '../tree/name.ts'
import type { Merge, Node } from '../tree/path.ts'
import { divide, type Only, type Without } from '../tree/select.ts'
import { isBranch, type Tree } from '../tree/tree.ts'
import { evaluatedWhere } from './evaluated.ts'

/** A state that includes frozen parameters. */
export type Frozen<S, P> = Merge<S & { readonly frozen: P }>
type Thawed<P, S> = S extends { readonly frozen: infer F } ? Merge<P & F> : P
type Rest<S> = { readonly [K in keyof S as K extends 'frozen' ? never : K]: S[K] }

/** The tensors of the declared part of a record. */
const restricted = (record: Loose, spec: Loose): Loose =>
  isLeaf(spec)
    ? record
    : Object.fromEntries(Object.keys(spec).map((name) => [name, restricted(record[name], spec[name])]))

/** A record without the excluded entries; records that become empty are removed. */
const pruned = (record: Loose, skip: Loose): Loose =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, part]) => {
      const within = ownOf(skip, name)
      if (within === undefined) return [[name, part]]
      const left = within === true ? none : pruned(part, within)
      return Object.keys(left).length === 0 ? [] : [[name, left]]
    }),
  )

/** The entries at given names, and the rest. */
const parted = (record: Tree, names: readonly string[]): readonly [Loose, Loose] => {
  const [frozen = none, trained = none] = divide('freeze', record, names)
  return [frozen, trained]
}

/** Options for the parts whose parameters are all frozen. */
export interface FreezeOptions {
  /** The mode during training: evaluation by default; with 'train', dropout and running moments stay active. */
  readonly mode?: 'eval' | 'train' | undefined
}

const freezeLayer = (layer: AnyLayer, names: readonly string[], mode: 'eval' | 'train'): Loose => {
  const [frozenSpec, trained]: Loose = parted(layer.params as Tree, names)
  const skip: Unwanted = names.reduce((all, name) => joined(all, nested(name, true)), {})
  const paths = new Set(declarations(frozenSpec).map(([path]) => path))
  const isFrozen = (path: string): boolean => mode === 'eval' && paths.has(path)
  const inner: LooseApply = evaluatedWhere(layer, isFrozen).apply
  const state = layer.state as Loose
  const apply: LooseApply = (params, kept, context, x) => {
    const { frozen, ...rest } = kept
    const before = state.frozen === undefined ? rest : { ...rest, frozen: restricted(frozen, state.frozen) }
    const step = inner(joined(own(trained, params), restricted(frozen, frozenSpec)), before, context, x)
    const pullback = (dy: Loose) => {
      const cotangents = step.pullback(dy)
      const all = (more?: Unwanted): Unwanted => (more === undefined ? skip : joined(more, skip))
      return {
        params: (more?: Unwanted) => pruned(cotangents.params(all(more)), skip),
        input: cotangents.input,
      }
    }
    const after = state.frozen === undefined ? frozen : joined(step.state.frozen, restricted(frozen, frozenSpec))
    return { value: step.value, state: { ...step.state, frozen: after }, pullback }
  }
  return wrapper('frozen', layer, apply, (part) => freezeLayer(part, names, mode), {
    params: trained,
    state: { ...state, frozen: joined(state.frozen ?? {}, frozenSpec) },
    kept: (path) => (isFrozen(path) ? undefined : path),
  })
}

/** Freezes parameters of a layer or of variables. */
export interface Freeze {
  <I, O, P, S, const N extends Node<P>>(
    layer: Layer<I, O, P, S>,
    ...names: readonly N[]
  ): Layer<I, O, Without<P, N>, Frozen<S, Only<P, N>>>
  <P, S, const N extends Node<P>>(
    variables: Variables<P, S> & { readonly apply?: undefined | undefined },
    ...names: readonly N[]
  ): Variables<Without<P, N>, Frozen<S, Only<P, N>>>
  /** Catches names that do not exist: the compiler reports what the last signature takes. */
  <I, O, P, S>(layer: Layer<I, O, P, S>, ...names: readonly Node<P>[]): Layer<I, O, P, S>
  readonly with: (options: FreezeOptions) => Freeze
}

/** A value that can be frozen or thawed: a layer or variables. */
const checkSubject = (op: string, of: unknown): void => {
  const isVariables = isBranch(of) && isBranch(ownOf(of, 'params')) && isBranch(ownOf(of, 'state'))
  if (!isVariables) checkLayer(op, of, 'a layer, or variables { params, state }')
}

const freezing = (options: FreezeOptions): Freeze => {
  checkOptions('freeze', options, ['mode'])
  const { mode = 'eval' } = options
  if (mode !== 'eval' && mode !== 'train')
    throw new ValueError({
      op: 'freeze',
      expected: "the mode 'eval' or 'train'",
      actual: describe(mode),
      code: 'unknown-choice',
    })
  const freeze = (of: Loose, ...names: Loose): Loose => {
    checkSubject('freeze', of)
    if (names.length === 0) return of
    if (isLayer(of)) return freezeLayer(of, names, mode)
    const [frozen, params] = parted(of.params, names)
    return { params, state: { ...of.state, frozen: joined(of.state.frozen ?? {}, frozen) } }
  }
  return Object.assign(freeze, { with: freezing })
}

/**
 * A layer with some parameters, given by dotted names, that are no longer trained. They become part of the state, under
 * `frozen`, so they are still saved and loaded, and they draw the same initial values as trained ones. Their gradients
 * are not computed, nor is anything that only leads to them. Given variables instead of a layer, returns the variables
 * that fit the frozen layer. A name that does not exist is a compile error and a `StructureError`.
 *
 * A part whose parameters are all frozen runs as in evaluation, even during training: dropout in it drops nothing, and
 * batch normalization uses the running mean and variance and leaves them unchanged. (`evaluated` does the same for a
 * part without parameters, or one that is still trained.) `freeze.with({ mode: 'train' })` freezes the parameters
 * alone.
 *
 * @example
 * import { compose, freeze, init, key, linear, named, tanh } from 'pullback'
 * const net = compose(named('enc', compose(named('L1', linear(4, 3)), tanh)), named('out', linear(3, 2)))
 * const head = freeze(net, 'enc')
 * Object.keys(head.params) // => ['out']
 * freeze(init(net, key(0)), 'enc').state.frozen.enc.L1.W.shape // => [3, 4]
 */
export const freeze: Freeze = freezing({})

/**
 * Removes every `freeze` whose parameters are at the top of the state: those of a layer and of the parts it adds no
 * name to.
 */
const thawLayer = (layer: AnyLayer): AnyLayer => {
  const { structure } = layer
  if ((layer.state as Loose).frozen === undefined || structure === undefined) return layer
  const parts = structure.parts.map((part) => (part.name === '' ? thawLayer(part.layer) : part.layer))
  return structure.tag === 'frozen' ? (parts[0] as AnyLayer) : structure.rebuild(parts)
}

/**
 * The layer that `freeze` was given, all of whose parameters are trained again, or the variables that fit it.
 *
 * @example
 * import { freeze, init, key, linear, thaw } from 'pullback'
 * const layer = freeze(linear(3, 2), 'W')
 * Object.keys(thaw(layer).params) // => ['W', 'b']
 * thaw(init(layer, key(0))).params.W.shape // => [2, 3]
 */
export function thaw<I, O, P, S>(layer: Layer<I, O, P, S>): Layer<I, O, Thawed<P, S>, Rest<S>>
export function thaw<P, S>(variables: Variables<P, S>): Variables<Thawed<P, S>, Rest<S>>
export function thaw(of: Loose): Loose {
  checkSubject('thaw', of)
  if (of.state.frozen === undefined)
    throw new StructureError({ op: 'thaw', expected: 'what freeze has made', actual: 'nothing that is frozen' })
  if (isLayer(of)) return thawLayer(of)
  const { frozen, ...state } = of.state
  return { params: joined(of.params, frozen), state }
}
