// What a graph has that cannot be read, as one error.
import { FormatError } from '../../error/fileError.ts'
import type { Difference } from '../../error/issue.ts'
import type { Lack } from '../constant.ts'

export interface Problems {
  readonly count: () => number
  /** Notes what cannot be read: a node, an input. */
  readonly add: (path: string, message: string) => void
  /** Notes a tensor whose numbers are not at hand, or of a format that is not read. */
  readonly lacks: (tensor: string, lack: Lack) => void
  /** The error for all of them; undefined if there is none. */
  readonly error: () => FormatError | undefined
}

/** Names in words: the first of them, and how many there are besides. */
const someOf = ([first = '', ...others]: readonly string[]): string =>
  others.length === 0 ? `'${first}'` : `'${first}' and ${others.length} more`

const outside =
  'give their bytes as external, load the model by loadOnnx of pullback/node, or save it in one file: ' +
  'onnx.save_model(model, path, save_as_external_data=False), torch.onnx.export(…, external_data=False)'
const listed = 'docs/files.md lists what is read'

export const problemsOf = (): Problems => {
  const found: Difference[] = []
  const files = new Map<string, string[]>()
  const add = (path: string, message: string): void => {
    found.push({ _tag: 'Unsupported', code: 'unsupported-format', path, message })
  }
  return {
    count: () => found.length,
    add,
    lacks: (tensor, lack) => {
      if ('format' in lack) return add(tensor, `the tensor '${tensor}' of ${lack.format}`)
      files.set(lack.file, [...(files.get(lack.file) ?? []), tensor])
    },
    error: () => {
      const elsewhere = [...files].map(
        ([file, names]): Difference => ({
          _tag: 'Missing',
          code: 'missing-name',
          path: file,
          message: `the numbers of ${someOf(names)}, which are in the file '${file}'`,
        }),
      )
      const differences = [...elsewhere, ...found]
      if (differences.length === 0) return undefined
      const shown = differences.slice(0, 20).map(({ message }) => message)
      const more = differences.length > shown.length ? `, and ${differences.length - shown.length} more` : ''
      return new FormatError({
        format: 'onnx',
        reason: 'Unsupported',
        expected: found.length === 0 ? 'numbers within the model' : 'operators and tensors that are read',
        actual: `${shown.join(', ')}${more}`,
        differences,
        remedy: [...(files.size > 0 ? [outside] : []), ...(found.length > 0 ? [listed] : [])].join('; '),
      })
    },
  }
}
