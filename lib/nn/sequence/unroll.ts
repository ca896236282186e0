import { within } from '../../error/tensorError.ts'
import { checkSteps } from '../../layer/timed.ts'
import { maskAbove } from '../../op/activation/relu.ts'
import { where } from '../../op/elementwise/where.ts'
import { broadcast } from '../../op/reduce/sum.ts'
import { concat } from '../../op/shape/concat.ts'
import { reshape } from '../../op/shape/reshape.ts'
import { slice } from '../../op/shape/slice.ts'
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
import { mapped } from './weights.ts'

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

/** How one direction goes over the steps. */
interface Way {
  readonly isReverse: boolean
  readonly isLast: boolean
  /** For each step a mask [batch, hidden]. */
  readonly masks: readonly Tensor[] | undefined
}

const chosen = (mask: Tensor, a: Tensor, b: Tensor): Tensor => where(mask, a as never, b as never) as Tensor

/** The carry behind a step where the mask is above 0, else that before it. */
const keeping = (mask: Tensor, after: Carry, before: Carry): Carry => ({
  h: chosen(mask, after.h, before.h),
  ...(after.c && { c: chosen(mask, after.c, before.c as Tensor) }),
})

/** One direction of one layer. The products with the input are one product for all steps. */
const unrolled = (
  { recurrence, hidden }: Network,
  params: Params,
  input: Tensor,
  first: Carry,
  { isReverse, isLast, masks }: Way,
): { readonly output: Tensor; readonly carry: Carry } => {
  const [batch, length, features] = input.shape as readonly [number, number, number]
  const flat = reshape(input, [batch * length, features]) as Tensor
  const all = reshape(mapped(params.input, flat), [batch, length, recurrence.gates * hidden]) as Tensor
  const outputs: Tensor[] = []
  let carry = first
  for (let i = 0; i < length; i++) {
    const t = isReverse ? length - 1 - i : i
    const next = recurrence.step(slice(all, [null, t]) as Tensor, mapped(params.hidden, carry.h), carry, hidden)
    const mask = masks?.[t]
    carry = mask === undefined ? next : keeping(mask, next, carry)
    outputs[t] = mask === undefined ? carry.h : maskAbove(carry.h, mask)
  }
  return { output: isLast ? carry.h : (stack(outputs, 1) as Tensor), carry }
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
  const masks =
    seen && Array.from({ length }, (_, t) => broadcast(slice(seen, [null, t]) as Tensor, [batch, hidden]) as Tensor)
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
      const way = { isReverse: isReverse || backward === 1, isLast: isLast && isTop, masks }
      const part = unrolled(network, partOf(params, name), y, first(name), way)
      last.set(name, recurrence.cells ? (part.carry as Tree) : part.carry.h)
      return part.output
    })
    const output = found.length === 1 ? (found[0] as Tensor) : (concat(found, -1) as Tensor)
    y = isTop ? output : between(output, directions[0] as string)
  }
  return givesCarry ? { output: y, carry: fromParts(last) as Tree } : y
}
