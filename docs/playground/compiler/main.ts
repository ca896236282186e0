// The worker of the compiler: answers the page's questions about the text of a program.
import { completionsAt, faultsOf, infoAt } from './answer.ts'
import { compiled } from './compiled.ts'
import { programName } from './options.ts'
import { chosen, type Service, startService } from './service.ts'

let started: Promise<Service> | undefined

const withText = async (text: string): Promise<Service> => {
  if (started === undefined) throw new Error('the compiler has not been started')
  const service = await started
  service.put(programName, text)
  return service
}

const methods = {
  start: async (url: string) => {
    started = fetch(url)
      .then((response) => response.json())
      .then(startService)
    await started
  },
  choose: async (shape: readonly number[], classes: number) => {
    const service = await started
    service?.put(...chosen(shape, classes))
  },
  faults: async (text: string) => faultsOf(await withText(text)),
  info: async (text: string, at: number) => infoAt(await withText(text), at),
  completions: async (text: string, at: number) => completionsAt(await withText(text), at),
  compiled: (text: string) => compiled(text),
}

type Methods = typeof methods
/** What the page can ask for: each method, with its answer as a promise. */
export type CompilerMethods = {
  readonly [K in keyof Methods]: (...args: Parameters<Methods[K]>) => Promise<Awaited<ReturnType<Methods[K]>>>
}

addEventListener('message', async ({ data: [id, method, ...args] }: MessageEvent) => {
  try {
    const call = methods[method as keyof Methods] as (...args: readonly unknown[]) => unknown
    postMessage([id, await call(...args)])
  } catch (e) {
    postMessage([id, undefined, e instanceof Error ? e.message : String(e)])
  }
})
