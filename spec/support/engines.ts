import { useEngine } from 'pullback'
import * as E from '#fp/Either'
import type { Kernels } from '../../lib/kernel/kernels.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { native } from '../../lib/node/native.ts'

/** Every engine that this machine has. */
export const engines: readonly Kernels[] = [
  reference,
  wasm(),
  ...E.match(
    () => [],
    (e: Kernels) => [e],
  )(native()),
]

/** Runs on an engine, and gives back the one before. */
export const on = <A>(engine: Kernels, run: () => A): A => {
  const before = useEngine(engine)
  try {
    return run()
  } finally {
    useEngine(before)
  }
}
