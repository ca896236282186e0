import type { Initializer } from '../initializer/initializer.ts'
import type { Key } from '../random/key.ts'
import { foldIn } from '../random/key.ts'
import type { Any, Batch } from '../type/port.ts'
import type { Shape, Tensor } from '../type/tensor.ts'

/** One parameter, declared. All that can be said about parameters is derived from these declarations. */
export interface Leaf<S extends Shape = Shape> {
  readonly shape: S
  readonly draw: Initializer
}

/** The declarations of a record of parameters: the same record with a declaration for each tensor. */
export type Spec<P> = P extends Tensor<infer S> ? Leaf<S> : { readonly [K in keyof P]: Spec<P[K]> }

/** A record with no names: the parameters and the state of a layer that has none. */
export type Empty = Readonly<Record<never, never>>

/** Whether a layer runs to predict or to learn. To learn it needs a key, since dropout and its like are random. */
export type Context = { readonly mode: 'eval' } | { readonly mode: 'train'; readonly key: Key }

/** Names of parameters whose cotangents nobody wants: of whole records, or of what is within them. */
export type Unwanted = { readonly [name: string]: true | Unwanted }

/** What a layer's pullback gives: the cotangents of its parameters and of its input, each computed once, when asked for. */
export interface Cotangents<P, X> {
  /** A layer built of others need not compute those that are unwanted, and may leave them out. */
  readonly params: (unwanted?: Unwanted) => P
  readonly input: () => X
}

/** What a layer gives: its value, its new state, and its pullback. */
export interface Step<Y, S, P, X> {
  readonly value: Y
  readonly state: S
  readonly pullback: (dy: Y) => Cotangents<P, X>
}

/** How a layer is built from others, for those who look into it: summaries, graphs. */
export interface Structure {
  /** What puts the parts together: 'chain', 'named', 'fanout'. */
  readonly tag: string
  /** The layers it is built from, each with the name that it adds to the path of its parameters; '' adds none. */
  readonly parts: readonly { readonly name: string; readonly layer: AnyLayer }[]
  /** The same structure of other parts that take and give what these do. */
  readonly rebuild: (parts: readonly AnyLayer[]) => AnyLayer
  /** Under which name the layer keeps a parameter of its parts, if not its own; undefined for one that is frozen. */
  readonly kept?: (path: string) => string | undefined
}

/**
 * A differentiable function of a minibatch with declared parameters and state: configuration only, no numbers.
 * `I` and `O` are ports: the shapes of one example. `P` and `S` are records of tensors.
 */
export interface Layer<I, O, P = Empty, S = Empty> {
  /** What it is called where no name was given: 'linear'. */
  readonly kind: string
  /** The port at run time: [784], a record of ports, or `any`. */
  readonly input: I
  readonly params: Spec<P>
  readonly state: Spec<S>
  readonly apply: (params: P, state: S, context: Context, x: Batch<I>) => Step<Batch<O>, S, P, Batch<I>>
  readonly structure?: Structure | undefined
  /**
   * A trait, by which `compose` may run a chain in another order with the same bits: works on each entry by itself, without
   * parameters, state and randomness; the value never falls as the entry grows, and NaN stays NaN; where it makes different
   * entries equal, the derivative is 0. As `relu`. A copy of a layer of the library with another `apply`, `{ ...relu, apply }`,
   * has no traits.
   */
  readonly monotone?: true | undefined
  /** A trait: each entry of the value is the largest of some of the input, without parameters, state and randomness. As `maxPool2d`. */
  readonly selectsMaximum?: true | undefined
  /** Types only: there is nothing behind these at run time. */
  readonly _O?: O
  readonly _P?: P
  readonly _S?: S
}

/** A layer of which nothing is known, or no more than what it takes and gives: `AnyLayer<readonly [784], readonly [10]>`. */
// biome-ignore lint/suspicious/noExplicitAny: what is not known fits everything
export type AnyLayer<I = any, O = any> = Layer<I, O, any, any>
/** The traits that a layer declares, by which `compose` may run a chain in another order. */
export type Traits = Pick<AnyLayer, 'monotone' | 'selectsMaximum'>
export type In<L extends AnyLayer> = L['input']
export type Out<L extends AnyLayer> = NonNullable<L['_O']>
export type Params<L extends AnyLayer> = NonNullable<L['_P']>
export type State<L extends AnyLayer> = NonNullable<L['_S']>

/** The input of a layer that takes any port, at run time. */
export const any = Symbol('any') as unknown as Any

/** A record with no names. */
export const none: Empty = Object.freeze({})

/** A function that computes once, when first asked. */
export const lazy = <A>(f: () => A): (() => A) => {
  let found: { readonly value: A } | undefined
  return () => {
    found ??= { value: f() }
    return found.value
  }
}

/** The context of training with a key made of another one, when it is asked for: most layers never do. */
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

/** The context of a step of training: its key is the run's, folded with the number of the step. */
export const trainingContext = (key: Key, step: number): Context => new TrainingContext(() => key, step)

/** The context of a part: in training it has a key of its own. */
export const inner = (context: Context, name: string | number): Context =>
  context.mode === 'eval' ? context : new TrainingContext(() => context.key, name)
