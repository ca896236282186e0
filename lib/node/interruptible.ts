import type { StopSignal } from '../train/until.ts'

/** A signal to pass to a run, and a function that stops listening. */
export interface Interruptible {
  readonly signal: StopSignal
  readonly off: () => void
}

/**
 * A signal that is aborted by Ctrl-C or by a request to terminate: so a run stops after the current step and can be
 * saved. The process then exits with the status of such an end, 130 or 143, once its work is done. A second Ctrl-C
 * stops it at once.
 *
 * @example
 * import { interruptible } from 'pullback/node'
 * const { signal, off } = interruptible()
 * signal.aborted // => false
 * off()
 */
export const interruptible = (): Interruptible => {
  const controller = new AbortController()
  const on = (signal: 'SIGINT' | 'SIGTERM'): void => {
    off()
    process.exitCode = signal === 'SIGINT' ? 130 : 143
    controller.abort(signal)
  }
  const off = (): void => {
    process.off('SIGINT', on)
    process.off('SIGTERM', on)
  }
  process.on('SIGINT', on)
  process.on('SIGTERM', on)
  return { signal: controller.signal, off }
}
