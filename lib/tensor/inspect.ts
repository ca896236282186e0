import type { Data } from './data.ts'
import { packed } from './pack.ts'
import { residentOf } from './resident.ts'
import type { Raw } from './view.ts'

/**
 * Gives the numbers of tensors, each in row-major order, to a check that throws or does nothing. It is the one way to
 * look at numbers within a step: an engine that records the step repeats the check at each run.
 */
export const inspect = <const Ts extends readonly Raw[]>(
  tensors: Ts,
  check: (...numbers: { readonly [I in keyof Ts]: Data }) => void,
): void => {
  const run = check as (...numbers: readonly Data[]) => void
  for (const { buffer } of tensors) {
    const held = residentOf(buffer)
    if (held?.inspect !== undefined) {
      held.inspect(tensors, run)
      return
    }
  }
  run(...tensors.map(packed))
}
