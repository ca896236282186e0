import type { AnyTensor } from '../type/tensor.ts'
import { Boxed } from './boxed.ts'
import { Mapped, mapped } from './mapped.ts'
import { Traced } from './trace.ts'

/** True for a value that is being differentiated on any level. */
export const isTraced = (a: unknown): boolean => a instanceof Traced || (a instanceof Boxed && isTraced(a.primal))

/** The value as a constant to derivatives on every level. A mapped value stays mapped. */
export const untraced = <T extends AnyTensor>(t: T): T => {
  const a: unknown = t
  if (!(a instanceof Boxed) || !isTraced(a)) return t
  const inner = untraced(a.primal)
  return (a instanceof Mapped ? mapped(a.mapping, inner) : inner) as T
}
