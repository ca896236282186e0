import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A document for readers: its path from the root, and its text. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** Folders in docs/ without pages of ours: packages, the theme of the site, and what is made for it. */
const foreign = ['.vitepress', 'node_modules', 'public', 'reference']

const pagesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return foreign.includes(entry.name) ? [] : pagesIn(path)
    return entry.name.endsWith('.md') ? [path] : []
  })

/** The README and the pages of docs/ and of its folders. */
export const pages: readonly Page[] = ['README.md', ...pagesIn('docs')].map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}))

/** A text without its blocks of code. */
export const prose = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```/gm, '')

/** A link from a page into the repository: as it is written, the file it leads to, from the root, and the anchor there. */
export interface Link {
  readonly target: string
  readonly to: string
  readonly anchor?: string | undefined
}

/** The links of a page that stay in the repository. */
export const linksOf = ({ path, text }: Page): readonly Link[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return []
    const [file = '', anchor] = target.split('#')
    return [{ target, to: file === '' ? path : normalize(join(dirname(path), file)), anchor }]
  })
