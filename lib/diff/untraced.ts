import type { AnyTensor } from '../type/tensor.ts'
import { Boxed } from './boxed.ts'
import { Mapped, mapped } from './mapped.ts'
import { Traced } from './trace.ts'

/** Whether a derivative is being taken of a value, on any level. */
export const isTraced = (a: unknown): boolean => a instanceof Traced || (a instanceof Boxed && isTraced(a.primal))

/** The value without what derivatives know of it, on any level: a constant to them. Mapped it stays. */
export const untraced = <T extends AnyTensor>(t: T): T => {
  const a: unknown = t
  if (!(a instanceof Boxed) || !isTraced(a)) return t
  const inner = untraced(a.primal)
  return (a instanceof Mapped ? mapped(a.mapping, inner) : inner) as T
}
