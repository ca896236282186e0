import {
  type AnyLayer,
  type AnyTensor,
  apply,
  type Context,
  cast,
  fromNested,
  getVectorSpace,
  type Nested,
  op,
  type Port,
  type Tensor,
  type Tree,
  toArray,
  tree,
} from 'pullback'
import type { Test } from 'tap'
import { layouts } from '../arbitrary/tensor.ts'
import { closeTrees, sameTree } from './diff.ts'
import { caseOf, cotangents, lawsOfLayer, training } from './layer.ts'

type Numbers = { readonly [name: string]: Nested }

/** What a layer must give, in float64, for a minibatch and a cotangent of its value: those entries that are not left out. */
export interface Golden {
  readonly mode?: 'train' | 'eval'
  readonly params?: Numbers
  readonly state?: Numbers
  readonly x: Nested
  readonly value: Nested
  readonly next?: Numbers
  readonly dy?: Nested
  readonly input?: Nested
  readonly cotangents?: Numbers
}

/** A layer, and what only a person can say of it. */
export interface Entry {
  /** The name it is exported by. */
  readonly of: string
  /** With which options. */
  readonly with?: string
  readonly layer: AnyLayer
  /** The shape of one example. */
  readonly input: Port
  /** The smallest minibatch that it can learn from. */
  readonly least?: number
  /** In training, what an example gives depends on the others, or on its place among them. */
  readonly coupled?: boolean
  readonly golden?: readonly Golden[]
  /** What it refuses, and what it says then. */
  readonly errors?: readonly (readonly [run: () => unknown, said: RegExp])[]
}

const contexts: readonly Context[] = [training, { mode: 'eval' }]
const double = <A>(numbers: A): Tree => tree.map(record(numbers), (t) => cast(t, 'float64') as AnyTensor)
const record = (numbers: unknown): Tree =>
  typeof numbers === 'object' && !Array.isArray(numbers)
    ? Object.fromEntries(Object.entries(numbers as Numbers).map(([name, n]) => [name, record(n)]))
    : (fromNested(numbers as Nested, 'float64') as Tree)
const near = (found: Tree, said: unknown): boolean => closeTrees(found, double(said), 1e-10)
