import { StructureError } from '../error/tensorError.ts'

/** True for a text without halves of surrogate pairs, which UTF-8 cannot write. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)

/** Checks that names and texts can be written. */
export const checkWritable = (op: string, what: string, texts: readonly string[]): void => {
  const odd = texts.find((text) => !isWellFormed(text))
  if (odd === undefined) return
  throw new StructureError({
    op,
    expected: `${what} in Unicode`,
    actual: `${JSON.stringify(odd)}, with half of a surrogate pair`,
    code: 'bad-name',
  })
}
