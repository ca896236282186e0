import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { aboutEnvironment, machine } from './machine.ts'

/** The folder of results, which git ignores. */
export const resultsFolder = fileURLToPath(new URL('../results', import.meta.url))

/** Saves a result as JSON, with the machine and the date. */
export const saveResult = (name: string, result: object): string => {
  mkdirSync(resultsFolder, { recursive: true })
  const path = `${resultsFolder}/${name}.json`
  const all = { name, machine: machine(), environment: aboutEnvironment, ...result }
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`)
  return path
}
