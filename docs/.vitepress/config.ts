import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DefaultTheme, defineConfig } from 'vitepress'
import { contents, type Group, type Item } from '../site/contents.ts'
import { root } from '../site/pages.ts'
import { reference } from '../site/reference.ts'
import { markdown } from './markdown.ts'
import { policy } from './policy.ts'
import { searched } from './search.ts'
import { writeSources } from './source.ts'

/** Where the site lies on its host. */
const base = process.env.DOCS_BASE ?? '/pullback/'

const docs = join(root, 'docs')
const { pages, contents: referenceContents } = reference()
rmSync(join(docs, 'reference'), { recursive: true, force: true })
mkdirSync(join(docs, 'reference'))
for (const { path, text } of pages) writeFileSync(join(docs, 'reference', path), text)
writeSources(join(docs, 'public'))

const item = ({ text, link }: Item): Item => ({ text, link: `/${link}` })

/** A group of one page is that page. */
const sidebar = (groups: readonly Group[]): DefaultTheme.SidebarItem[] =>
  groups.map(({ text, items: [first, ...others] }) =>
    others.length === 0 ? item(first) : { text, items: [first, ...others].map(item) },
  )

/** The bar above all pages. The playground is loaded as a whole page: it is cross-origin isolated, and the others are not. */
const bar = (): DefaultTheme.NavItem[] => {
  const links = contents().map(({ text, items }) => ({ text, link: `/${items[0].link}` }))
  return [
    ...links.filter(({ text }) => ['Start', 'Guide', 'Cookbook'].includes(text)),
    { text: 'Playground', link: '/playground/', target: '_self' },
    { text: 'Reference', link: '/reference/' },
  ]
}

export default defineConfig({
  base,
  title: 'pullback',
  description: 'Neural networks in TypeScript, built from pure functions. Shapes are types.',
  lang: 'en',
  srcExclude: ['api.md', 'node_modules/**'],
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  markdown: markdown(base),
  // The script of the playground's page isolates it, so that it has threads, and keeps it for times without a network.
  transformHead: ({ pageData }) =>
    pageData.relativePath === 'playground/index.md' ? [['script', { src: `${base}playground/isolate.js` }]] : [],
  transformHtml: (html) =>
    html.replace('<head>', `<head>\n    <meta http-equiv="content-security-policy" content="${policy(html)}">`),
  themeConfig: {
    search: { provider: 'local', options: { _render: searched } },
    outline: [2, 3],
    nav: bar(),
    sidebar: { '/': sidebar(contents()), '/reference/': sidebar(referenceContents) },
  },
})
