// What the workers do that the specs of ranks start, by the name that they are given.
import { parentPort } from 'node:worker_threads'
import type { Communicator } from 'pullback'
import { inRank } from 'pullback/workers'
import { laws } from '../law/communicator.ts'

/** Waits for another rank without its help, so that the order of events is what a spec wants. */
const sleep = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
/** What a call throws. */
const thrown = (f: () => unknown): unknown => {
  try {
    f()
    return 'nothing'
  } catch (e) {
    const { _tag, code, ranks, message } = e as Readonly<Record<string, unknown>>
    return { _tag, code, ranks, message }
  }
}
/** Rank 1 does one thing, the others wait at a barrier. */
const only =
  (what: (comm: Communicator) => unknown) =>
  (comm: Communicator): unknown =>
    comm.rank === 1 ? what(comm) : comm.barrier()

const works: Readonly<Record<string, (comm: Communicator) => unknown>> = {
  laws: (comm) => {
    for (const law of Object.values(laws)) law(comm)
    return comm.rank
  },
  'many rounds': (comm) => {
    let sum = 0
    for (let i = 0; i < 3000; i++) {
      const numbers = new Int32Array(i % 7).fill(comm.rank + i)
      if (i % 500 === comm.rank) sleep(1)
      comm.allReduce(numbers, i % 2 === 0 ? 'sum' : 'max')
      if (i % 3 === 0) comm.barrier()
      sum += numbers.reduce((a, b) => a + b, 0)
    }
    return sum
  },
  'edges of max': (comm) => {
    const numbers = Float32Array.of(comm.rank === 1 ? Number.NaN : 5, comm.rank === 0 ? -0 : 0, -comm.rank)
    comm.allReduce(numbers, 'max')
    return numbers
  },
  'sums of int32': (comm) => {
    const numbers = Int32Array.of(2 ** 31 - 1, comm.rank)
    comm.allReduce(numbers, 'sum')
    return numbers
  },
  throws: only(() => {
    throw new TypeError('no such layer')
  }),
  'throws at length': only(() => {
    throw new Error('no '.repeat(1e6))
  }),
  'throws what has no text': only(() => {
    throw Object.create(null)
  }),
  'throws in a timer': only(async () => {
    setTimeout(() => {
      throw new TypeError('too late')
    })
    await new Promise(() => setInterval(() => {}, 1000))
  }),
  exits: only(() => process.exit(3)),
  'cannot be sent': only((comm) => {
    comm.barrier()
    return () => {}
  }),
  hangs: only(() => {
    for (;;);
  }),
  'hangs for a while': (comm) => {
    if (comm.rank === 1) sleep(500)
    return thrown(() => comm.allGather(new Uint8Array(1)))
  },
  aborts: (comm) => thrown(() => (comm.rank === 1 ? comm.abort('the loss is NaN') : comm.barrier())),
  'fails twice': (comm) => [
    thrown(() => comm.abort('one')),
    thrown(() => comm.barrier()),
    thrown(() => comm.abort('two')),
  ],
  'ends early': (comm) => (comm.rank === 1 ? 'early' : thrown(() => comm.allReduce(new Float32Array(3), 'sum'))),
  'ends early, others come later': (comm) => {
    if (comm.rank === 1) return 'early'
    sleep(100)
    return thrown(() => comm.allReduce(new Float32Array(3), 'sum'))
  },
  'calls after close': (comm) => {
    comm.close()
    return thrown(() => comm.barrier())
  },
  'other functions': (comm) =>
    thrown(() => (comm.rank === 1 ? comm.barrier() : comm.allReduce(new Float32Array(3), 'sum'))),
  'other lengths': (comm) => thrown(() => comm.allReduce(new Float32Array(2 + comm.rank), 'sum')),
  'other formats': (comm) =>
    thrown(() => comm.allReduce(comm.rank === 1 ? new Float64Array(9) : new Float32Array(9), 'max')),
  'other reductions': (comm) => thrown(() => comm.begin(new Int32Array(1), comm.rank === 1 ? 'sum' : 'max')()),
  'other senders': (comm) => thrown(() => comm.broadcast(new Uint8Array(2), comm.rank)),
  'other arguments': (comm) => [
    thrown(() => comm.allReduce(new Uint8Array(1) as never, 'sum')),
    thrown(() => comm.allReduce(new Int32Array(1), 'mean' as never)),
    thrown(() => comm.broadcast(new Uint8Array(2), comm.size)),
    thrown(() => comm.allGather('text' as never)),
  ],
  'is a rank twice': (comm) => (comm.rank === 1 ? inRank(() => 'again') : comm.barrier()),
  'has other messages': (comm) => {
    parentPort?.postMessage('a message of its own')
    parentPort?.postMessage(null)
    return comm.name
  },
}

/** What the program of a worker does; `how` is an argument of its own. */
export const work = async (how: string | undefined): Promise<void> => {
  if (how === 'never ready') return void setInterval(() => {}, 1000)
  if (how === 'ready late') await new Promise((resolve) => setTimeout(resolve, 100))
  await inRank((comm, input) => works[input as string]?.(comm))
}
