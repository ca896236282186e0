// The site of the documents as the specs see it: built once for all that look at it, and again when something it is made of has changed.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeDist } from './dist.ts'
import { locked } from './lock.ts'
import { output, root } from './run.ts'

/** The folder of the built site, and where a host has it. */
export const siteFolder = join(root, 'docs/.vitepress/dist')
export const siteBase = '/pullback/'

/** Why the site cannot be built here, if it cannot. */
export const siteAbsent = existsSync(join(root, 'docs/node_modules/vitepress'))
  ? {}
  : { skip: 'the packages of the site are not installed: npm ci --prefix docs' }

const made =
  /node_modules|docs\/(?:reference|public\/source|public\/playground\/run|\.vitepress\/(?:cache|dist))|\.map$/

const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return made.test(path) ? [] : entry.isDirectory() ? filesIn(path) : [path]
  })

/** Changes with every file that the site is made of. */
const inputs = (): string =>
  ['docs', 'lib', 'examples', 'benchmarks']
    .flatMap(filesIn)
    .sort()
    .reduce((sum, path) => sum.update(path).update(readFileSync(join(root, path))), createHash('sha256'))
    .digest('hex')

/** Builds the package and the site, unless what is there was built from the same files. */
export const buildSite = (): Promise<void> =>
  locked('site', async () => {
    const stamp = join(siteFolder, 'inputs')
    const now = inputs()
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
    await makeDist()
    await output('npm', ['run', 'build', '--prefix', 'docs'])
    writeFileSync(stamp, now)
  })

export interface Html {
  /** From the folder of the site. */
  readonly path: string
  readonly text: string
}

/** The files of the built site, from its folder. */
export const siteFiles = (): readonly string[] =>
  readdirSync(siteFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(siteFolder.length + 1))

/** The pages of the built site. */
export const sitePages = (): readonly Html[] =>
  siteFiles()
    .filter((path) => path.endsWith('.html'))
    .map((path) => ({ path, text: readFileSync(join(siteFolder, path), 'utf8') }))
