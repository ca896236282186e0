// How programs of the playground are compiled, in the page and at build time.
import type ts from 'typescript'

export const programName = '/program.ts'
export const kitName = '/playground/worker/kit.ts'
export const chosenName = '/playground/worker/chosen.ts'

/** The values of TypeScript's enumerations, which its declarations do not hold for a bundler. */
export const optionsOf = (compiler: typeof ts): ts.CompilerOptions => ({
  target: compiler.ScriptTarget.ES2022,
  module: compiler.ModuleKind.ESNext,
  moduleResolution: compiler.ModuleResolutionKind.Bundler,
  moduleDetection: compiler.ModuleDetectionKind.Force,
  lib: ['lib.es2023.d.ts'],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  paths: {
    pullback: ['/node_modules/pullback/dist/index.d.ts'],
    '#fp/*': ['/node_modules/fp-ts/lib/*.d.ts'],
    playground: [kitName],
  },
})

/** What a program may use beside the language: no more of the browser than it needs. */
export const ambient = `
declare const console: Readonly<Record<'log' | 'info' | 'warn' | 'error', (...values: readonly unknown[]) => void>>
declare const performance: { now(): number }
declare const setTimeout: (f: () => void, ms: number) => number
`
