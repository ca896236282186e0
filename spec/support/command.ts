// The command `pullback` as a process of its own, from a bundle that starts faster than the sources.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './bundle.ts'
import { type Outcome, root, run, withoutHooks } from './run.ts'

const file = join(root, '.tap', 'command', `${process.pid}.mjs`)
process.on('exit', () => rmSync(file, { force: true }))
await bundle("await import('./lib/command/index.ts')", file)

/** The words that call the command, to be followed by those of a subcommand. */
export const program: readonly string[] = [process.execPath, file]

/** A hundred and fifty flowers. */
export const flowers = join(root, 'examples', 'data', 'flowers.csv')

/** A folder that is gone when the process ends. */
export const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Runs the command to its end, in the folder. */
export const pullback = (...args: readonly string[]): Promise<Outcome> => run(process.execPath, [file, ...args], folder)

/** Begins a run of the command, and goes on at once. */
export const begin = (...args: readonly string[]): ChildProcess =>
  spawn('env', [...withoutHooks, ...program, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })

/** All that a run leaves which must be the same each time: the model, the report, and the history without its times. */
export const left = (out: string): readonly [string, string, object] => {
  const read = (name: string): Buffer => readFileSync(join(folder, out, name))
  const { seconds: _, ...history } = JSON.parse(`${read('history.json')}`) as { readonly seconds: unknown }
  return [read('model.safetensors').toString('base64'), `${read('report.html')}`, history]
}

/** Ends when a folder has a checkpoint beyond some step. */
export const reached = async (out: string, step: number): Promise<void> => {
  for (let tries = 0; tries < 4000; tries++) {
    const names = await readdir(join(folder, out, 'checkpoint')).catch(() => [])
    if (names.some((name) => Number(/^checkpoint-(\d+)/.exec(name)?.[1]) >= step)) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`${out} has no checkpoint of step ${step} or later`)
}
