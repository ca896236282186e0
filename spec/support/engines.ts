import { useEngine } from 'pullback'
import * as E from '#fp/Either'
import type { Engine } from '../../lib/kernel/engine.ts'
import { reference } from '../../lib/kernel/reference/reference.ts'
import { wasm } from '../../lib/kernel/wasm/wasm.ts'
import { native } from '../../lib/node/native.ts'

/** Every engine that this machine has. */
export const engines: readonly Engine[] = [
  reference,
  wasm(),
  ...E.match(
    () => [],
    (e: Engine) => [e],
  )(native()),
]

/** Runs on an engine, and gives back the one before. */
export const on = <A>(engine: Engine, run: () => A): A => {
  const before = useEngine(engine)
  try {
    return run()
  } finally {
    useEngine(before)
  }
}
