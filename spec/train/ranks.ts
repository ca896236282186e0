// Any number of ranks learns what one process learns: to rounding, and in exact mode to the bit.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { startRanks } from 'pullback/workers'
import t from 'tap'
import { bundle } from '../support/bundle.ts'
import { type All, compared } from '../support/ranks/compared.ts'
import { bareWorker, root } from '../support/run.ts'

const program = join(root, 'node_modules', '.cache', 'trainings.mjs')
mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
await bundle(
  `import { inRank } from 'pullback/workers'
import { trainings } from './spec/support/ranks/trainings.ts'
await inRank(trainings)`,
  program,
)
for (const size of [1, 2, 3, 8])
  t.test(`${size} ranks in workers`, async (t) => {
    const ranks = startRanks(size, () => new Worker(program, bareWorker))
    compared(t, (await ranks.result) as readonly All[])
  })
