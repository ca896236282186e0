// Draws the pictures of the documentation to docs/pictures/. The names of some as arguments: these alone.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moons } from './drawing/moons.ts'
import { confusion, curves, weights } from './drawing/run.ts'

/** Each picture by the name of its file, and what draws it: the text of an SVG file. */
export const pictures: Readonly<Record<string, () => string | Promise<string>>> = {
  moons,
  curves,
  confusion,
  weights,
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2)
  const folder = fileURLToPath(new URL('pictures', import.meta.url))
  for (const [name, draw] of Object.entries(pictures))
    if (given.length === 0 || given.includes(name)) writeFileSync(join(folder, `${name}.svg`), await draw())
}
