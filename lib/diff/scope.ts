import { engine } from '../kernel/current.ts'
import type { Engine } from '../kernel/engine.ts'
import { exchangingOnce } from '../kernel/exchange.ts'
import { fresh, isTensor, raw } from '../tensor/view.ts'
import { isBranch } from '../tree/tree.ts'
import type { AnyTensor } from '../type/tensor.ts'
import { Boxed } from './boxed.ts'

type Keep = Parameters<Parameters<Engine['scope']>[0]>[0]

const kept = (t: AnyTensor, keep: Keep): AnyTensor => {
  const data = keep(raw(t))
  return data === raw(t).buffer ? t : fresh(t.shape, data)
}

/** Replaces the tensors in a value's records and arrays; returns the same object if none has changed. */
const mapTensors = (value: unknown, f: (t: AnyTensor) => AnyTensor): unknown => {
  if (isTensor(value)) return f(value)
  if (!isBranch(value)) return value
  const before = value as Readonly<Record<string, unknown>>
  let after: Record<string, unknown> | undefined
  for (const name of Object.keys(before)) {
    const v = mapTensors(before[name], f)
    if (v === before[name]) continue
    after ??= (Array.isArray(value) ? [...value] : { ...before }) as Record<string, unknown>
    after[name] = v
  }
  return after ?? value
}

/**
 * Runs a pure function so that the engine may release at its end all memory that the result does not hold. While it is
 * being differentiated or mapped from outside it runs unscoped, since a pullback needs the intermediate tensors.
 */
export const scoped = <A>(run: () => A): A => {
  let boxed = false
  const result = exchangingOnce((begin) =>
    engine().scope((keep) => {
      begin()
      return mapTensors(run(), (t) => {
        boxed ||= t instanceof Boxed
        return boxed ? t : kept(t, keep)
      })
    }),
  )
  return boxed ? run() : (result as A)
}
