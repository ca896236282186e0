// Other people's tools: `npm ci --prefix spec/package` installs them. Without it their specs are reported as skipped.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/run.ts'

/** Where a tool is. */
export const tool = (name: string): string => join(root, 'spec', 'package', 'node_modules', name)

/** The options of a spec that needs tools. */
export const needs = (...names: readonly string[]): { readonly skip?: string } => {
  const missing = names.filter((name) => !existsSync(tool(name)))
  return missing.length === 0 ? {} : { skip: `not installed: ${missing.join(', ')}; npm ci --prefix spec/package` }
}

/** What a tool exports, of which a spec tells the types that it uses; the tool may be missing. */
export const load = async <A>(name: string): Promise<A> => (await import(name)) as A
