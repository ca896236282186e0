import { checkOptions } from '../error/options.ts'
import type { FitState } from '../train/fitState.ts'
import { means } from '../train/fitState.ts'

/** The target of progress output: a terminal, a file or a pipe. */
export interface Output {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

export interface ProgressOptions {
  /** The number of epochs, to estimate the remaining time. */
  readonly epochs?: number | undefined
  /** The output, by default standard error, which leaves standard output to results. */
  readonly out?: Output | undefined
  /** True suppresses all output. */
  readonly quiet?: boolean | undefined
}

type State = FitState<unknown, unknown, unknown>

const bar = (share: number, width = 20): string => {
  const n = Math.round(Math.min(1, Math.max(0, share)) * width)
  return '█'.repeat(n) + '░'.repeat(width - n)
}

/** A duration in short form: 9s, 2m05s, 1h02m. */
export const duration = (seconds: number): string => {
  const s = Math.max(0, Math.round(seconds))
  const two = (n: number): string => String(n).padStart(2, '0')
  if (s < 60) return `${s}s`
  return s < 3600
    ? `${Math.floor(s / 60)}m${two(s % 60)}s`
    : `${Math.floor(s / 3600)}h${two(Math.floor((s % 3600) / 60))}m`
}

const number = (x: number): string => (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5 ? x.toFixed(4) : x.toExponential(2))
const values = (record: { readonly [name: string]: number }): string =>
  Object.entries(record)
    .map(([name, x]) => `${name} ${number(x)}`)
    .join('  ')

/** The line of a finished epoch: every column of the history. */
const epochLine = ({ history, epoch }: State, of: number | undefined): string => {
  const row = Object.entries(history).flatMap(([name, column]) =>
    ['epoch', 'step', 'seconds'].includes(name) ? [] : [[name, column.at(-1) as number] as const],
  )
  const total = of === undefined ? '' : `/${of}`
  return `epoch ${epoch}${total}  ${values(Object.fromEntries(row))}  ${duration(history.seconds?.at(-1) ?? 0)}`
}

/** The line of the current epoch: progress, results so far, speed, and remaining time. */
const stepLine = (state: State, of: number | undefined, speed: number, left: number | undefined): string => {
  const total = of === undefined ? '' : `/${of}`
  const share = state.count === undefined ? '' : `${bar(state.position / state.count)} `
  const rest = left === undefined || !Number.isFinite(left) ? '' : `  ${duration(left)} left`
  return `epoch ${state.epoch + 1}${total} ${share} ${values(means(state.sums))}  ${Math.round(speed)} examples/s${rest}`
}

/** A line that is overwritten in a terminal; in a file or a pipe, a new line now and then. */
const lineOf = (out: Output) => {
  const live = out.isTTY === true && process.env.TERM !== 'dumb' && process.env.CI === undefined
  let drawn = false
  const erase = (): void => {
    if (drawn) out.write('\r\x1b[2K')
    drawn = false
  }
  return {
    every: live ? 100 : 5000,
    show: (text: string): void => {
      if (live) out.write(`\r${text.slice(0, (out.columns || 80) - 1)}\x1b[K`)
      else out.write(`${text}\n`)
      drawn = live
    },
    keep: (text: string): void => {
      erase()
      out.write(`${text}\n`)
    },
    erase,
  }
}

const ignore = (): void => {}
/** Standard error, whose reader may go away, and whose disk may be full: no run ends for that. */
const standardError = (): Output => {
  if (!process.stderr.listeners('error').includes(ignore)) process.stderr.on('error', ignore)
  return process.stderr
}

/**
 * Passes on the states of `fit` and shows progress in a terminal, with a line for each finished epoch: results,
 * examples per second, remaining time. If the output is not a terminal, only whole lines are written. With `every:
 * 'step'` the line also moves within an epoch. It does not change the cursor, and leaves nothing behind when the loop
 * ends. Where standard error cannot be written to any more, the run goes on without it.
 *
 * @example
 * import { progress } from 'pullback/node'
 * typeof progress // => 'function'
 */
export async function* progress<S extends State>(
  states: AsyncGenerator<S, S>,
  options: ProgressOptions = {},
): AsyncGenerator<S, S> {
  checkOptions('progress', options, ['epochs', 'out', 'quiet'])
  const { epochs, quiet = false } = options
  if (quiet) return yield* states
  const out = options.out ?? standardError()
  const line = lineOf(out)
  const began = performance.now()
  let [last, examples, first] = [began, 0, undefined as number | undefined]
  let before: State | undefined
  try {
    for (;;) {
      const { value: state, done } = await states.next()
      if (done) return state
      first ??= state.epoch
      const atEnd = state.position === 0
      if (!atEnd) {
        examples += (state.sums.examples ?? 0) - (before?.epoch === state.epoch ? (before.sums.examples ?? 0) : 0)
        const now = performance.now()
        if (now - last >= line.every) {
          last = now
          const seconds = (now - began) / 1000
          const finished = state.epoch - first + (state.count === undefined ? 0 : state.position / state.count)
          const left =
            epochs === undefined || finished <= 0 ? undefined : (seconds / finished) * (epochs - first - finished)
          line.show(stepLine(state, epochs, examples / seconds, left))
        }
      } else line.keep(epochLine(state, epochs))
      before = state
      yield state
      if (atEnd && state.stopped !== undefined) line.keep(`stopped: ${state.stopped}`)
    }
  } finally {
    line.erase()
    await states.return(undefined as never)
  }
}
