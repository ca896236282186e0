// Ranks that make calls until the last of them fails in some way, which the name of an argument tells.
import { Worker } from 'node:worker_threads'
import type { Communicator } from 'pullback'
import { group } from './group.ts'

const [way = '', patience = '20'] = process.argv.slice(2)
const c = group({ patience: Number(patience) })
const numbers = new Float32Array(10)

/** What the last rank does while the others wait in an allReduce. */
const ways: Readonly<Record<string, (c: Communicator) => void>> = {
  killed: () => process.kill(process.pid, 'SIGKILL'),
  stops: () => process.kill(process.pid, 'SIGSTOP'),
  throws: () => {
    throw new Error('no data on this rank')
  },
  rejects: () => {
    Promise.reject(new Error('no file on this rank'))
  },
  'throws beside a thread': () => {
    new Worker('for (;;);', { eval: true })
    throw new Error('no thread on this rank')
  },
  exits: () => process.exit(3),
  leaves: () => process.exit(0),
  aborts: (c) => c.abort('the disk is full'),
  hangs: () => {
    for (;;);
  },
  waits: (c) => c.barrier(),
  differs: (c) => c.allReduce(new Float32Array(100_000), 'sum'),
}

for (let i = 0; i < 3; i++) c.allReduce(numbers, 'sum')
if (c.rank === c.size - 1) ways[way]?.(c)
else c.allReduce(numbers, 'sum')
if (way !== 'rejects') c.barrier()
