// Names of exports lead to their entries in the reference: types in signatures, and code in the sentences of pages.
import type { MarkdownOptions } from 'vitepress'
import { addresses } from '../site/reference.ts'

export type Renderer = Parameters<NonNullable<MarkdownOptions['config']>>[0]
export type Transformer = NonNullable<MarkdownOptions['codeTransformers']>[number]

/** Where the entry of each name is. */
const entries = (base: string): ReadonlyMap<string, string> =>
  new Map([...addresses()].map(([name, address]) => [name, `${base}reference/${address.replace('.md', '.html')}`]))

/** In a block marked `signature`, the types that the package exports. */
export const linkTypes = (base: string): Transformer => {
  const known = entries(base)
  return {
    name: 'signatures',
    preprocess(code, options) {
      if (!/\bsignature\b/.test(options.meta?.__raw ?? '')) return
      const names = [...code.matchAll(/(?<![.\w$'"])[A-Z]\w+(?![\w$'"]|\??:)/g)].filter(([name]) => known.has(name))
      options.decorations = names.map((found) => ({
        start: found.index,
        end: found.index + found[0].length,
        tagName: 'a',
        properties: { href: known.get(found[0]) as string },
        alwaysWrap: true,
      }))
    },
  }
}

/** Names that pages use in code for other things too, above all for fields of records. */
const common = ['Any', 'Values', 'each', 'input', 'join', 'key', 'op', 'select', 'source', 'split', 'start', 'stop']

/** Pages that have the names of other libraries in code, or whose names have their links already. */
const foreign = /^(?:reference\/|coming-from|from-|design)/

/** Code that is the name of an export, in the sentences of pages. No code is a template of Vue, whatever braces it has. */
export const linkNames =
  (base: string) =>
  (md: Renderer): void => {
    const known = new Map([...entries(base)].filter(([name]) => !common.includes(name)))
    const { code_inline: plain } = md.renderer.rules
    md.renderer.rules.code_inline = (tokens, i, options, env, self) => {
      tokens[i]?.attrSet('v-pre', '')
      const html = plain?.(tokens, i, options, env, self) ?? ''
      const address = known.get(tokens[i]?.content ?? '')
      const depth = tokens
        .slice(0, i)
        .reduce((sum, { type, nesting }) => (type === 'link_open' || type === 'link_close' ? sum + nesting : sum), 0)
      return address === undefined || depth > 0 || foreign.test(env.relativePath ?? '')
        ? html
        : `<a href="${address}">${html}</a>`
    }
  }
