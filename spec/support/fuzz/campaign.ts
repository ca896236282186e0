import { pick, type Source, source } from '../../arbitrary/numbers.ts'
import { allocated } from './memory.ts'
import { type Seen, worked } from './work.ts'

/** A bound that grows with the input: so much for each byte, and so much besides. */
type Bound = readonly [perByte: number, besides: number]

/** A reader that is tried, and how files for it are made. */
export interface Target<I> {
  /** Sound files, from which others are made. */
  readonly seeds: readonly I[]
  /** One change of a file. */
  readonly change: (next: Source, input: I) => I
  readonly bytesOf: (input: I) => number
  /** Reads a file: the reason why it is refused, or 'right'. Anything thrown is a finding. */
  readonly read: (input: I) => string
  /** The bytes of arrays that may be made. */
  readonly memory: Bound
  /** The blocks of code that may be run. */
  readonly work: Bound
  /** The input as text, to be tried again. */
  readonly show: (input: I) => string
}

export interface Finding {
  readonly what: string
  readonly input: string
}

/** What a campaign has seen: how often each reason, the inputs that led to code that was new, and what was wrong. */
export interface Report {
  readonly inputs: number
  readonly reasons: { readonly [reason: string]: number }
  readonly corpus: number
  readonly findings: readonly Finding[]
  /** The most that an input took of what it may take. */
  readonly most: { readonly memory: number; readonly work: number }
}

const allowed = ([perByte, besides]: Bound, bytes: number): number => perByte * bytes + besides

// Most inputs end in an error, whose stack nobody reads but for the place where something unexpected was thrown.
Error.stackTraceLimit = 3

/** Files that have become longer are not changed further, since changes double them again and again. */
const longest = 30_000

/**
 * Inputs are tried in batches, since work is counted for all of a batch: in small ones as long as they lead to code that
 * is new, and in ever larger ones when none does, which are several times as fast.
 */
const [smallest, largest] = [25, 3200]

/**
 * Tries so many inputs, or as many as FUZZ_SECONDS allow, from a fixed seed or that of FUZZ_SEED. An input that leads to
 * code which was not run before is kept, and changed further.
 */
export const campaign = <I>(target: Target<I>, inputs: number): Report => {
  const { seeds, change, bytesOf, read, memory, work, show } = target
  const next = source(Number(process.env.FUZZ_SEED ?? 1))
  const seconds = Number(process.env.FUZZ_SECONDS ?? 0)
  const end = Date.now() + 1000 * seconds
  const corpus: I[] = [...seeds]
  const reasons = new Map<string, number>()
  const findings: Finding[] = []
  const most = { memory: 0, work: 0 }
  let seen: Seen = new Set()
  let tried = 0

  const attempt = (input: I): void => {
    tried++
    allocated()
    try {
      const reason = read(input)
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    } catch (e) {
      findings.push({ what: `threw ${e instanceof Error ? (e.stack ?? e.message) : String(e)}`, input: show(input) })
    }
    const [bytes, most_] = [allocated(), allowed(memory, bytesOf(input))]
    most.memory = Math.max(most.memory, bytes / most_)
    if (bytes > most_) findings.push({ what: `made arrays of ${bytes} bytes, at most ${most_}`, input: show(input) })
  }
  /** The work of some inputs; that of a batch which did too much is told one by one. */
  const measured = (some: readonly I[]): boolean => {
    worked(new Set()) // what it took to make the inputs
    for (const input of some) attempt(input)
    const { blocks, isNew } = worked(seen)
    const limit = some.reduce((sum, input) => sum + allowed(work, bytesOf(input)), 0)
    most.work = Math.max(most.work, blocks / limit)
    if (blocks > limit && some.length > 1) for (const input of some) measured([input])
    else if (blocks > limit)
      findings.push({ what: `ran ${blocks} blocks, at most ${limit}`, input: show(some[0] as I) })
    return isNew
  }
  /** A file changed once and again, of which each is tried. Short files are chosen more often: they are read sooner. */
  const made = (): readonly I[] => {
    const [one, other] = [pick(next, next() < 0.4 ? seeds : corpus), pick(next, corpus)]
    let input = next() < 0.6 && bytesOf(other) < bytesOf(one) ? other : one
    const found: I[] = []
    for (let n = pick(next, [1, 1, 1, 2, 2, 4]); n > 0 && bytesOf(input) < longest; n--) {
      input = change(next, input)
      found.push(input)
    }
    return found
  }
  const batchOf = (size: number): readonly I[] => {
    const found: I[] = []
    while (found.length < size) found.push(...made())
    return found.slice(0, size)
  }

  /** Tries a batch and keeps what led to new code; tells whether anything did. A large one is then tried in small ones. */
  const explored = (some: readonly I[]): boolean => {
    const before = new Set(seen)
    if (!measured(some)) return false
    if (some.length === smallest) {
      if (corpus.length < 2000) corpus.push(...some.filter((input) => bytesOf(input) < longest))
      return true
    }
    seen = before
    for (let i = 0; i < some.length; i += smallest) explored(some.slice(i, i + smallest))
    return true
  }

  measured(seeds)
  let batch = smallest
  while ((seconds > 0 ? Date.now() < end : tried < inputs) && findings.length < 5) {
    const isNew = explored(batchOf(batch))
    batch = isNew ? smallest : Math.min(largest, 2 * batch)
  }
  return { inputs: tried, reasons: Object.fromEntries(reasons), corpus: corpus.length, findings, most }
}
