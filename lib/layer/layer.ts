import type { Initializer } from '../initializer/initializer.ts'
import type { Key } from '../random/key.ts'
import { foldIn } from '../random/key.ts'
import type { Any, Batch } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'

/**
 * The declaration of one parameter. Everything the library knows about parameters is derived from these declarations.
 */
export interface Leaf<S extends Shape = Shape> {
  readonly shape: S
  readonly draw: Initializer
  /**
   * Draws from the key of the record that the parameter is in, and not from one of its own: so several parameters of a
   * record can begin with what belongs together, such as vectors and their lengths.
   */
  readonly sharesKey?: true | undefined
}

/** The declarations of a record of parameters: the same record with a declaration for each tensor. */
export type Spec<P> = P extends Tensor<infer S> ? Leaf<S> : { readonly [K in keyof P]: Spec<P[K]> }

/** An empty record: the parameters or the state of a layer that has none. */
export type Empty = Readonly<Record<never, never>>

/** The mode of a run: evaluation or training. Training needs a key, since dropout and similar layers are random. */
export type Context = { readonly mode: 'eval' } | { readonly mode: 'train'; readonly key: Key }

/**
 * The names of parameters whose cotangents are not needed: `true` for a whole record, or a record of names within it.
 */
export type Unwanted = { readonly [name: string]: true | Unwanted }

/**
 * The result of a layer's pullback: the cotangents of its parameters and of its input, each computed once, on demand.
 */
export interface Cotangents<P, X> {
  /** A composite layer may skip the unwanted cotangents and leave them out of the record. */
  readonly params: (unwanted?: Unwanted) => P
  readonly input: () => X
}

/** The result of running a layer: its value, its new state, and its pullback. */
export interface Step<Y, S, P, X> {
  readonly value: Y
  readonly state: S
  readonly pullback: (dy: Y) => Cotangents<P, X>
}

/** The parts of a composite layer, for code that inspects it: summaries, graphs. */
export interface Structure {
  /** The combinator that joins the parts: 'chain', 'named', 'fanout'. */
  readonly tag: string
  /** The parts, each with the name that it adds to the path of its parameters; '' adds none. */
  readonly parts: readonly { readonly name: string; readonly layer: AnyLayer }[]
  /** Builds the same structure from other parts with the same inputs and outputs. */
  readonly rebuild: (parts: readonly AnyLayer[]) => AnyLayer
  /** The name under which the layer keeps a parameter of its parts, if it differs; undefined for a frozen parameter. */
  readonly kept?: (path: string) => string | undefined
}

/**
 * A differentiable function of a minibatch with declared parameters and state. It is configuration only and holds no
 * numbers. `I` and `O` are ports: the shapes of one example. `P` and `S` are records of tensors.
 */
export interface Layer<I, O, P = Empty, S = Empty> {
  /** The name of the layer where the user gives none: 'linear'. */
  readonly kind: string
  /** The port at run time: [784], a record of ports, or `any`. */
  readonly input: I
  readonly params: Spec<P>
  readonly state: Spec<S>
  readonly apply: (params: P, state: S, context: Context, x: Batch<I>) => Step<Batch<O>, S, P, Batch<I>>
  readonly structure?: Structure | undefined
  /**
   * A trait that lets `compose` run a chain in another order with the same bits. It promises that the layer works on
   * each entry by itself, without parameters, state and randomness; that the value never falls as the entry grows, and
   * NaN stays NaN; and that the derivative is 0 wherever different entries get equal values. `relu` has it. A copy of a
   * library layer with another `apply`, `{ ...relu, apply }`, has no traits.
   */
  readonly monotone?: true | undefined
  /**
   * A trait: each entry of the value is the largest of some entries of the input, without parameters, state and
   * randomness. `maxPool2d` has it.
   */
  readonly selectsMaximum?: true | undefined
  /**
   * A trait: in training the layer exchanges numbers with the other ranks, so each rank must run it, in the same order.
   * `syncBatchNorm` has it.
   */
  readonly acrossRanks?: true | undefined
  /** These fields exist for the types only and are absent at run time. */
  readonly _O?: O
  readonly _P?: P
  readonly _S?: S
}

/** A layer of unknown type, or with only its input and output known: `AnyLayer<readonly [784], readonly [10]>`. */
// biome-ignore lint/suspicious/noExplicitAny: an unknown type fits every layer
export type AnyLayer<I = any, O = any> = Layer<I, O, any, any>
/** The traits that a layer declares; `compose` may use them to run a chain in another order. */
export type Traits = Pick<AnyLayer, 'monotone' | 'selectsMaximum'>
export type In<L extends AnyLayer> = L['input']
export type Out<L extends AnyLayer> = NonNullable<L['_O']>
export type Params<L extends AnyLayer> = NonNullable<L['_P']>
export type State<L extends AnyLayer> = NonNullable<L['_S']>

/** The run-time port of a layer that takes any input. */
export const any = Symbol('any') as unknown as Any

/** An empty record. */
export const none: Empty = Object.freeze({})

/** Computes the value of a function at most once, on the first call. */
export const lazy = <A>(f: () => A): (() => A) => {
  let found: { readonly value: A } | undefined
  return () => {
    found ??= { value: f() }
    return found.value
  }
}

/** A training context that derives its key from an outer key on first use, since most layers never use it. */
class TrainingContext {
  readonly mode = 'train'
  readonly #outer: () => Key
  readonly #name: string | number
  #key: Key | undefined

  constructor(outer: () => Key, name: string | number) {
    this.#outer = outer
    this.#name = name
  }

  get key(): Key {
    this.#key ??= foldIn(this.#outer(), this.#name)
    return this.#key
  }
}

/** The context of a training step: its key is the run's key, folded with the step number. */
export const trainingContext = (key: Key, step: number): Context => new TrainingContext(() => key, step)

/** The context of a part of a layer: in training it has its own key. */
export const inner = (context: Context, name: string | number): Context =>
  context.mode === 'eval' ? context : new TrainingContext(() => context.key, name)
