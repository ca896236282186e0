// Debian's Python, with whose packages files are compared. Specs that need one are skipped where it is absent.
import { execFileSync } from 'node:child_process'

const python = '/usr/bin/python3'

/** What a spec says where a module of Python is missing; false where it is there. */
export const withoutPython = (module: 'numpy' | 'onnx'): string | false => {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' })
    return false
  } catch {
    return `python3-${module} is not installed: apt-get install python3-${module}`
  }
}

/** What a program of Python prints, as JSON, given a text. Numbers that are no numbers are null. */
export const fromPython = <A>(args: readonly string[], input = ''): A => {
  const text = execFileSync(python, args, {
    encoding: 'utf8',
    input,
    maxBuffer: 2 ** 30,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return JSON.parse(text) as A
}
