// Specs that share a process: to start Node, to load the library and to compile it takes longer than most of them.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { engine } from 'pullback'
import t from 'tap'
import { root } from './run.ts'

/** The specs of a folder, as paths from the root. */
const specsOf = (folder: string): readonly string[] =>
  readdirSync(join(root, 'spec', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .sort()
    .map((name) => `spec/${folder}/${name}`)

/** Runs all specs of some folders, one after the other. Each finds the engine that all find. */
export const together = async (...folders: readonly string[]): Promise<void> => {
  t.setTimeout(600_000)
  const first = engine()
  for (const path of folders.flatMap(specsOf))
    await t.test(path, async (t) => {
      t.equal(engine(), first, 'no spec before has left another engine')
      await import(join(root, path))
    })
}
