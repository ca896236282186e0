import { StructureError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'
import type { History } from './history.ts'
import type { StopRule } from './stop.ts'

/** The reason of the first rule that has one. A rule that gives neither a string nor nothing is a `StructureError`. */
export const reasonToStop = (op: string, rules: readonly StopRule[], history: History): string | undefined => {
  for (const [i, rule] of rules.entries()) {
    const reason: unknown = rule(history)
    if (typeof reason === 'string') return reason
    if (reason === undefined || reason === null) continue
    throw new StructureError({
      op,
      expected: 'rules to stop that give a reason, a string, or undefined',
      actual: `${describe(reason)} from stop[${i}]`,
      code: 'wrong-argument',
    })
  }
  return undefined
}
