// A task that only one of the processes of a run may do at a time.
import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.ts'

/** Does a task when no other process does one of that name. One that began ten minutes ago was stopped. */
export const locked = async (name: string, task: () => Promise<void>): Promise<void> => {
  const lock = join(root, '.tap', `${name}.lock`)
  const isTaken = (): boolean => {
    try {
      mkdirSync(lock)
      return false
    } catch {
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined && since < Date.now() - 600_000) rmdirSync(lock)
      return true
    }
  }
  mkdirSync(join(root, '.tap'), { recursive: true })
  while (isTaken()) await new Promise((resolve) => setTimeout(resolve, 200))
  try {
    await task()
  } finally {
    rmdirSync(lock)
  }
}
