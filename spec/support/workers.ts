import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Ranks, type RanksOptions, startRanks } from 'pullback/workers'
import { bundle } from './bundle.ts'
import { bareWorker, root } from './run.ts'

// As one file, since workers that load many are slow to start.
const program = join(root, 'node_modules', '.cache', `workerRank.${process.pid}.mjs`)
mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true })
await bundle(`import { work } from './spec/support/workerRank.ts'; await work(process.argv[2])`, program)

/** A worker that does what its input names. */
export const worker = (...argv: readonly string[]): Worker => new Worker(program, { ...bareWorker, argv: [...argv] })

/** Ranks that do the work of this name. */
export const ranksAt = (size: number, work: string, options: RanksOptions = {}): Ranks =>
  startRanks(size, () => worker(), { ...options, input: work })
