// The calls of a program as words of memory, for the interpreter that the build generates.
import type { KernelSet } from '../../kernelSet.ts'
import type { Slot } from '../../slot.ts'
import { isVirtual } from './blocks.ts'
import type { HostCall } from './host.ts'
import type { ExportCall, Lowered } from './lower.ts'

/** Where a block lies: among the carried inputs, or in the memory of one session. */
export interface Position {
  readonly carried: boolean
  readonly offset: number
}

/** A part of the words that is filled in when or before they run. */
export interface Patch {
  /** The byte of the words. */
  readonly at: number
  readonly kind: string
  readonly value: Position | Slot
}

/** Instructions as words of memory, which the code of one set runs, or as functions. */
export type Segment =
  | { readonly set: KernelSet<unknown>; readonly from: number; readonly to: number }
  | { readonly call: HostCall }
  | { readonly product: ExportCall }

const isHost = (x: ExportCall | HostCall): x is HostCall => 'prepare' in x

/** The words of the calls of exports, what is filled in later, and the order of everything. */
export const encoded = (lowered: Lowered, positionOf: (address: number) => Position) => {
  const bytes = lowered.instructions.map((x) =>
    isHost(x) || typeof x.code !== 'number'
      ? 0
      : Math.ceil((8 + [...x.kinds].reduce((n, k) => n + (k === 'd' ? 8 : 4), 0)) / 8) * 8,
  )
  const words = new ArrayBuffer(bytes.reduce((a, b) => a + b, 0))
  const view = new DataView(words)
  const patches: Patch[] = []
  const segments: Segment[] = []
  let end = 0
  lowered.instructions.forEach((x, i) => {
    if (isHost(x)) {
      segments.push({ call: x })
      return
    }
    if (typeof x.code !== 'number') {
      segments.push({ product: x })
      return
    }
    const from = end
    view.setInt32(from, x.code, true)
    let [number, integer] = [from + 8, from + 8 + 8 * [...x.kinds].filter((k) => k === 'd').length]
    x.args.forEach((arg, a) => {
      const kind = x.kinds[a] as string
      const at = kind === 'd' ? number : integer
      if (kind === 'd') number += 8
      else integer += 4
      if (typeof arg !== 'number') patches.push({ at, kind, value: arg })
      else if (kind === 'd') view.setFloat64(at, arg, true)
      else if (isVirtual(arg)) patches.push({ at, kind, value: positionOf(arg) })
      else view.setInt32(at, arg, true)
    })
    end += bytes[i] as number
    const last = segments[segments.length - 1]
    if (last !== undefined && 'to' in last && last.set === x.from) segments[segments.length - 1] = { ...last, to: end }
    else segments.push({ set: x.from, from, to: end })
  })
  return { words: new Uint8Array(words), patches, segments }
}

export const isPosition = (x: Position | Slot): x is Position => 'carried' in x
