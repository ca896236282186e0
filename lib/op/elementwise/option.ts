import { ValueError } from '../../error/tensorError.ts'
import { describe } from '../../tensor/data.ts'

/** A number that an operation takes as an option; one that is not finite is an error. */
export const finite = (op: string, name: string, value: number): number => {
  if (Number.isFinite(value)) return value
  throw new ValueError({ op, expected: `a finite ${name}`, actual: describe(value) })
}

/** A number that an operation takes beside its tensors; text that looks like one is none. */
export const plain = (op: string, value: number): number => {
  if (typeof value === 'number') return value
  throw new ValueError({ op, expected: 'a plain number', actual: describe(value) })
}
