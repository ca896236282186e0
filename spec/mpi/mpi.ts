// A process that joins a group: what it needs, what it is told where that is missing, and a group of one.
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { oneProcess } from 'pullback'
import { mpi } from 'pullback/mpi'
import t from 'tap'
import { partsOf } from '../../lib/mpi/parts.ts'
import { report } from '../../lib/mpi/report.ts'
import { laws } from '../law/communicator.ts'
import { bundle } from '../support/bundle.ts'
import { group } from '../support/ranks/group.ts'
import { withoutMpi } from '../support/ranks.ts'

t.test('an error names what is missing and what to do', async (t) => {
  const message = (path: string): string => {
    const found = mpi({ path })
    return found._tag === 'Left' ? found.left.message : 'found'
  }
  t.match(message('no/such'), /^mpi: expected a library of MPI, got no\/such: .*; omit the path .* \[no-ranks\]$/)
  if (process.platform === 'linux') t.match(message('libm.so.6'), /MPI_Init_thread/, 'a library, but not of MPI')
})

t.test('options', async (t) => {
  for (const patience of [0, -1, Number.NaN, '20']) t.throws(() => mpi({ patience: patience as number }), /0.1 seconds/)
  t.throws(() => mpi({ timeout: 3 } as object), { code: 'unknown-option' })
})

t.test('long arrays are cut into parts', async (t) => {
  const numbers = Float32Array.of(0, 1, 2, 3, 4, 5, 6)
  t.same(partsOf(numbers), [numbers])
  t.same(
    partsOf(numbers, 3).map((part) => [...part]),
    [[0, 1, 2], [3, 4, 5], [6]],
  )
  t.same(partsOf(numbers, 7), [numbers])
  t.same(partsOf(new Uint8Array(0), 3), [new Uint8Array(0)])
})

t.test('the laws of communicators hold for the group of one process', async (t) => {
  for (const [name, law] of Object.entries(laws)) t.doesNotThrow(() => law(oneProcess), name)
})

t.test('a process that was started alone', { skip: withoutMpi }, async (t) => {
  const c = group()
  t.same([c.rank, c.size], [0, 1])
  t.match(c.name, /^MPI \(Open MPI \d[\d.]+\)$/)
  t.equal(group({ patience: 3 }), c, 'each call gives the same')
  for (const [name, law] of Object.entries(laws)) t.doesNotThrow(() => law(c), name)
  t.throws(
    () => c.allReduce([1] as unknown as Float32Array, 'sum'),
    /allReduce: expected a Float32Array.*\[object Array/,
  )
  t.throws(() => c.begin(new Float32Array(1), 'min' as 'sum'), /begin: expected 'sum' or 'max', got min/)
  t.throws(() => c.broadcast(new Uint8Array(1), 1), /broadcast: expected a rank from 0 to 0, got 1/)
  t.throws(() => c.allGather('text' as unknown as Uint8Array), /allGather: expected a Uint8Array/)
})

t.test('another thread cannot join', { skip: withoutMpi }, async (t) => {
  const program = join(t.testdir(), 'thread.mjs')
  await bundle(
    `import { parentPort } from 'node:worker_threads'
import { mpi } from 'pullback/mpi'
parentPort.postMessage(mpi().left.message)`,
    program,
    import.meta.url,
  )
  const worker = new Worker(program)
  const message = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject))
  t.match(message, /mpi: expected a process in which MPI has not begun, .*; call mpi in one thread only/)
})

t.test('what a rank says of those that are elsewhere', async (t) => {
  const at = (count: number, action: string, seconds = 0, isGone = false) => ({ isGone, count, action, seconds })
  const known = new Map([
    [1, at(5, 'barrier')],
    [2, at(4, 'allReduce of 3 numbers', 2.56)],
    [3, at(4, 'barrier', 0, true)],
  ])
  const here = at(7, 'allReduce of 3 numbers')
  const said = (...absent: readonly number[]): string =>
    report({ rank: 0, size: 20, patience: 2, here, absent, known }).replace(/^.* got /, '')
  const same = 'each rank has to make the same calls in the same order, with numbers of the same length'
  const patient = 'see what that rank does, or give a larger patience'
  t.equal(said(1), `rank 1 in call 3, barrier; ${same} [ranks-differ]`)
  t.equal(said(2), `rank 2 busy elsewhere for 2.6 s after 2 calls; ${patient} [lost-rank]`)
  t.equal(said(3), `the end of rank 3 after 2 calls; ${same} [ranks-differ]`)
  t.equal(said(2, 4), `rank 2 busy elsewhere for 2.6 s after 2 calls and no answer from rank 4; ${patient} [lost-rank]`)
  const many = Array.from({ length: 11 }, (_, i) => i + 5)
  t.match(said(...many), /no answer from rank 5 and .* from rank 12 and 3 more; see/)
})
