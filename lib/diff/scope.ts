import { engine } from '../kernel/engine.ts'
import type { Kernels } from '../kernel/kernels.ts'
import { fresh, isTensor, raw } from '../tensor/view.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { Traced } from './trace.ts'

type Keep = Parameters<Parameters<Kernels['scope']>[0]>[0]

const kept = (t: AnyTensor, keep: Keep): AnyTensor => {
  const data = keep(raw(t))
  return data === raw(t).data ? t : fresh(t.shape, data)
}

/** A value with the tensors in its records and arrays replaced; itself, where none has changed. */
const mapTensors = (value: unknown, f: (t: AnyTensor) => AnyTensor): unknown => {
  if (isTensor(value)) return f(value)
  if (Array.isArray(value)) {
    const next = value.map((v) => mapTensors(v, f))
    return next.some((v, i) => v !== value[i]) ? next : value
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const entries = Object.entries(value)
  const next = entries.map(([name, v]) => [name, mapTensors(v, f)] as const)
  return next.some(([, v], i) => v !== entries[i]?.[1]) ? Object.fromEntries(next) : value
}

/**
 * Runs a pure function so that the engine may release at its end whatever the result does not hold. What a derivative is being
 * taken of from outside runs as it is, since its pullback will need what lies between.
 */
export const scoped = <A>(run: () => A): A => {
  let traced = false
  const result = engine().scope((keep) =>
    mapTensors(run(), (t) => {
      traced ||= t instanceof Traced
      return traced ? t : kept(t, keep)
    }),
  )
  return traced ? run() : (result as A)
}
