// Two ranks that each have half of the examples train as one program that has all: gradients are summed by allReduce.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { startRanks } from 'pullback/workers'
import t from 'tap'
import { bundle } from '../support/bundle.ts'
import { root } from '../support/run.ts'

const program = join(root, '.tap', 'workersTraining.mjs')
mkdirSync(join(root, '.tap'), { recursive: true })
await bundle(
  `import { compose, gradOf, init, key, leastSquares } from 'pullback'`,
  program,
)
