// What the compiler says about a program: faults, types under the pointer, completions.
import ts from 'typescript'
import { programName } from './options.ts'
import { sentenceOf } from './sentence.ts'
import type { Service } from './service.ts'

export interface Fault {
  readonly from: number
  readonly to: number
  readonly severity: 'error' | 'warning'
  readonly message: string
}
export interface Info {
  readonly from: number
  readonly to: number
  readonly type: string
  readonly doc: string
}
export interface Completion {
  readonly label: string
  readonly type: string
}

const mostCompletions = 300

export const faultsOf = ({ service }: Service): readonly Fault[] =>
  [...service.getSyntacticDiagnostics(programName), ...service.getSemanticDiagnostics(programName)].map(
    ({ start = 0, length = 0, messageText, category }) => ({
      from: start,
      to: start + length,
      severity: category === ts.DiagnosticCategory.Error ? 'error' : 'warning',
      message: sentenceOf(messageText),
    }),
  )

export const infoAt = ({ service }: Service, at: number): Info | undefined => {
  const found = service.getQuickInfoAtPosition(programName, at)
  if (found === undefined) return undefined
  const { start, length } = found.textSpan
  const [doc = ''] = ts.displayPartsToString(found.documentation).split('\n\n')
  const type = ts
    .displayPartsToString(found.displayParts)
    .replace(/^\(alias\) /, '')
    .replace(/\nimport \w+$/, '')
  return { from: start, to: start + length, type, doc }
}

const kinds: Readonly<Record<string, string>> = {
  function: 'function',
  method: 'method',
  property: 'property',
  interface: 'interface',
  type: 'type',
  module: 'namespace',
  keyword: 'keyword',
}

export const completionsAt = ({ service }: Service, at: number): readonly Completion[] =>
  (service.getCompletionsAtPosition(programName, at, {})?.entries ?? [])
    .slice(0, mostCompletions)
    .map(({ name, kind }) => ({ label: name, type: kinds[kind] ?? 'variable' }))
