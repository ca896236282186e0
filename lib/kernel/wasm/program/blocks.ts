// The memory of a program, planned before it has a place: blocks with virtual addresses, each far from all others.

import { room } from '../regions.ts'

/** A part of the memory of a program, and when it is in use. */
export interface Block {
  readonly id: number
  readonly bytes: number
  /** The instructions that first and last use it. */
  first: number
  last: number
  /** The block whose place it takes, if it is written where that one is read for the last time. */
  within: Block | undefined
}

/** The distance of the virtual addresses of two blocks: no size, count or real address is as large. */
const apart = 2 ** 33

/** The address of a block. */
export const addressOf = ({ id }: Block): number => (id + 1) * apart

export const isVirtual = (x: number): boolean => x >= apart

/** The block that holds another one's numbers. */
export const holder = (b: Block): Block => (b.within === undefined ? b : holder(b.within))

/** The blocks of a program. */
export const makeBlocks = () => {
  const all: Block[] = []
  const add = (bytes: number): Block => {
    const block = { id: all.length, bytes, first: Number.POSITIVE_INFINITY, last: -1, within: undefined }
    all.push(block)
    return block
  }
  /** The block of a virtual address, and the distance from its start. */
  const at = (address: number): { readonly block: Block; readonly offset: number } => {
    const id = Math.floor(address / apart) - 1
    return { block: all[id] as Block, offset: address - (id + 1) * apart }
  }
  const use = (b: Block, now: number): void => {
    const block = holder(b)
    block.first = Math.min(block.first, now)
    block.last = Math.max(block.last, now)
  }
  return { all, add, at, use }
}

/** Places blocks one after the other; returns their offsets and the bytes of all. */
export const inOrder = (
  blocks: readonly Block[],
): { readonly offsets: ReadonlyMap<Block, number>; readonly bytes: number } => {
  const offsets = new Map<Block, number>()
  let bytes = 0
  for (const block of blocks) {
    offsets.set(block, bytes)
    bytes += room(block.bytes)
  }
  return { offsets, bytes }
}

/** Places blocks so that those in use at the same time lie apart: the largest first, each as low as there is room. */
export const byLifetimes = (
  blocks: readonly Block[],
): { readonly offsets: ReadonlyMap<Block, number>; readonly bytes: number } => {
  const offsets = new Map<Block, number>()
  let bytes = 0
  for (const block of [...blocks].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const others = [...offsets]
      .filter(([other]) => other.first <= block.last && block.first <= other.last)
      .sort(([, a], [, b]) => a - b)
    let at = 0
    for (const [other, offset] of others) {
      if (at + room(block.bytes) <= offset) break
      at = Math.max(at, offset + room(other.bytes))
    }
    offsets.set(block, at)
    bytes = Math.max(bytes, at + room(block.bytes))
  }
  return { offsets, bytes }
}
