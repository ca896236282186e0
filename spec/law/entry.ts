import {
  type AnyLayer,
  type AnyTensor,
  type Context,
  fromNested,
  key,
  type Nested,
  ones,
  op,
  type Port,
  sgd,
  start,
  type Tensor,
  type Tree,
  trainStep,
  tree,
  vjp,
} from 'pullback'
import type { Test } from 'tap'
import { isTensor } from '../../lib/tensor/view.ts'
import { layouts } from '../arbitrary/tensor.ts'
import { closeTrees, sameTree } from './diff.ts'
import { caseOf, cotangents, drawLike, lawsOfLayer, training } from './layer.ts'
import { lawsOfStep, type Step } from './program.ts'

type Numbers = Nested | AnyTensor | { readonly [name: string]: Numbers }

/** What a layer must give in float64, for a minibatch and a cotangent of its value. */
export interface Golden {
  readonly at: string
  /** Training unless given. */
  readonly mode?: 'eval'
  readonly params?: Numbers
  readonly state?: Numbers
  readonly x: Numbers
  readonly value: Numbers
  /** The state after it. */
  readonly next?: Numbers
  readonly dy: Numbers
  readonly dx: Numbers
  readonly dparams?: Numbers
}

/** A layer, and what only a person can say of it. */
export interface Entry {
  /** The name it is exported by. */
  readonly of: string
  /** With which options. */
  readonly with?: string
  readonly layer: AnyLayer
  /** The shapes of one example. */
  readonly input: Port
  /** The smallest minibatch that it can learn from; 0 unless given. */
  readonly least?: number
  /** In training, what an example gives depends on the others, or on its place among them. */
  readonly coupled?: true
  /** Another entry has all derivatives of the layer, or of its parts: see `LawOptions`. */
  readonly few?: true
  /** It reads numbers, so that a step with it has no program. */
  readonly reads?: true
  readonly golden?: readonly Golden[]
  /** What it refuses, and what it says then. */
  readonly errors?: readonly (readonly [run: () => unknown, said: RegExp])[]
}

const numbers = (from: Numbers = {}): Tree =>
  isTensor(from)
    ? from
    : typeof from === 'number' || Array.isArray(from)
      ? (fromNested(from as Nested, 'float64') as Tree)
      : Object.fromEntries(Object.entries(from).map(([name, part]) => [name, numbers(part as Numbers)]))
const near = (found: Tree, said: Numbers = {}): boolean => closeTrees(found, numbers(said), 1e-10)

export const goldenValues = (t: Test, layer: AnyLayer, golden: Golden): void => {
  const { at, mode, params, state, x, value, next, dy, dx, dparams } = golden
  const step = layer.apply(numbers(params), numbers(state), mode ? { mode } : training, numbers(x) as never)
  const found = step.pullback(numbers(dy) as never)
  t.ok(near(step.value as Tree, value), `${at}: value`, { found: step.value })
  t.ok(near(step.state as Tree, next ?? state), `${at}: state`)
  t.ok(near(found.input() as Tree, dx), `${at}: cotangent of the input`)
  t.ok(near(found.params() as Tree, dparams), `${at}: cotangents of the parameters`)
}

/**
 * True if a layer gives the same bits in evaluation as in training, forward and backward: one check of all derivatives
 * is for both.
 */
const isSameInEvaluation = ({ layer, input, least = 0 }: Entry): boolean => {
  const { params, state, x } = caseOf(layer, Math.max(3, least), input)
  const [one, other] = ([training, { mode: 'eval' }] as const).map((context): Tree => {
    const step = layer.apply(params, state, context, x as never)
    const both = cotangents(layer, params, state, x, undefined, context)
    return { value: step.value as Tree, state: step.state as Tree, ...both }
  })
  return sameTree(one as Tree, other as Tree)
}

