import { untraced } from '../../diff/untraced.ts'
import { within } from '../../error/tensorError.ts'
import { derived } from '../../layer/derived.ts'
import { type AnyLayer, any, none } from '../../layer/layer.ts'
import { node } from '../../layer/node.ts'
import { at, joined, overPieces } from '../../layer/overPieces.ts'
import type { LooseApply } from '../../layer/records.ts'
import { checkSteps } from '../../layer/timed.ts'
import { maskAbove } from '../../op/activation/relu.ts'
import { where } from '../../op/elementwise/where.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { concat } from '../../op/shape/concat.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { stack } from '../../op/shape/stack.ts'
import { zeros } from '../../tensor/create.ts'
import { floatDType, sameDType } from '../../tensor/data.ts'
import { isTensor } from '../../tensor/view.ts'
import { leaves, type Tree } from '../../tree/tree.ts'
import type { Float, Shape, Tensor } from '../../type/tensor.ts'
import type { RecurrentParams } from './cell.ts'
import { maskOf } from './mask.ts'
import { fromParts, partOf } from './stacked.ts'
import type { Carry, Recurrence } from './steps.ts'
import { affineSpec, mapped } from './weights.ts'

type Params = RecurrentParams<number, number, number>

/** A recurrent network over sequences. */
export interface Network {
  readonly recurrence: Recurrence
  readonly hidden: number
  /** The names of the directions of each layer. */
  readonly names: readonly (readonly string[])[]
  /** True if the only direction is from the last step to the first. */
  readonly isReverse: boolean
  /** True to give the output of the last step only. */
  readonly isLast: boolean
  /** True to give what is carried out of the last step too. */
  readonly givesCarry: boolean
  /** Applied to the outputs of a layer, by its name, before the next one takes them. */
  readonly between: (x: Tensor, name: string) => Tensor
}

export type SequenceInput =
  | Tensor
  | { readonly input: Tensor; readonly mask?: Tensor | undefined; readonly carry?: Tree | undefined }

const chosen = (mask: Tensor, a: Tensor, b: Tensor): Tensor => where(mask, a as never, b as never) as Tensor

/** The carry behind a step where the mask is above 0, else that before it. */
const keeping = (mask: Tensor, after: Carry, before: Carry): Carry => ({
  h: chosen(mask, after.h, before.h),
  ...(after.c && { c: chosen(mask, after.c, before.c as Tensor) }),
})

type Step = { readonly input: { readonly all: Tensor; readonly mask?: Tensor | undefined }; readonly carry: Carry }

/** A step of a recurrence as a cell of `recur`, behind the product with the input. */
const cellOf = ({ recurrence, hidden }: Network): AnyLayer =>
  derived<never, never, never>(
    recurrence.kind,
    any as never,
    affineSpec(hidden, recurrence.gates * hidden, hidden) as never,
    ({ params, x }) => {
      const { input, carry }: Step = x
      const next = recurrence.step(input.all, mapped(params, carry.h), carry, hidden)
      if (input.mask === undefined) return { output: next.h, carry: next as Tree }
      const mask = broadcast(untraced(input.mask), next.h.shape) as Tensor
      const kept = keeping(mask, next, carry)
      return { output: maskAbove(kept.h, mask), carry: kept as Tree }
    },
  ) as never

/** One direction of one layer. The products with the input are one product for all steps. */
const unrolled = (
  network: Network,
  params: Params,
  input: Tensor,
  mask: Tensor | undefined,
  carry: Carry,
  isReverse: boolean,
): { readonly output: Tensor; readonly carry: Carry } => {
  const { recurrence, hidden } = network
  const [batch, length, features] = input.shape as readonly [number, number, number]
  const flat = reshape(input, [batch * length, features]) as Tensor
  const all = reshape(mapped(params.input, flat), [batch, length, recurrence.gates * hidden]) as Tensor
  const cell = cellOf(network)
  const pieces = { count: length, part: at, join: joined((xs) => stack(xs, 1)), run: () => cell.apply as LooseApply }
  const loop = { ...cell, apply: overPieces(pieces, isReverse) }
  const x = { input: mask === undefined ? { all } : { all, mask }, carry } as unknown as Tree
  return node(loop, recurrence.kind, params.hidden, none, { mode: 'eval' }, x).value as never
}

/** Runs all layers, from the carry that is given or from zeros. Padding becomes zeros first, whatever it is. */
export const unroll = (network: Network, params: unknown, x: SequenceInput): Tree => {
  const { recurrence, hidden, names, isReverse, isLast, givesCarry, between } = network
  const { input, mask, carry } = isTensor(x) ? { input: x } : (x as Exclude<SequenceInput, Tensor>)
  floatDType(recurrence.kind, input)
  checkSteps(recurrence.kind, input)
  const [batch, length] = input.shape as readonly [number, number]
  within('carry', () => leaves(carry ?? {}).map((part) => sameDType(recurrence.kind, input, part)))
  const seen = mask && (reshape(maskOf(recurrence.kind, mask, input), [batch, length, 1]) as Tensor)
  const nothing = zeros<Shape, Float>([batch, hidden], input.dtype) as Tensor
  const first = (name: string): Carry => {
    if (carry === undefined) return recurrence.cells ? { h: nothing, c: nothing } : { h: nothing }
    return recurrence.cells ? partOf(carry, name) : { h: partOf(carry, name) }
  }
  const last = new Map<string, Tree>()
  let y = seen === undefined ? input : maskAbove(input, broadcast(seen, input.shape) as Tensor)
  for (const [i, directions] of names.entries()) {
    const isTop = i === names.length - 1
    const found = directions.map((name, backward) => {
      const part = unrolled(network, partOf(params, name), y, seen, first(name), isReverse || backward === 1)
      last.set(name, recurrence.cells ? (part.carry as Tree) : part.carry.h)
      return isLast && isTop ? part.carry.h : part.output
    })
    const output = found.length === 1 ? (found[0] as Tensor) : (concat(found, -1) as Tensor)
    y = isTop ? output : between(output, directions[0] as string)
  }
  return givesCarry ? { output: y, carry: fromParts(last) as Tree } : y
}
