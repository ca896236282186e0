// The graph that is being written: its nodes and initializers, each under a name of its own.
import { inOrder } from '../../codec/numbers/order.ts'
import type { Data } from '../../tensor/data.ts'
import type { DType, Shape } from '../../type/tensor.ts'
import { codes, int64 } from '../dataType.ts'
import type { Message } from '../proto/fields.ts'
import { isBatch, type Size, sameSizes } from './size.ts'

/** An attribute: a whole number, several of them, a text, or a float, which is marked as such. */
export type Attribute = number | readonly number[] | string | { readonly float: number }

const attributeOf = (name: string, value: Attribute): Message<'Attribute'> => {
  if (typeof value === 'number') return { name, i: value, type: 2 }
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: 3 }
  return 'float' in value ? { name, f: value.float, type: 1 } : { name, ints: value, type: 7 }
}

export interface Builder {
  readonly opset: number
  /** Adds a node and returns the name of its output, the last one if it has several. */
  readonly node: (
    op: string,
    inputs: readonly string[],
    attributes?: { readonly [name: string]: Attribute },
    outputs?: number,
  ) => string
  /** Adds numbers, under a name like the given one. Equal whole numbers are added once. */
  readonly numbers: (like: string, shape: Shape, data: Data, dtype: DType) => string
  readonly ints: (list: readonly number[]) => string
  /** A whole number of 64 bits without axes. */
  readonly index: (n: number) => string
  readonly scalar: (x: number, dtype: DType) => string
  /** A tensor with other sizes. */
  readonly reshape: (name: string, from: readonly Size[], to: readonly Size[]) => string
  /** A tensor with its axes in another order. */
  readonly transpose: (name: string, order: readonly number[]) => string
  /** Reduces axes, which stay as ones if `keep` says so. */
  readonly reduce: (op: string, name: string, axes: readonly number[], keep: boolean) => string
  /** Known and open sizes as a tensor. */
  readonly sizes: (dims: readonly Size[]) => string
  /** The nodes and initializers that lead to the outputs. */
  readonly finish: (outputs: readonly string[]) => Pick<Message<'Graph'>, 'node' | 'initializer'>
}

/** Begins a graph; `batchOf` is the name of an input, and the axis of it that is the batch. */
export const builder = (
  opset: number,
  names: Iterable<string>,
  batchOf: readonly [name: string, axis: number],
): Builder => {
  const taken = new Set(names)
  const nodes: Message<'Node'>[] = []
  const initializers: Message<'Tensor'>[] = []
  const lists = new Map<string, string>()
  const own = (like: string): string => {
    let name = like
    for (let i = 1; taken.has(name); i++) name = `${like}_${i}`
    taken.add(name)
    return name
  }
  const once = (key: string, make: () => string): string => {
    const found = lists.get(key) ?? make()
    lists.set(key, found)
    return found
  }
  const node: Builder['node'] = (op, inputs, attributes = {}, outputs = 1) => {
    const name = own(op)
    const attribute = Object.entries(attributes).map(([of, value]) => attributeOf(of, value))
    const others = Array.from({ length: outputs - 1 }, () => own(`${op}_other`))
    nodes.push({ opType: op, name, input: inputs, output: [...others, name], attribute })
    return name
  }
  const tensor = (like: string, dims: Shape, dataType: number, bytes: Uint8Array, width: number): string => {
    const name = own(like)
    initializers.push({ name, dims, dataType, rawData: inOrder(bytes, width) })
    return name
  }
  const numbers: Builder['numbers'] = (like, shape, data, dtype) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return tensor(like, shape, codes[dtype], bytes.slice(), data.BYTES_PER_ELEMENT)
  }
  const ints: Builder['ints'] = (list) =>
    once(`ints ${list.join()}`, () =>
      tensor('sizes', [list.length], int64, new Uint8Array(BigInt64Array.from(list, BigInt).buffer), 8),
    )
  const index: Builder['index'] = (n) =>
    once(`index ${n}`, () => tensor('index', [], int64, new Uint8Array(BigInt64Array.of(BigInt(n)).buffer), 8))
  const scalar: Builder['scalar'] = (x, dtype) =>
    once(`${dtype} ${Object.is(x, -0) ? '-0' : x}`, () => {
      const data = dtype === 'float64' ? Float64Array.of(x) : dtype === 'int32' ? Int32Array.of(x) : Float32Array.of(x)
      return numbers('number', [], data, dtype)
    })
  const reshape: Builder['reshape'] = (name, from, to) =>
    sameSizes(from, to) ? name : node('Reshape', [name, ints(to.map((n) => (isBatch(n) ? -1 : n)))])
  const transpose: Builder['transpose'] = (name, order) =>
    order.every((axis, i) => axis === i) ? name : node('Transpose', [name], { perm: order })
  const reduce: Builder['reduce'] = (op, name, axes, keep) => {
    const keepdims = keep ? 1 : 0
    return opset >= 18 || op === 'ReduceSum'
      ? node(op, [name, ints(axes)], { keepdims })
      : node(op, [name], { axes, keepdims })
  }
  const sizes: Builder['sizes'] = (dims) => {
    if (!dims.some(isBatch)) return ints(dims as readonly number[])
    const [input, axis] = batchOf
    const batch = once('batch', () => node('Gather', [node('Shape', [input]), ints([axis])]))
    const parts = dims.map((n) =>
      isBatch(n) ? (n.perBatch === 1 ? batch : node('Mul', [batch, ints([n.perBatch])])) : ints([n]),
    )
    return node('Concat', parts, { axis: 0 })
  }
  const finish: Builder['finish'] = (outputs) => {
    const needed = new Set(outputs)
    const kept = nodes.toReversed().filter(({ input = [], output = [] }) => {
      if (!output.some((name) => needed.has(name))) return false
      for (const name of input) needed.add(name)
      return true
    })
    return { node: kept.reverse(), initializer: initializers.filter(({ name = '' }) => needed.has(name)) }
  }
  return { opset, node, numbers, ints, index, scalar, reshape, transpose, reduce, sizes, finish }
}
