// From the names in ../names.ts and the generic functions in assembly/ to the module that exports them: a loop for each function of one or
// two numbers, chosen by its code, and each kernel for float32 and float64.
import { readdirSync, readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'

const here = (path) => new URL(path, import.meta.url)
const { code } = transformSync(readFileSync(here('../names.ts'), 'utf8'), { loader: 'ts', format: 'esm' })
const { maps, zips, kernels, formless } = await import(`data:text/javascript,${encodeURIComponent(code)}`)

/** The exports of the files of assembly/: functions with their parameters and result, and classes. */
const declarations = new Map()
for (const folder of ['math', 'product', 'kernel'])
  for (const file of readdirSync(here(`assembly/${folder}/`))) {
    const text = readFileSync(here(`assembly/${folder}/${file}`), 'utf8')
    const from = `./${folder}/${file.replace('.ts', '')}`
    for (const [, name, parameters, result] of text.matchAll(/^export function (\w+)(?:<T>)?\(([^)]*)\): (\w+)/gm))
      declarations.set(name, { from, parameters: parameters.split(',').flatMap((p) => p.trim() || []), result })
    for (const [, name] of text.matchAll(/^export class (\w+)/gm)) declarations.set(name, { from, parameters: [] })
  }

const declared = (name) => {
  const found = declarations.get(name)
  if (found === undefined)
    throw new Error(`names.ts lists '${name}', but no file of assembly/ exports a function of that name`)
  return found
}

/** The loop of one function: `vectors` at a time, over buffers that are padded to 64 bytes, so that it has no tail. */
const loop = (name, code, vectors, sources) => {
  const takesP = declared(name).parameters.length > sources.length
  const at = (offset) => [...sources.map((x) => `v128.load(${x}, ${offset})`), ...(takesP ? ['p'] : [])].join(', ')
  const offsets = Array.from({ length: vectors }, (_, i) => 16 * i)
  const step = 16 * vectors
  return `    case ${code}: // ${name}
      for (; z < end; z += ${step}, ${sources.map((x) => `${x} += ${step}`).join(', ')}) {
${offsets.map((offset) => `        v128.store(z, ${name}<T>(${at(offset)}), ${offset})`).join('\n')}
      }
      return`
}

const dispatch = (name, table, sources) => `
function ${name}<T>(f: i32, ${sources.map((x) => `${x}: usize`).join(', ')}, z: usize, n: usize, k: f64): void {
  const p = v128.splat<T>(<T>k)
  const end = z + n * sizeof<T>()
  switch (f) {
${Object.entries(table)
  .map(([f, vectors], code) => loop(f, code, vectors, sources))
  .join('\n')}
    default: unreachable()
  }
}
`

const inBothFormats = (name, { parameters, result }) => {
  const names = parameters.map((p) => p.split(':')[0]).join(', ')
  return ['f32', 'f64'].map(
    (T) => `export function ${name}_${T}(${parameters.join(', ')}): ${result} {
  ${result === 'void' ? '' : 'return '}${name}<${T}>(${names})
}`,
  )
}

const dispatched = (sources) => ({
  parameters: ['f: i32', ...sources.map((x) => `${x}: usize`), 'z: usize', 'n: usize', 'p: f64'],
  result: 'void',
})

/** The text of the module. */
export const generated = () => {
  const classes = kernels.flatMap((name) => declared(name).parameters.map((p) => p.split(': ')[1]))
  const used = [...Object.keys(maps), ...Object.keys(zips), ...kernels, ...classes.filter((c) => declarations.has(c))]
  return [
    '// Made by the build from names.ts.',
    ...[...new Set(used)].map((name) => `import { ${name} } from '${declared(name).from}'`),
    ...formless.map((name) => `export { ${name} } from '${declared(name).from}'`),
    dispatch('map', maps, ['x']),
    dispatch('zip', zips, ['x', 'y']),
    ...inBothFormats('map', dispatched(['x'])),
    ...inBothFormats('zip', dispatched(['x', 'y'])),
    ...kernels.flatMap((name) => inBothFormats(name, declared(name))),
    '',
  ].join('\n')
}
