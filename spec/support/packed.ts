// The package as its users get it: made, packed, and put into a folder of its own beside its dependencies.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { dist, makeDist, newest } from './dist.ts'
import { output, root } from './run.ts'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
}

export const readJSON = <A>(path: string): A => JSON.parse(readFileSync(path, 'utf8')) as A

/** The packages that a package needs, and those that they need. */
const needed = (path: string): readonly string[] =>
  Object.keys(readJSON<Manifest>(join(path, 'package.json')).dependencies ?? {}).flatMap((name) => [
    name,
    ...needed(join(root, 'node_modules', name)),
  ])

export interface Packed {
  /** Where users' programs stand. */
  readonly folder: string
  /** The package in their node_modules. */
  readonly installed: string
  readonly tarball: string
  /** Writes files beside one another. */
  readonly write: (files: Readonly<Record<string, string>>) => void
  /** Runs a command there that must not fail; what it prints. */
  readonly run: (command: string, ...args: readonly string[]) => Promise<string>
}

/** The package as a file, made once for all specs, as long as nothing changes. */
const tarballOf = async (): Promise<string> => {
  const place = join(root, '.tap', 'packed')
  const [found, own] = [join(place, `${newest()}.tgz`), join(place, `${process.pid}`)]
  if (existsSync(found)) return found
  mkdirSync(own, { recursive: true })
  await makeDist()
  const [made] = JSON.parse(await output('npm', ['pack', dist, '--pack-destination', own, '--json']))
  renameSync(join(own, made.filename), found)
  rmSync(own, { recursive: true })
  return found
}

export const packed = async (): Promise<Packed> => {
  const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const [tarball, modules] = [await tarballOf(), join(folder, 'node_modules')]
  const installed = join(modules, 'pullback')
  mkdirSync(installed, { recursive: true })
  await output('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  for (const name of new Set(needed(installed))) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "pullback": "*" } }')
  return {
    folder,
    installed,
    tarball,
    write: (files) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    },
    run: (command, ...args) => output(command, args, folder),
  }
}
