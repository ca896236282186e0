import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { contents } from '../site/contents.ts'
import { root } from '../site/pages.ts'
import { referencePages } from '../site/reference.ts'
import { markdown } from './markdown.ts'
import { policy } from './policy.ts'
import { writeSources } from './source.ts'

/** Where the site lies on its host. */
const base = process.env.DOCS_BASE ?? '/pullback/'

const docs = join(root, 'docs')
const reference = referencePages()
rmSync(join(docs, 'reference'), { recursive: true, force: true })
mkdirSync(join(docs, 'reference'))
for (const { path, text } of reference) writeFileSync(join(docs, 'reference', path), text)
writeSources(join(docs, 'public'))

export default defineConfig({
  base,
  title: 'pullback',
  description: 'Neural networks in TypeScript, built from pure functions. Shapes are types.',
  lang: 'en',
  srcExclude: ['api.md', 'node_modules/**'],
  markdown: markdown(base),
  transformHtml: (html) =>
    html.replace('<head>', `<head>\n    <meta http-equiv="content-security-policy" content="${policy(html)}">`),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide' },
      { text: 'Cookbook', link: '/cookbook' },
      // A whole page load: the playground's page is cross-origin isolated, the others are not.
      { text: 'Playground', link: '/playground/', target: '_self' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: {
      '/': contents().map(({ text, items }) => ({
        text,
        items: items.map(({ text, link }) => ({ text, link: `/${link}` })),
      })),
      '/reference/': reference.map(({ path, text }) => ({
        text: /^# (.*?)(?: \{|$)/m.exec(text)?.[1] ?? path,
        link: `/reference/${path}`,
      })),
    },
  },
})
