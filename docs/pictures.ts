// Draws the pictures of the documentation to docs/pictures/. The names of some as arguments: these alone.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chart } from 'pullback/chart'
import { panels as initialization } from '../examples/lab/activationVariance.ts'
import { panels as optimization } from '../examples/lab/optimizerPaths.ts'
import { panels as regularization } from '../examples/lab/regularisation.ts'
import { panels as schedules } from '../examples/lab/schedules.ts'
import { backprop } from './drawing/backprop.ts'
import { capsule } from './drawing/capsule.ts'
import { chainRule } from './drawing/chainRule.ts'
import { differences } from './drawing/differences.ts'
import { graph } from './drawing/graph.ts'
import { moons } from './drawing/moons.ts'
import { network } from './drawing/network.ts'
import { efficiency } from './drawing/ranks.ts'
import { confusion, curves, weights } from './drawing/run.ts'
import { scores } from './drawing/scores.ts'

/** Each picture by the name of its file, and what draws it: the text of an SVG file. */
export const pictures: Readonly<Record<string, () => string | Promise<string>>> = {
  backprop,
  capsule,
  'chain-rule': chainRule,
  confusion,
  curves,
  differences,
  efficiency,
  graph,
  initialization: () => chart(initialization({ layers: 15, width: 64, examples: 50, seed: 0 })),
  moons,
  network,
  optimization: () => chart(optimization({ steps: 60 }).filter(({ ground }) => ground !== undefined)),
  regularization: async () =>
    chart(await regularization({ digits: 500, unseen: 500, epochs: 25, units: 100, seed: 0 })),
  schedules: () => chart(schedules({ epochs: 16, seed: 0 })),
  scores,
  weights,
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2)
  const folder = fileURLToPath(new URL('pictures', import.meta.url))
  for (const [name, draw] of Object.entries(pictures))
    if (given.length === 0 || given.includes(name)) writeFileSync(join(folder, `${name}.svg`), await draw())
}
