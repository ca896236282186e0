// Debian's Python, with whose packages files are compared. Specs that need one are skipped where it is absent.
import { spawnSync } from 'node:child_process'

const python = '/usr/bin/python3'

/** What a spec says where a module of Python is missing; false where it is there. */
export const withoutPython = (module: 'numpy' | 'onnx'): string | false =>
  spawnSync(python, ['-c', `import ${module}`]).status === 0
    ? false
    : `python3-${module} is not installed: apt-get install python3-${module}`

/** What a program of Python prints, given a text: a value in JSON in each line. */
export const fromPython = <A>(args: readonly string[], input = ''): readonly A[] => {
  const { status, signal, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8', input, maxBuffer: 2 ** 30 })
  const lines = stdout?.trim().split('\n') ?? []
  if (status !== 0) throw new Error(`Python ended with ${status ?? signal} after ${lines.length} lines: ${stderr}`)
  return lines.map((line) => JSON.parse(line))
}
