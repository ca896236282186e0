import { ValueError } from '../error/tensorError.ts'
import { describe } from '../tensor/data.ts'

/** Error for another compression than the one that there is. */
export const checkCompress = (op: string, compress: unknown): void => {
  if (compress === undefined || compress === 'bfloat16') return
  throw new ValueError({
    op,
    expected: "'bfloat16', or no compression",
    actual: describe(compress),
    code: 'unknown-choice',
  })
}
