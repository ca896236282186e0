import { ShapeError } from '../../error/tensorError.ts'
import { showShape } from '../../tensor/shape.ts'
import type { Shape } from '../../type/tensor.ts'
import type { Value } from '../value.ts'

/** The inputs of a node; an optional one that is not given is undefined. */
export type Inputs = readonly (Value | undefined)[]

/** What a node computes. */
export type Run = (...inputs: Inputs) => readonly Value[]

/** A node of a graph, as an operator sees it before anything runs. */
export interface Node {
  readonly op: string
  /** The version of the operators. */
  readonly opset: number
  /** The number of inputs, and of outputs. */
  readonly inputs: number
  readonly outputs: number
  /** True if an input is given. */
  readonly has: (i: number) => boolean
  /** True if the numbers of an input are known whenever the node runs: constants, and what is made of sizes. */
  readonly isKnown: (i: number) => boolean
  /** An input that is the same at each run. */
  readonly constant: (i: number) => Value | undefined
  readonly int: (name: string, usual: number) => number
  readonly ints: (name: string) => readonly number[] | undefined
  readonly float: (name: string, usual: number) => number
  readonly floats: (name: string) => readonly number[] | undefined
  readonly text: (name: string, usual: string) => string
  readonly texts: (name: string) => readonly string[] | undefined
  readonly tensor: (name: string) => Value | undefined
  /** Notes why the node cannot be read. */
  readonly refuse: (why: string) => void
  /** Checks that there is room for a result of some sizes. */
  readonly room: (dims: Shape) => void
}

/** An operator: from a node to what it computes. It reads all attributes that it knows; others are refused. */
export type Operator = (node: Node) => Run
export type Operators = Readonly<Record<string, Operator>>

/** The numbers of an input that has to be known. */
export const knownOf = (node: Node, i: number, v: Value | undefined): readonly number[] => {
  if (v?.numbers === undefined) throw new TypeError(`${node.op}: input ${i} is not known`)
  return Array.from(v.numbers)
}

/** Refuses a node if an input that decides on sizes is not known before the network runs. */
export const needKnown = (node: Node, i: number, what: string): void => {
  if (node.has(i) && !node.isKnown(i)) node.refuse(`${what} that depend on the numbers of a tensor`)
}

/** The sizes to which two shapes repeat, as NumPy has it. */
export const broadcastDims = (a: Shape, b: Shape): Shape => {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1]
    if (m !== n && m !== 1 && n !== 1)
      throw new ShapeError({ op: 'onnx', expected: `a shape that repeats to ${showShape(a)}`, actual: showShape(b) })
    return m === 1 ? n : m
  })
}

/** An axis counted from the front. */
export const axisIn = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)
