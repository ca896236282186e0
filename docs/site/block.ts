/** A block of TypeScript in a page: what stands behind its language, its program, and the compiler's errors that it shows. */
export interface Block {
  readonly info: string
  readonly code: string
  /** The codes of the errors that the block is there to show; it is compiled alone and not run. */
  readonly errors: readonly string[]
}

/** Lines that twoslash reads: flags, cuts, and questions for a type. */
const notation = /^ *\/\/ *(?:@(?!ts-)\w.*|---cut.*|\^[?|].*|\^\?.*)$/

/** The `ts` blocks of a text. */
export const blocksOf = (text: string): readonly Block[] =>
  [...text.matchAll(/^```ts( [^\n]*)?\n([\s\S]*?)^```/gm)].map(([, info = '', code = '']) => ({
    info: info.trim(),
    code: code
      .split('\n')
      .filter((line) => !notation.test(line))
      .join('\n'),
    errors: /^ *\/\/ *@errors: *(.*)$/m.exec(code)?.[1]?.split(/[ ,]+/) ?? [],
  }))

/** The text from one heading of the second level to the next, with its title. */
export interface Section {
  readonly title: string
  readonly text: string
}

/** The sections of a page: the `ts` blocks of one are a program. */
export const sectionsOf = (text: string): readonly Section[] =>
  text.split(/^(?=## )/m).map((section) => ({ title: /^## (.*)/.exec(section)?.[1] ?? 'first', text: section }))
