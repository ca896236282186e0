// The engine that an example was asked to run on.
import { engine, threads, useEngine } from 'pullback'
import { native } from 'pullback/node'

/** Makes an engine current, on some threads, and prints it; a missing engine ends the program. */
export const runOn = (name: 'wasm' | 'native', count: number): void => {
  if (name === 'native') {
    const found = native()
    if (found._tag === 'Left') {
      console.error(found.left.message)
      process.exit(2)
    }
    useEngine(found.right)
  }
  threads(count)
  console.log(`engine ${[engine().name, ...engine().features].join(', ')}; threads ${engine().threads}\n`)
}
