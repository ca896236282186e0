// Counts the work of the library and of what it depends on in blocks of code that were run, which is the same on every
// machine, and tells when code is run that had not been run before.
import { Session } from 'node:inspector'

interface Range {
  readonly startOffset: number
  readonly count: number
}
interface Script {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly Range[] }[]
}

const session = new Session()
session.connect()
const post = (method: string, params: object = {}): unknown => {
  let found: unknown
  session.post(method, params, (e, result) => {
    if (e) throw e
    found = result
  })
  return found
}
post('Profiler.enable')
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/** The blocks of code that were run so far. */
export type Seen = Set<string>

/**
 * The blocks that were run since the last call, each as often as it was run, and whether some of them were not among
 * those that were seen, to which they are added.
 */
export const worked = (seen: Seen): { readonly blocks: number; readonly isNew: boolean } => {
  const { result } = post('Profiler.takePreciseCoverage') as { readonly result: readonly Script[] }
  const before = seen.size
  let blocks = 0
  for (const { url, functions } of result)
    if (url.includes('/lib/'))
      for (const { ranges } of functions)
        for (const { startOffset, count } of ranges) {
          if (count > 0) seen.add(`${url}:${startOffset}`)
          blocks += count
        }
  return { blocks, isNew: seen.size > before }
}
