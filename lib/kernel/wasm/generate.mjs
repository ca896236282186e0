// From the names in ../names.ts and the generic functions in assembly/ to the modules that export them, one for each set:
// a loop for each function of one or two numbers, chosen by its code, and each kernel for float32 and float64.
import { readdirSync, readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'

const here = (path) => new URL(path, import.meta.url)
const { code } = transformSync(readFileSync(here('../names.ts'), 'utf8'), { loader: 'ts', format: 'esm' })
const names = await import(`data:text/javascript,${encodeURIComponent(code)}`)

/** Each set: its functions of one and of two numbers, its kernels for both number formats, and its other exports. */
export const sets = {
  core: {
    maps: names.maps,
    zips: names.zips,
    kernels: names.kernels,
    moving: names.moving,
    threading: names.threading,
  },
  further: { maps: names.furtherMaps, zips: names.furtherZips },
  images: { kernels: names.imageKernels },
  normalization: { kernels: names.normalizationKernels },
}

/** The exports of the files of assembly/: functions with their parameters and result, and classes. */
const declarations = new Map()
for (const folder of ['math', 'product', 'kernel'])
  for (const file of readdirSync(here(`assembly/${folder}/`))) {
    const text = readFileSync(here(`assembly/${folder}/${file}`), 'utf8')
    const from = `../${folder}/${file.replace('.ts', '')}`
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

/** The calls of a set that a program may hold, each with its parameters; its code is its index. */
const callable = ({ maps, zips, kernels = [], moving = [] }) => {
  const formats = [
    ...(maps ? [['map', dispatched(['x'])]] : []),
    ...(zips ? [['zip', dispatched(['x', 'y'])]] : []),
    ...kernels.filter((name) => name !== 'split').map((name) => [name, declared(name)]),
  ]
  return [
    ...formats.flatMap(([name, { parameters }]) => ['f32', 'f64'].map((T) => [`${name}_${T}`, parameters])),
    ...moving.map((name) => [name, declared(name).parameters]),
  ]
}

const kindOf = (parameter) => (parameter.endsWith(': f64') ? 'd' : 'i')

/** The calls that a program may hold, with the kinds of their arguments: d for a number, i for an integer or address. */
export const signatures = (set) =>
  Object.fromEntries(callable(set).map(([name, parameters]) => [name, parameters.map(kindOf).join('')]))

/** The text that loads an argument of a type. */
const loaded = (type, offset) => {
  if (type === 'bool') return `load<i32>(at, ${offset}) != 0`
  return declarations.has(type) ? `changetype<${type}>(load<usize>(at, ${offset}))` : `load<${type}>(at, ${offset})`
}

/**
 * The interpreter of programs: calls one after the other, each written as its code in 8 bytes, its numbers in 8 bytes
 * each, then its integers in 4 bytes each, up to a multiple of 8.
 */
const interpreter = (set) => {
  const cases = callable(set).map(([name, parameters], code) => {
    let [number, end] = [8, 8 + 8 * parameters.filter((p) => kindOf(p) === 'd').length]
    const args = parameters.map((p) => {
      const at = kindOf(p) === 'd' ? number : end
      if (kindOf(p) === 'd') number += 8
      else end += 4
      return loaded(p.split(': ')[1], at)
    })
    return `      case ${code}:
        ${name}(${args.join(', ')})
        at += ${Math.ceil(end / 8) * 8}
        break`
  })
  return `
export function execute(at: usize, end: usize): void {
  while (at < end) {
    switch (load<i32>(at)) {
${cases.join('\n')}
      default: unreachable()
    }
  }
}
`
}

/** The text of the module of a set. */
export const generated = (set) => {
  const { maps = {}, zips = {}, kernels = [], moving = [], threading = [] } = set
  const classes = kernels.flatMap((name) => declared(name).parameters.map((p) => p.split(': ')[1]))
  const used = [...Object.keys(maps), ...Object.keys(zips), ...kernels, ...classes.filter((c) => declarations.has(c))]
  const loops = (name, table, sources) =>
    Object.keys(table).length > 0 ? [dispatch(name, table, sources), ...inBothFormats(name, dispatched(sources))] : []
  return [
    '// Made by the build from names.ts.',
    ...[...new Set(used)].map((name) => `import { ${name} } from '${declared(name).from}'`),
    ...threading.map((name) => `export { ${name} } from '${declared(name).from}'`),
    ...moving.map((name) => `import { ${name} } from '${declared(name).from}'\nexport { ${name} }`),
    ...loops('map', maps, ['x']),
    ...loops('zip', zips, ['x', 'y']),
    ...kernels.flatMap((name) => inBothFormats(name, declared(name))),
    interpreter(set),
    '',
  ].join('\n')
}
