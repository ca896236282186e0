// The run of the page: what its buttons do. Whatever depends on an answer of the worker waits for it here.
import { computed, reactive, shallowReactive } from 'vue'
import type { Pace, Reply } from '../message.ts'
import { presets } from '../presets/list.ts'
import { initialSettings, type Settings } from '../settings.ts'
import type { Compiler } from './compiler.ts'
import { type Runner, startRunner } from './runner.ts'
import { blank, changesOf, type View } from './view.ts'

/** A program of the list, as text and compiled. */
export interface Program {
  readonly text: string
  readonly code: string
}
export type Programs = Readonly<Record<string, Program>>

type Writable<A> = { -readonly [K in keyof A]: A[K] }

export const startSession = (
  files: () => string,
  programs: () => Promise<Programs>,
  compiler: () => Promise<Compiler>,
) => {
  const settings = reactive<Writable<Settings>>({ ...initialSettings })
  const view = shallowReactive<Writable<View>>({ ...blank, columns: [], target: '', info: undefined, pace: 200 })
  let runner: Runner | undefined
  /** The settings that the worker was opened with, as text. */
  let opened = ''
  // Who waits for an answer of the worker.
  let whenReady: (isReady: boolean) => void = () => {}
  let whenSaved: (bytes: Uint8Array | undefined) => void = () => {}
  let whenLoaded: (isLoaded: boolean) => void = () => {}
  let known: Promise<Compiler> | undefined
  let whenTold: () => void = () => {}

  /** A copy without Vue's wrappers, which cannot be posted. */
  const current = (): Settings => JSON.parse(JSON.stringify(settings))
  const isStale = (): boolean => JSON.stringify(settings) !== opened

  const tell = async (): Promise<void> => {
    if (known === undefined || view.info === undefined) return
    await (await known).choose(view.info.shape, view.info.labels.length)
    whenTold()
  }

  const hear = (reply: Reply): void => {
    Object.assign(view, changesOf(view, reply))
    if (reply.kind === 'data') void tell()
    if (reply.kind === 'ready') whenReady(true)
    if (reply.kind === 'saved') whenSaved(reply.bytes)
    if (reply.kind === 'loaded') whenLoaded(true)
    if (reply.kind === 'failed') {
      whenReady(false)
      whenSaved(undefined)
      whenLoaded(false)
    }
  }

  /** The compiler, which knows the data from then on; `after` is called when the data has changed. */
  const withCompiler = async (after: () => void = whenTold): Promise<Compiler> => {
    whenTold = after
    if (known === undefined) {
      known = compiler()
      await tell()
    }
    return known
  }

  const codeOf = async ({ preset, program }: Settings): Promise<string> => {
    if (program !== undefined) return (await withCompiler()).compiled(program)
    const found = (await programs())[preset]
    if (found === undefined) throw new Error(`There is no preset '${preset}'.`)
    return found.code
  }

  const close = (): void => {
    runner?.stop()
    runner = undefined
    whenReady(false)
  }

  /** Opens the program on the data, at step 0. True if it is ready to train. */
  const open = async (): Promise<boolean> => {
    close()
    const wanted = current()
    const mine = JSON.stringify(settings)
    opened = mine
    Object.assign(view, blank, { phase: 'opening' })
    try {
      const code = await codeOf(wanted)
      if (opened !== mine) return false
      return await new Promise<boolean>((resolve) => {
        whenReady = resolve
        runner = startRunner(files(), code, wanted, hear)
      })
    } catch (e) {
      hear({ kind: 'failed', text: e instanceof Error ? e.message : String(e) })
      return false
    }
  }

  const ready = async (): Promise<boolean> => (view.phase === 'ready' && !isStale()) || (await open())

  /** Asks for what has an answer; the answer that stands for failure if there is no run to ask. */
  const asking = async <A>(none: A, ask: (runner: Runner, answer: (value: A) => void) => void): Promise<A> => {
    if (!(await ready())) return none
    return new Promise((resolve) => {
      if (runner === undefined) resolve(none)
      else ask(runner, resolve)
    })
  }

  return {
    settings,
    view,
    /** True if the settings are no longer those of the run. */
    stale: computed(() => {
      const text = JSON.stringify(settings)
      return (view.phase === 'ready' || view.phase === 'failed') && text !== opened
    }),
    withCompiler,
    open,
    close,
    /** Ends the run, of which the page shows nothing any more. */
    clear: () => {
      close()
      Object.assign(view, blank)
    },
    stop: () => {
      close()
      hear({ kind: 'failed', text: 'The program was stopped.' })
    },
    run: async () => {
      if (await ready()) runner?.ask({ kind: 'run', pace: view.pace })
    },
    pause: () => runner?.ask({ kind: 'pause' }),
    step: async () => {
      if (await ready()) runner?.ask({ kind: 'step' })
    },
    setPace: (pace: Pace) => {
      view.pace = pace
      if (view.running) runner?.ask({ kind: 'run', pace })
    },
    check: () => runner?.ask({ kind: 'check' }),
    /** Reads a picture; without one, the last picture is forgotten. */
    read: (pixels: Float32Array | undefined) => {
      view.shares = []
      runner?.ask({ kind: 'read', pixels })
    },
    /** The bytes of the run. */
    save: () =>
      asking<Uint8Array | undefined>(undefined, (asked, answer) => {
        whenSaved = answer
        asked.ask({ kind: 'save', settings: current() })
      }),
    /** True if the run goes on from the bytes. */
    load: (bytes: Uint8Array) =>
      asking(false, (asked, answer) => {
        whenLoaded = answer
        asked.ask({ kind: 'load', bytes })
      }),
    choosePreset: async (name: string) => {
      const { data } = presets.find((preset) => preset.name === name) ?? {}
      Object.assign(settings, { preset: name, program: undefined, ...(data === undefined ? {} : { data }) })
      await open()
    },
    /** The text of the program that is chosen. */
    textOf: async ({ preset, program }: Settings): Promise<string> => program ?? (await programs())[preset]?.text ?? '',
    /** Ends the compiler for good, if it was ever needed. */
    stopCompiler: async () => (await known)?.stop(),
  }
}

export type Session = ReturnType<typeof startSession>
