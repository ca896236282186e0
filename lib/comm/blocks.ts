// Sums over blocks of examples in one order, whoever has the blocks: the same bits on any number of ranks.
import { exchanged } from '../kernel/exchange.ts'
import { addTrees } from '../op/tree/addTrees.ts'
import type { Data } from '../tensor/data.ts'
import { fresh, raw } from '../tensor/view.ts'
import { leaves, rebuild, type Tree } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { allReduce } from './allReduce.ts'
import { bytesOf } from './bytes.ts'
import type { Group } from './group.ts'

/** The sum of the blocks from index · 2^level on, of which there are 2^level, or fewer at the end of all. */
interface Node<A> {
  readonly level: number
  readonly index: number
  readonly sum: A
}

/**
 * The sums of neighbors in the binary tree over `all` blocks, as far as both are there: those of all blocks become one.
 * The nodes come in the order of their blocks. A node without a right neighbor in the whole tree counts as its parent.
 */
export const merged = <A>(
  nodes: readonly Node<A>[],
  all: number,
  add: (left: A, right: A) => A,
): readonly Node<A>[] => {
  const stack: Node<A>[] = []
  for (let node of nodes) {
    for (;;) {
      const before = stack[stack.length - 1]
      const isLast = (node.index + 1) * 2 ** node.level >= all
      if (node.index % 2 === 1 && before?.level === node.level && before.index === node.index - 1) {
        stack.pop()
        node = { level: node.level + 1, index: before.index / 2, sum: add(before.sum, node.sum) }
      } else if (node.index % 2 === 0 && node.index > 0 && isLast)
        node = { level: node.level + 1, index: node.index / 2, sum: node.sum }
      else break
    }
    stack.push(node)
  }
  return stack
}

const leafNodes = <A>(from: number, to: number, sum: (i: number) => A): readonly Node<A>[] =>
  Array.from({ length: to - from }, (_, i) => ({ level: 0, index: from + i, sum: sum(i) }))

/** The sum of two arrays, in the first. */
const plus = (a: Data, b: Data): Data => {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + (b[i] as number)
  return a
}

/** The blocks of each rank, from which to which. */
type Ranges = readonly (readonly [from: number, to: number])[]

/** The sums over all blocks of arrays of some lengths, from the bytes of the nodes of each rank. */
const summed = (bytes: readonly Uint8Array[], ranges: Ranges, like: readonly Data[]): readonly Data[] => {
  const all = (ranges[ranges.length - 1] as Ranges[number])[1]
  const nodes = bytes.flatMap((part, rank) => {
    const [from, to] = ranges[rank] as Ranges[number]
    let at = 0
    return merged(
      leafNodes(from, to, () => null),
      all,
      () => null,
    ).map(({ level, index }) => {
      const sum = like.map((data) => {
        const numbers = new (data.constructor as Float32ArrayConstructor)(
          part.slice(at, at + data.byteLength).buffer as ArrayBuffer,
        ) as Data
        at += data.byteLength
        return numbers
      })
      return { level, index, sum: sum as readonly Data[] }
    })
  })
  const [root] = merged(nodes, all, (a, b) => a.map((x, i) => plus(x, b[i] as Data)))
  return (root as (typeof nodes)[number]).sum
}

/** True if two ranks have one sum each: a sum of two numbers has no order, so the fast one gives the same bits. */
const isOfTwo = ([first = [0, 0], second = [0, 0], third]: Ranges): boolean => {
  const [, half] = first
  return third === undefined && half > 0 && (half & (half - 1)) === 0 && second[1] === 2 * half
}

/**
 * The sum of the trees of all blocks of all ranks, added in the order of a binary tree over the blocks. Each rank gives
 * the trees of its own blocks, and `like`, a tree of the same structure, for the case that it has none.
 */
export const sumOfBlocks = <T extends Tree>(comm: Group, own: readonly T[], like: T, ranges: Ranges): T => {
  const [from, to] = ranges[comm.rank] as Ranges[number]
  const all = (ranges[ranges.length - 1] as Ranges[number])[1]
  const nodes = merged(
    leafNodes(from, to, (i) => own[i] as T),
    all,
    (a, b) => addTrees<T>(a, b),
  )
  if (comm.size === 1) return (nodes[0] as Node<T>).sum
  if (isOfTwo(ranges)) return allReduce(comm, (nodes[0] as Node<T>).sum, 'sum')
  const trees = nodes.length === 0 ? [like] : nodes.map(({ sum }) => sum)
  const parts = leaves(like)
  const given = trees.flatMap((tree) => leaves(tree)).map(raw)
  const found = exchanged(given, (...numbers) => {
    const first = numbers.slice(0, parts.length)
    const bytes = comm.allGather(nodes.length === 0 ? new Uint8Array(0) : bytesOf(numbers))
    summed(bytes, ranges, first).forEach((sum, i) => {
      first[i]?.set(sum)
    })
    return undefined
  })
  return rebuild(
    like,
    parts.map(({ shape }, i) => fresh(shape, found[i] as Float32Array) as AnyTensor),
  )
}
