// Files of the repository on the site: it has a page for each that a page or the reference links to.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { entries } from '../api.ts'
import { linksOf, pages, root } from './pages.ts'

/** The page of a file or a folder of the repository, from the root of the site. */
export const sourceAddress = (path: string): string =>
  `source/${path.replace(/\/$/, '')}${statSync(join(root, path)).isDirectory() ? '/index' : ''}.html`

/** Where the site has what a link of a page leads to: a page in Markdown, a page that is loaded as a whole, or the page of a source. */
export type Place = { readonly page: string } | { readonly whole: string } | { readonly source: string }

/** The place of a link from a page, both from the root of the repository; none if it is a page of docs/ and stays as it is. */
export const placeOf = (page: string, link: string): Place | undefined => {
  if (/^(?:[a-z]+:|[#/])/.test(link)) return undefined
  const [file = ''] = link.split('#')
  const to = normalize(join(dirname(page), file))
  if (to === 'docs/api.md') return { page: 'docs/reference/index.md' }
  if (to === 'README.md') return { page: 'docs/index.md' }
  if (to === 'docs/playground/index.md') return { whole: 'playground/' }
  const isPage = to.startsWith('docs/') && (to.endsWith('.md') || existsSync(join(root, to, 'index.md')))
  return isPage || !existsSync(join(root, to)) ? undefined : { source: to }
}

const shown = /\.(?:ts|mjs|js|py|json|md|sh|csv)$/

/** The files of a folder, and of those in it, that can be shown. */
const filesIn = (path: string): readonly string[] =>
  readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? [`${path}/${entry.name}`, ...filesIn(`${path}/${entry.name}`)]
      : shown.test(entry.name)
        ? [`${path}/${entry.name}`]
        : [],
  )

/** The files and folders that need a page. */
export const sources = (): readonly string[] => {
  const linked = pages
    .filter(({ path }) => path !== 'README.md')
    .flatMap((page) =>
      linksOf(page).flatMap(({ target }) => {
        const place = placeOf(page.path, target)
        return place !== undefined && 'source' in place ? [place.source.replace(/\/$/, '')] : []
      }),
    )
  const all = [...linked, ...entries().map(({ file }) => file)]
  const within = all.filter((path) => statSync(join(root, path)).isDirectory()).flatMap(filesIn)
  return [...new Set([...all, ...within])].sort()
}
