// The page's side of the compiler's worker: a question is posted with a number, its answer comes back with it.
import type { CompilerMethods } from '../compiler/main.ts'

export type Compiler = CompilerMethods & { readonly stop: () => void }

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (e: Error) => void
}

export const startCompiler = (files: string): Compiler => {
  const worker = new Worker(`${files}compiler.js`, { type: 'module' })
  const waiting = new Map<number, Waiting>()
  let last = 0
  worker.onmessage = ({ data: [id, value, error] }) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(value as never)
    else asked?.reject(new Error(error))
  }
  const ask =
    (method: keyof CompilerMethods) =>
    (...args: readonly unknown[]): Promise<never> =>
      new Promise((resolve, reject) => {
        last++
        waiting.set(last, { resolve, reject })
        worker.postMessage([last, method, ...args])
      })
  return {
    start: ask('start'),
    choose: ask('choose'),
    faults: ask('faults'),
    info: ask('info'),
    completions: ask('completions'),
    compiled: ask('compiled'),
    stop: () => worker.terminate(),
  }
}