/** In one mode: the laws of a layer, tensors that lie in memory in any way, either precision, and the state. */
const inMode = (t: Test, entry: Entry, context: Context): void => {
  const { layer, input } = entry
  const train = context.mode === 'train'
  const least = train ? (entry.least ?? 0) : 0
  const batches = [0, 1, 3].filter((n) => n >= least)
  lawsOfLayer(t, context.mode, layer, input, {
    context,
    batches,
    coupled: train && entry.coupled === true,
    few: entry.few === true || (!train && isSameInEvaluation(entry)),
  })

  const { params, state, x } = caseOf(layer, 3, input)
  const step = layer.apply(params, state, context, x as never)
  const plain = cotangents(layer, params, state, x, undefined, context)
  for (const [i, [name]] of layouts(tree.leaves(x)[0] as Tensor).entries()) {
    const lie = (a: Tree): Tree =>
      tree.map(a, (leaf) => (leaf.dtype === 'int32' ? leaf : (layouts(leaf as Tensor)[i]?.[1] ?? leaf)))
    const other = layer.apply(lie(params), lie(state), context, lie(x) as never)
    t.ok(closeTrees(other.value as Tree, step.value as Tree), `${context.mode}, ${name}: value`)
    const found = cotangents(layer, lie(params), lie(state), lie(x), undefined, context)
    t.ok(closeTrees(found, plain), `${context.mode}, ${name}: cotangents`)
  }

  const single = (a: unknown): Tree =>
    tree.map(a as Tree, (leaf) => (leaf.dtype === 'int32' ? leaf : (op.cast(leaf, 'float32') as AnyTensor)))
  const double = (a: unknown): Tree => tree.map(a as Tree, (leaf) => op.cast(leaf, 'float64') as AnyTensor)
  const short = layer.apply(single(params), single(state), context, single(x) as never)
  t.ok(
    tree.leaves([short.value, short.state] as Tree).every((leaf) => leaf.dtype === 'float32'),
    `${context.mode}: float32 stays`,
  )
  t.ok(closeTrees(double(short.value), step.value as Tree, 1e-5), `${context.mode}: value in float32`)
  t.ok(closeTrees(double(short.state), step.state as Tree, 1e-5), `${context.mode}: state in float32`)
  const dy = drawLike(step.value as Tree)
  const d = short.pullback(single(dy) as never)
  const said = step.pullback(dy as never)
  const both = (c: typeof d): Tree => ({ params: double(c.params()), input: double(c.input()) })
  t.ok(closeTrees(both(d), both(said), 1e-5), `${context.mode}: cotangents in float32`)

  const again = layer.apply(params, state, context, x as never)
  t.ok(sameTree(again.value as Tree, step.value as Tree), `${context.mode}: the same key, the same value`)
  t.ok(sameTree(again.state as Tree, step.state as Tree), `${context.mode}: the same key, the same state`)
  if (!train)
    t.ok(
      tree.leaves(step.state as Tree).every((leaf, i) => leaf === tree.leaves(state)[i]),
      'evaluation leaves the state alone',
    )
}

/** A layer behind a factor of its inputs, which can be learned. */
const gained = (layer: AnyLayer): AnyLayer =>
  ({
    kind: 'gained',
    input: layer.input,
    params: { gain: { shape: [], draw: (_key, shape, dtype) => ones(shape, dtype) }, own: layer.params },
    state: layer.state,
    apply: (params: { readonly gain: Tensor; readonly own: unknown }, state, context, x) => {
      const times = ({ gain, x }: { readonly gain: Tensor; readonly x: Tree }): Tree =>
        tree.map(x, (leaf) =>
          leaf.dtype === 'int32'
            ? leaf
            : (op.mul(leaf as Tensor, op.broadcast(gain as never, leaf.shape)) as AnyTensor),
        )
      const [y, back] = vjp(times)({ gain: params.gain, x: x as Tree })
      const { value, state: after, pullback } = layer.apply(params.own, state, context, y as never)
      return {
        value,
        state: after,
        pullback: (dy: unknown) => {
          const { params: own, input } = pullback(dy as never)
          const both = () => back(input() as never)
          return { params: () => ({ gain: both().gain, own: own() }), input: () => both().x }
        },
      }
    },
  }) as AnyLayer

/** Half the sum of squares of all outputs. */
const squares = () => (output: Tree) => {
  const value = (y: Tree): Tensor =>
    tree
      .leaves(y)
      .map((leaf) => op.scale(op.sum(op.mul(leaf as Tensor, leaf as Tensor)), 0.5) as Tensor)
      .reduce(op.add as never)
  const [lost, back] = vjp(value)(output)
  return [lost, back] as const
}

/** A step of training with a layer is recorded, and gives the same bits. */
const inPrograms = (t: Test, { layer, input, least = 0, reads }: Entry): void => {
  const [net, optimizer] = [gained(layer), sgd(1e-3)]
  const step = trainStep(net as never, squares as never, optimizer, { guard: 'none' }) as unknown as Step
  const data = [3, 3, Math.max(2, least), 3, 3].map((n, i) => ({
    input: tree.map(caseOf(layer, n, input, i).x as Tree, (x) =>
      x.dtype === 'int32' ? x : (op.cast(x, 'float32') as AnyTensor),
    ),
    target: {},
  }))
  const { reason } = lawsOfStep(t, 'a step', step, start(net as never, optimizer, key(1)), data, [2])
  t.equal(reason, reads ? 'it reads the numbers of a tensor' : undefined, 'what stands in the way of a program')
}

/** The laws of a layer in training and in evaluation, its golden values, and what it must refuse. */
export const lawsOfEntry = (t: Test, entry: Entry): void => {
  inPrograms(t, entry)
  for (const context of [training, { mode: 'eval' }] as const) inMode(t, entry, context)
  for (const golden of entry.golden ?? []) goldenValues(t, entry.layer, golden)
  for (const [run, said] of entry.errors ?? []) t.throws(run, said)
}
