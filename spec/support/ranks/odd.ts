// Ranks that end in good order in unusual ways, which the name of an argument tells.
import type { Communicator } from 'pullback'
import { mpi } from 'pullback/mpi'
import { group } from './group.ts'

const pause = (seconds: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000 * seconds)

const ways: Readonly<Record<string, (c: Communicator) => void>> = {
  /** The others wait for the first, longer than their patience, when they have nothing more to do. */
  'the first goes on alone': ({ rank }) => {
    if (rank === 0) pause(2.5)
  },
  'all are busy between two calls': ({ barrier }) => {
    barrier()
    pause(1.5)
    barrier()
  },
  'the group is left by hand': (c) => {
    c.close()
    c.close()
    try {
      c.barrier()
    } catch (e) {
      console.log((e as Error).message)
    }
  },
  /** As after Ctrl-C, when each has done what it had to. */
  'all end with another status than 0': (c) => {
    c.close()
    process.exitCode = 3
  },
  'nobody waits for what has begun': (c) => {
    c.begin(new Float32Array(100_000), 'sum')
  },
  /** One rank may wait later than another for what has begun. */
  'one waits later for what has begun': ({ rank, begin, barrier, allReduce }) => {
    const [numbers, more] = [Float32Array.of(1), Float32Array.of(10)]
    const end = begin(numbers, 'sum')
    if (rank === 0) end()
    barrier()
    const last = begin(more, 'max')
    if (rank === 1) last()
    allReduce(numbers, 'sum')
    if (rank === 1) end()
    console.log(numbers[0], more[0])
  },
  'an error is caught': (c) => {
    process.on('uncaughtException', () => c.barrier())
    throw new Error('not for the others')
  },
}

const c = group({ patience: 1 })
console.log(group() === c, mpi({ path: 'not/looked/for' })._tag)
for (const way of process.argv.slice(2)) ways[way]?.(c)
