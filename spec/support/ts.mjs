// Lets Node 20 import .ts files: `node --import=./spec/support/ts.mjs file.ts`, and 'pullback' as its users do, from source.
// Plain esbuild without minification, because V8 coverage needs one source position per brace.
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'

const isHook = import.meta.url.endsWith('?hook')
if (!isHook) register(`${import.meta.url}?hook`)
const { transform } = isHook ? await import('esbuild') : {}

const lib = {
  pullback: new URL('../../lib/index.ts', import.meta.url).href,
  'pullback/chart': new URL('../../lib/chart/index.ts', import.meta.url).href,
  'pullback/numpy': new URL('../../lib/numpy/index.ts', import.meta.url).href,
  'pullback/onnx': new URL('../../lib/onnx/index.ts', import.meta.url).href,
  'pullback/node': new URL('../../lib/node/index.ts', import.meta.url).href,
  'pullback/relaxed': new URL('../../lib/relaxed/index.ts', import.meta.url).href,
  'pullback/table': new URL('../../lib/table/index.ts', import.meta.url).href,
}

export const resolve = (specifier, context, next) =>
  specifier in lib ? { url: lib[specifier], shortCircuit: true } : next(specifier, context)

export const load = async (url, context, next) => {
  if (!url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context)
  const sourcefile = fileURLToPath(url)
  const options = { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'inline', sourcefile }
  const { code } = await transform(await readFile(sourcefile, 'utf8'), options)
  return { format: 'module', source: code, shortCircuit: true }
}
