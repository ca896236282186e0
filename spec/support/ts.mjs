// Lets Node 20 import .ts files: `node --import=./spec/support/ts.mjs file.ts`, and 'pullback' as its users do, from source.
// Plain esbuild without minification, because V8 coverage needs one source position per brace. What it gives is kept in .tap/ts, since
// every spec is a process of its own: a file ends with a digest of what it was made from, and is made anew when that has changed.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { register } from 'node:module'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const isHook = import.meta.url.endsWith('?hook')
if (!isHook) register(`${import.meta.url}?hook`)

const root = fileURLToPath(new URL('../..', import.meta.url))
const kept = join(root, '.tap', 'ts')
const { version } = isHook ? JSON.parse(readFileSync(join(root, 'node_modules/esbuild/package.json'), 'utf8')) : {}

const lib = {
  pullback: new URL('../../lib/index.ts', import.meta.url).href,
  'pullback/chart': new URL('../../lib/chart/index.ts', import.meta.url).href,
  'pullback/interop': new URL('../../lib/interop/index.ts', import.meta.url).href,
  'pullback/mpi': new URL('../../lib/mpi/index.ts', import.meta.url).href,
  'pullback/numpy': new URL('../../lib/numpy/index.ts', import.meta.url).href,
  'pullback/onnx': new URL('../../lib/onnx/index.ts', import.meta.url).href,
  'pullback/node': new URL('../../lib/node/index.ts', import.meta.url).href,
  'pullback/reference': new URL('../../lib/reference/index.ts', import.meta.url).href,
  'pullback/relaxed': new URL('../../lib/relaxed/index.ts', import.meta.url).href,
  'pullback/table': new URL('../../lib/table/index.ts', import.meta.url).href,
  'pullback/workers': new URL('../../lib/workers/index.ts', import.meta.url).href,
}

/** A path with its ending is what it says: Node would look for it on the disk, which takes a fifth of the time in which a spec starts. */
export const resolve = (specifier, context, next) =>
  specifier in lib
    ? { url: lib[specifier], shortCircuit: true }
    : /^\.\.?\/.*\.ts$/.test(specifier)
      ? { url: new URL(specifier, context.parentURL).href, shortCircuit: true }
      : next(specifier, context)

const options = { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'inline', sourcesContent: false }

const made = async (source, sourcefile) => {
  const { transform } = await import('esbuild')
  return (await transform(source, { ...options, sourcefile })).code
}

/** What is kept of a file; undefined if there is nothing, or it was made from something else. */
const found = (file, end) => {
  try {
    const code = readFileSync(file, 'utf8')
    return code.endsWith(end) ? code : undefined
  } catch {
    return undefined
  }
}

/** Replaces a file at once, since other processes may read and write it too. */
const keep = (file, code) => {
  mkdirSync(kept, { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, code)
  renameSync(draft, file)
  return code
}

export const load = async (url, context, next) => {
  if (!url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context)
  const path = fileURLToPath(url)
  const source = readFileSync(path, 'utf8')
  const name = relative(root, path)
  const end = `\n// ${createHash('sha1')
    .update(`${version}${JSON.stringify(options)}${source}`)
    .digest('hex')}\n`
  const file = join(kept, `${name.replace(/[^\w.-]/g, '+')}.mjs`)
  const code = found(file, end) ?? keep(file, `${await made(source, basename(path))}${end}`)
  return { format: 'module', source: code, shortCircuit: true }
}
