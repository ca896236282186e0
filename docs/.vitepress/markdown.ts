// What pages written for a code host need on the site: links to files of the repository, and programs that go on from block to block.
import { join, relative } from 'node:path/posix'
import { transformerTwoslash } from '@shikijs/vitepress-twoslash'
import type { MarkdownOptions } from 'vitepress'
import { anchor } from '../site/anchor.ts'
import { blocksOf } from '../site/block.ts'
import { placeOf, sourceAddress } from '../site/source.ts'
import { linkNames, linkTypes, type Renderer, type Transformer } from './names.ts'
import { plainBlocks } from './search.ts'
import { twoslasher } from './twoslash.ts'

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

/** A block marked `twoslash` is read behind the blocks before it in its section, as the spec reads it; but one that shows an error alone. */
const continuePrograms = (md: Renderer): void => {
  md.core.ruler.push('programs', ({ tokens }) => {
    let before = ''
    for (const token of tokens) {
      if (token.type === 'heading_open' && token.tag === 'h2') before = ''
      if (token.type !== 'fence' || !/^ts\b/.test(token.info) || /\bsignature\b/.test(token.info)) continue
      const [block] = blocksOf(`\`\`\`${token.info}\n${token.content}\`\`\``)
      if (block === undefined || block.errors.length > 0) continue
      if (/\btwoslash\b/.test(token.info) && before !== '') token.content = `${before}// ---cut---\n${token.content}`
      before += block.code
    }
  })
}

/** Types on hover. A question for a type is answered in the flow of the page: the option for that is not in the types of the options. */
const typesOnHover = (): Transformer =>
  transformerTwoslash({
    twoslasher: twoslasher(),
    queryRendering: 'line',
    jsdoc: false,
  } as object) as unknown as Transformer

export const markdown = (base: string): MarkdownOptions => ({
  theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  anchor: { slugify: anchor },
  toc: { slugify: anchor },
  codeTransformers: [linkTypes(base), typesOnHover()],
  config: (md) => {
    md.use(rewriteLinks(base))
    md.use(continuePrograms)
    md.use(emptyHeaders)
    md.use(linkNames(base))
    md.use(plainBlocks)
  },
})
