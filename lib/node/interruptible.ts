import type { StopSignal } from '../train/until.ts'

/** A signal that a run can be given, and how to stop listening. */
export interface Interruptible {
  readonly signal: StopSignal
  readonly off: () => void
}

/**
 * A signal that is aborted by Ctrl-C or by a request to terminate: so a run ends after the step under way and can be saved. The process ends
 * with the exit status that such an end has, 130 or 143, once its work is done. A second Ctrl-C ends it at once.
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
