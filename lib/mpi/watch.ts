import type { Handle, Handles } from './handles.ts'
import type { Delay, Whereabouts } from './report.ts'

/** What the thread of a watchdog gets. */
export interface Watched {
  /** Where this rank is: see `Place`. */
  readonly place: SharedArrayBuffer
  /** Int32, 1 when it is so: the watchdog watches; it shall end; it has ended. */
  readonly states: SharedArrayBuffer
  readonly actions: readonly string[]
  readonly koffi: string
  readonly path: string
  readonly handles: Handles
  /** A communicator for watchdogs only. */
  readonly communicator: Handle
  readonly rank: number
  readonly size: number
  /** Seconds. */
  readonly patience: number
}

/**
 * The program of a watchdog. It answers the watchdogs of other ranks that ask where this one is. If this rank has been
 * in one call for longer than its patience, it asks the others, and ends all ranks unless they are all in the same call;
 * at once, if a rank has left that the call needs. It ends when all ranks have left.
 *
 * It runs as a thread of its own from the text of this function, which therefore uses nothing from outside.
 */
export const watch = (require: NodeJS.Require, watched: Watched, report: (delay: Delay) => string): void => {
  const { rank, size, patience, actions, communicator } = watched
  const { type, byte, anySource } = watched.handles
  const library = require(watched.koffi).load(watched.path)
  const call = (name: string, ...types: string[]) => library.func(`MPI_${name}`, 'int', types)
  const probe = call('Iprobe', 'int', 'int', type, 'void *', 'void *')
  const receive = call('Recv', 'void *', 'int', type, 'int', 'int', type, 'void *')
  const send = call('Send', 'void *', 'int', type, 'int', 'int', type)
  const abort = call('Abort', type, 'int')

  const states = new Int32Array(watched.states)
  const [watches, shallEnd, hasEnded] = [0, 1, 2]
  const pause = (seconds: number): boolean => Atomics.wait(states, shallEnd, 0, seconds * 1000) === 'timed-out'
  const become = (state: number): void => {
    Atomics.store(states, state, 1)
    Atomics.notify(states, state)
  }
  const now = (): number => performance.now() / 1000

  const place = new Float64Array(watched.place)
  let [last, since] = [-1, 0]
  const look = (): Whereabouts => {
    const [count = 0, action = 0, n = 0] = place
    if (count !== last) [last, since] = [count, now()]
    return { isGone: false, count, action: (actions[action] as string).replace('#', `${n}`), seconds: now() - since }
  }

  const [question, answer, farewell] = [0, 1, 2]
  /** The kind, the sender, where that is in the numbers of its place, and since how many seconds. */
  const message = new Float64Array(6)
  const [flag, status] = [new Int32Array(1), new BigInt64Array(16)]
  const others = Array.from({ length: size }, (_, r) => r).filter((r) => r !== rank)
  const known = new Map<number, Whereabouts>()
  const isGone = (r: number): boolean => known.get(r)?.isGone === true
  const tell = (kind: number, to: number): void => {
    const { seconds } = look()
    message.set([kind, rank, ...place, seconds])
    send(message, 48, byte, to, 0, communicator)
  }
  const listen = (): void => {
    for (;;) {
      probe(anySource, 0, communicator, flag, status)
      if (flag[0] === 0) return
      receive(message, 48, byte, anySource, 0, communicator, status)
      const [kind, from = 0, count = 0, action = 0, n = 0, seconds = 0] = message
      const text = (actions[action] as string).replace('#', `${n}`)
      if (kind === question) tell(answer, from)
      else known.set(from, { isGone: kind === farewell, count, action: text, seconds })
    }
  }

  /** Asks where the others are; the ranks that are not in the same call. */
  const ask = ({ count, action }: Whereabouts): readonly number[] => {
    const present = others.filter((r) => !isGone(r))
    for (const r of present) known.delete(r)
    for (const r of present) tell(question, r)
    for (const until = now() + 2; now() < until && !present.every((r) => known.has(r)) && pause(0.02); ) listen()
    return others.filter((r) => isGone(r) || known.get(r)?.count !== count || known.get(r)?.action !== action)
  }
  const end = (here: Whereabouts, absent: readonly number[]): void => {
    require('node:fs').writeSync(2, `${report({ rank, size, patience, here, absent, known })}\n`)
    abort(communicator, 1)
  }

  become(watches)
  while (pause(0.25)) {
    listen()
    const here = look()
    if (here.count % 2 === 0) continue
    const left = others.filter((r) => isGone(r) && (known.get(r)?.count ?? 0) < here.count)
    if (left.length > 0) end(here, left)
    if (here.seconds < patience) continue
    const absent = ask(here)
    // Of the ranks that wait, the first has the word.
    const isFirst = !others.some((r) => r < rank && (known.get(r)?.count ?? 0) % 2 === 1)
    for (const until = now() + 1; !isFirst && now() < until && pause(0.05); ) listen()
    if (look().count !== here.count) continue
    if (absent.length > 0) end(here, absent)
    since = now()
  }
  for (const r of others) tell(farewell, r)
  // MPI may not be finalized while a message is on its way.
  while (!others.every(isGone) && Atomics.wait(states, hasEnded, 0, 20) === 'timed-out') listen()
  become(hasEnded)
}
