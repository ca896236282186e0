/** A block of TypeScript in a page: what stands behind its language, its program, and what is shown of its types. */
export interface Block {
  readonly info: string
  readonly code: string
  /** The codes of the errors that the block is there to show; it is compiled alone and not run. */
  readonly errors: readonly string[]
  /** The places in the program whose types the page shows: those above `^?`. */
  readonly asked: readonly number[]
}

/** Lines that are not of the program, in the notation of twoslash: flags, and questions for the type of what is above. */
const notation = /^ *\/\/ *(?:@(?!ts-)\w|\^\?)/

/** A block by what stands behind its language and by its text. */
export const blockOf = (info: string, text: string): Block => {
  const lines = text.split('\n')
  const code = lines.filter((line) => !notation.test(line)).join('\n')
  const asked = lines.flatMap((line, i) => {
    if (!/^ *\/\/ *\^\?/.test(line)) return []
    const above = lines.slice(0, i).filter((line) => !notation.test(line))
    return [above.slice(0, -1).join('\n').length + (above.length > 1 ? 1 : 0) + line.indexOf('^')]
  })
  const errors = /^ *\/\/ *@errors: *(.*)$/m.exec(text)?.[1]?.split(/[ ,]+/) ?? []
  return { info: info.trim(), code, errors, asked }
}

/** The `ts` blocks of a text. */
export const blocksOf = (text: string): readonly Block[] =>
  [...text.matchAll(/^```ts( [^\n]*)?\n([\s\S]*?)^```/gm)].map(([, info = '', code = '']) => blockOf(info, code))

/** The text from one heading of the second level to the next, with its title. */
export interface Section {
  readonly title: string
  readonly text: string
}

/** The sections of a page: the `ts` blocks of one are a program. */
export const sectionsOf = (text: string): readonly Section[] =>
  text.split(/^(?=## )/m).map((section) => ({ title: /^## (.*)/.exec(section)?.[1] ?? 'first', text: section }))
