// Which programs the blocks of a page are of, for the compiler that tells their types.
import { relative } from 'node:path/posix'
import { blockOf } from '../site/block.ts'
import { pages } from '../site/pages.ts'
import type { Compiler } from './compiler.ts'
import type { Renderer } from './names.ts'

/** Blocks whose types are shown: all of the guide, and elsewhere those that are marked `twoslash`. */
const isTyped = (page: string, info: string): boolean => page.startsWith('guide/') || /\btwoslash\b/.test(info)

/** The line in front of a block that says of which program it is, and where it begins there. */
const mark = /^\/\/ @program: (\S+) (\d+)\n/

/** The program of a marked block, where the block begins there, and its text without the mark. */
export const placeOf = (text: string): { name: string; begin: number; text: string } | undefined => {
  const [line = '', name = '', begin = ''] = mark.exec(text) ?? []
  return line === '' ? undefined : { name, begin: Number(begin), text: text.slice(line.length) }
}

/**
 * Tells the compiler the programs of a page, and marks the blocks whose types are shown. The blocks of a section are one program, as the
 * spec reads them; but one that shows an error is a program alone. All pages are read at once, so that the compiler begins once.
 */
export const readPrograms =
  (compiler: Compiler) =>
  (md: Renderer): void => {
    md.core.ruler.push('programs', ({ tokens, env }) => {
      if (env.searched === true) return
      const page: string = env.relativePath ?? ''
      const programs = new Map<string, string>()
      const shown = new Set<string>()
      let section = 0
      for (const [i, token] of tokens.entries()) {
        if (token.type === 'heading_open' && token.tag === 'h2') section += 1
        if (token.type !== 'fence' || !/^ts\b/.test(token.info) || /\bsignature\b/.test(token.info)) continue
        const { code, errors } = blockOf(token.info, token.content)
        const name = `${page}.${errors.length > 0 ? `${section}.${i}` : section}.ts`
        const before = programs.get(name) ?? ''
        programs.set(name, before + code)
        if (!isTyped(page, token.info)) continue
        token.content = `// @program: ${name} ${before.length}\n${token.content}`
        shown.add(name)
      }
      for (const [name, text] of programs) if (shown.has(name)) compiler.put(name, text)
    })
    for (const { path, text } of pages)
      if (path.startsWith('docs/')) md.parse(text, { relativePath: relative('docs', path) })
  }
