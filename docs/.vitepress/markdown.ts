// What pages written for a code host need on the site: links to files of the repository, and types on hover.
import { join, relative } from 'node:path/posix'
import type { MarkdownOptions } from 'vitepress'
import { anchor } from '../site/anchor.ts'
import { placeOf, sourceAddress } from '../site/source.ts'
import { startCompiler } from './compiler.ts'
import { showTypes } from './hovers.ts'
import { linkNames, linkTypes, type Renderer } from './names.ts'
import { readPrograms } from './programs.ts'
import { plainBlocks } from './search.ts'

/** Links to what is no page of docs/ lead to its place on the site. */
const rewriteLinks =
  (base: string) =>
  (md: Renderer): void => {
    md.core.ruler.push('places', ({ tokens, env }) => {
      const page = join('docs', env.relativePath ?? 'index.md')
      for (const token of tokens.flatMap(({ children }) => children ?? [])) {
        if (token.type !== 'link_open') continue
        const place = placeOf(page, token.attrGet('href') ?? '')
        if (place === undefined) continue
        if ('page' in place) token.attrSet('href', `./${relative(join(page, '..'), place.page)}`)
        else {
          token.attrSet('href', `${base}${'whole' in place ? place.whole : sourceAddress(place.source)}`)
          token.attrSet('target', '_self')
        }
      }
    })
  }

/** A header cell without words is no header, for those who have the page read aloud. */
const emptyHeaders = (md: Renderer): void => {
  md.core.ruler.push('headers', ({ tokens }) => {
    for (const [i, cell] of tokens.entries()) {
      const [words, end] = [tokens[i + 1], tokens[i + 2]]
      if (cell.type !== 'th_open' || words?.content !== '' || end === undefined) continue
      cell.tag = 'td'
      end.tag = 'td'
    }
  })
}

export const markdown = (base: string): MarkdownOptions => {
  const compiler = startCompiler()
  return {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: anchor },
    toc: { slugify: anchor },
    codeTransformers: [linkTypes(base), showTypes(compiler)],
    config: (md) => {
      md.use(rewriteLinks(base))
      md.use(emptyHeaders)
      md.use(linkNames(base))
      md.use(plainBlocks)
      md.use(readPrograms(compiler))
    },
  }
}
