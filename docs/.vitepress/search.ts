// What the search reads: pages without colors, entries of the reference without their code, and long names word by word.
import type { Renderer } from './names.ts'

interface Env {
  readonly relativePath?: string
  readonly frontmatter?: { readonly search?: boolean }
  readonly searched?: boolean
}

const isReference = ({ relativePath = '' }: Env): boolean => relativePath.startsWith('reference/')

/** Blocks of code as plain text, while the search reads. */
export const plainBlocks = (md: Renderer): void => {
  const { fence } = md.renderer.rules
  md.renderer.rules.fence = (tokens, i, options, env: Env, self) => {
    if (env.searched !== true) return fence?.(tokens, i, options, env, self) ?? ''
    return isReference(env) ? '' : `<pre>${md.utils.escapeHtml(tokens[i]?.content ?? '')}</pre>`
  }
}

/** The words of a name such as `softmaxCrossEntropy`, if there is more than one. */
const words = (name: string): string => {
  const found = name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? []
  return found.length > 1 ? found.join(' ') : ''
}

/** Renders a page for the search. */
export const searched = (text: string, env: Env, md: Pick<Renderer, 'render'>): string => {
  const html = md.render(text, Object.assign(env, { searched: true }))
  if (env.frontmatter?.search === false) return ''
  return isReference(env)
    ? html.replace(/<h2 id="([^"]+)"[\s\S]*?<\/h2>/g, (heading, id) => `${heading}<p>${words(id)}</p>`)
    : html
}
