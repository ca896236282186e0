import { ValueError } from '../../error/tensorError.ts'
import { isSlot } from '../../kernel/slot.ts'
import { describe } from '../../tensor/data.ts'

/** Checks that a number given as an option is finite. */
export const finite = (op: string, name: string, value: number): number => {
  if (Number.isFinite(value)) return value
  throw new ValueError({ op, expected: `a finite ${name}`, actual: describe(value) })
}

/** Checks that an argument beside the tensors is a number; a string of digits is refused. */
export const plain = (op: string, value: number | undefined): number => {
  if (typeof value === 'number' || isSlot(value)) return value
  throw new ValueError({ op, expected: 'a plain number', actual: describe(value), code: 'wrong-argument' })
}
