// The package in dist/, made once for all specs, or by the installation.
import { readdirSync, readFileSync, statSync } from 'node:fs'
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

/** `paths` of a tsconfig.json for programs that are compiled against the package as users get it, which is faster. */
export const distPaths = (): Readonly<Record<string, readonly string[]>> => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly types?: string }>>
  }
  return Object.fromEntries(
    Object.entries(exports).flatMap(([subpath, { types }]) =>
      types === undefined ? [] : [[`pullback${subpath.slice(1)}`, [join(root, types)]]],
    ),
  )
}
