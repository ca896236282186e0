// Two ranks that each have half of the examples train as one program that has all of them does.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { oneProcess } from 'pullback'
import { startRanks } from 'pullback/workers'
import t from 'tap'
import { bundle } from '../support/bundle.ts'
import { bareWorker, root } from '../support/run.ts'
import { train } from '../support/workerTraining.ts'

const program = join(root, 'node_modules', '.cache', 'workerTraining.mjs')
mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
await bundle(
  `import { inRank } from 'pullback/workers'
import { train } from './spec/support/workerTraining.ts'
await inRank(train)`,
  program,
)

t.test('gradients of two halves, summed over two ranks, are those of the whole', async (t) => {
  const whole = train(oneProcess)
  const [first, second] = (await startRanks(2, () => new Worker(program, bareWorker)).result) as readonly number[][]
  t.same(second, first, 'both ranks have the same bits')
  t.equal(first?.length, whole.length)
  whole.forEach((number, i) => {
    t.ok(Math.abs(number - (first?.[i] as number)) < 1e-12, `${first?.[i]} is ${number}`)
  })
})
