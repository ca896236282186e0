// The examples as processes of their own, from bundles that start faster than the sources.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from './bundle.ts'
import { type Outcome, output, root, run } from './run.ts'

const folder = join(root, '.tap', 'examples', `${process.pid}`)
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const programs = new Map<string, Promise<string>>()

/** The bundle of an example, made once. It finds its files and its name as the source does. */
const programOf = (name: string): Promise<string> => {
  const made = async (): Promise<string> => {
    const [source, file] = [join(root, 'examples', `${name}.ts`), join(folder, `${name}.mjs`)]
    const start = `process.argv[1] = ${JSON.stringify(source)}\nawait import('./examples/${name}.ts')`
    await bundle(start, file, pathToFileURL(source).href)
    return file
  }
  const program = programs.get(name) ?? made()
  programs.set(name, program)
  return program
}

/** Runs an example to its end. */
export const runExample = async (name: string, ...args: readonly string[]): Promise<Outcome> =>
  run(process.execPath, [await programOf(name), ...args])

/** Runs an example that must not fail; what it prints. */
export const exampleOutput = async (name: string, ...args: readonly string[]): Promise<string> =>
  output(process.execPath, [await programOf(name), ...args])
