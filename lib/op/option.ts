import { ValueError } from '../error/tensorError.ts'

/** A number that an operation takes as an option; one that is not finite is an error. */
export const finite = (op: string, name: string, value: number): number => {
  if (Number.isFinite(value)) return value
  throw new ValueError({ op, expected: `a finite ${name}`, actual: `${value}` })
}
