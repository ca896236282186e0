// TypeScript's language service over files in memory.
import ts from 'typescript'
import { ambient, chosenName, optionsOf, programName } from './options.ts'

const ambientName = '/ambient.d.ts'
const root = '/'

export interface Service {
  readonly service: ts.LanguageService
  readonly put: (name: string, text: string) => void
}

export const startService = (given: Readonly<Record<string, string>>): Service => {
  const files = new Map([...Object.entries(given), [ambientName, ambient] as const])
  const folders = new Set(
    [...files.keys()].flatMap((name) => name.split('/').map((_, i, parts) => parts.slice(0, i).join('/') || root)),
  )
  const versions = new Map<string, number>()
  const settings = optionsOf(ts)
  const service = ts.createLanguageService({
    getCompilationSettings: () => settings,
    getScriptFileNames: () => [ambientName, programName],
    getScriptVersion: (name) => String(versions.get(name) ?? 0),
    getScriptSnapshot: (name) => {
      const text = files.get(name)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: () => '/lib/lib.es2023.d.ts',
    fileExists: (name) => files.has(name),
    readFile: (name) => files.get(name),
    directoryExists: (name) => folders.has(name),
  })
  const put = (name: string, text: string): void => {
    if (files.get(name) === text) return
    files.set(name, text)
    versions.set(name, (versions.get(name) ?? 0) + 1)
  }
  return { service, put }
}

/** The types of the data that is chosen. */
export const chosen = (shape: readonly number[], classes: number): readonly [name: string, text: string] => [
  chosenName,
  [
    `export type Shape = readonly [${shape.join(', ')}]`,
    `export type Size = ${shape.reduce((product, n) => product * n, 1)}`,
    `export type Classes = ${classes}`,
  ].join('\n'),
]
