import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Words for `env` that keep tap's hooks out of a process: to start with them takes a second more, and what they count is not ours. */
export const withoutHooks = ['-u', 'NODE_OPTIONS'] as const

/** Options of a worker whose program is a bundle: without the loader of the specs, and without tap's hooks. */
export const bareWorker = { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } }

/** Runs a program to its end, without the hooks that tap puts into the processes its specs start. */
export const run = async (command: string, args: readonly string[], cwd = root): Promise<Outcome> => {
  try {
    return { code: 0, ...(await promisify(execFile)('env', [...withoutHooks, command, ...args], { cwd })) }
  } catch (e) {
    return e as Outcome
  }
}

/** Runs a program that must not fail; what it prints. */
export const output = async (command: string, args: readonly string[], cwd = root): Promise<string> => {
  const { code, stdout, stderr } = await run(command, args, cwd)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${code}\n${stdout}\n${stderr}`)
  return stdout
}
