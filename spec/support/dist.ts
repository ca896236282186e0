// The package in dist/, made once for all specs, or by the installation.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { locked } from './lock.ts'
import { output, root } from './run.ts'

export const dist = join(root, 'dist')

/** When the newest file or folder changed that the package is made of. */
export const newest = (): number => {
  const inside = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).map((name) => join('lib', name))
  const all = ['package.json', 'tsconfig.json', 'README.md', 'CHANGELOG.md', 'LICENSE', ...inside]
  return Math.max(...all.map((name) => statSync(join(root, name)).mtimeMs))
}

/** Makes dist/ unless its last file is newer than all that it is made of. */
export const makeDist = (): Promise<void> =>
  locked('dist', async () => {
    const made = statSync(join(dist, 'README.md'), { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (made < newest()) await output(process.execPath, ['lib/pack.mjs'])
  })
