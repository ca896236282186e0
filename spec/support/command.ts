// The command `pullback` as a process of its own, from a bundle that starts faster than the sources.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './bundle.ts'
import { type Outcome, root, run } from './run.ts'

const program = join(root, '.tap', 'command', `${process.pid}.mjs`)
process.on('exit', () => rmSync(program, { force: true }))
await bundle("await import('./lib/command/index.ts')", program)

/** A hundred and fifty flowers. */
export const flowers = join(root, 'examples', 'data', 'flowers.csv')

/** A folder that is gone when the process ends. */
export const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Runs the command to its end, in the folder. */
export const pullback = (...args: readonly string[]): Promise<Outcome> =>
  run(process.execPath, [program, ...args], folder)

/** Begins a run of the command, and goes on at once. */
export const begin = (...args: readonly string[]): ChildProcess => {
  const { NODE_OPTIONS: _, ...env } = process.env
  return spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** All that a run leaves which must be the same each time: the model, the report, and the history without its times. */
export const left = (out: string): readonly [string, string, object] => {
  const read = (name: string): Buffer => readFileSync(join(folder, out, name))
  const { seconds: _, ...history } = JSON.parse(`${read('history.json')}`) as { readonly seconds: unknown }
  return [read('model.safetensors').toString('base64'), `${read('report.html')}`, history]
}
