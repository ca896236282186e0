// What a bundle weighs, part by part: docs/bundles.md has the programs and the limits, and the bundles run.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'
import { packed } from '../support/packed.ts'
import { root } from '../support/run.ts'

const page = readFileSync(join(root, 'docs/bundles.md'), 'utf8')
const { folder, write, run } = await packed()

/** The rows of the table whose first column has this head. */
const rows = (head: string): readonly (readonly string[])[] => {
  const [, table = ''] = new RegExp(`^\\| ${head} \\|.*\n.*\n((?:\\|.*\n)+)`, 'm').exec(page) ?? []
  return table
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}
const number = (text = ''): number => Number(text.replace(/[^\d.]/g, ''))

/** The parts of the table, with the rooms or packages they are in and the bytes that they may be. */
const parts = rows('part').map(([name = '', places = '', , bytes]) => ({
  name,
  places: [...places.matchAll(/`([^`]+)`/g)].map(([, place = '']) => place.replace(/ts$/, 'js')),
  most: number(bytes),
}))
/** The part of a module: the one that names the longest path to it. */
const partOf = (path: string): string => {
  const [, own = ''] = /node_modules\/(?:pullback\/)?(.*)/.exec(path) ?? []
  const [found] = parts
    .flatMap(({ name, places }) => places.flatMap((place) => (own.startsWith(place) ? [{ name, place }] : [])))
    .sort((a, b) => b.place.length - a.place.length)
  return found?.name ?? ''
}

/** A program as one file for browsers, and the bytes of each part in it. */
const bundled = async (name: string) => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(folder, `${name}.mjs`)],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    outdir: join(folder, 'out'),
    absWorkingDir: folder,
    write: false,
    metafile: true,
    preserveSymlinks: true,
    logLevel: 'silent',
  })
  const [{ contents, text }] = outputFiles as [(typeof outputFiles)[number]]
  const sizes = new Map<string, number>()
  for (const [path, { bytesInOutput }] of Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs),
  ))
    if (/node_modules/.test(path)) sizes.set(partOf(path), (sizes.get(partOf(path)) ?? 0) + bytesInOutput)
  return { contents, text, sizes }
}

const programs = [...page.matchAll(/^## (.*)\n\n```ts\n([\s\S]*?)```/gm)].map(([, title = '', code = '']) => ({
  title,
  name: title.toLowerCase().replace(/\W+/g, '-'),
  code,
}))
const limits = new Map(rows('program').map(([title = '', kilobytes]) => [title, 1000 * number(kilobytes)]))
write(Object.fromEntries(programs.map(({ name, code }) => [`${name}.mjs`, code])))

t.test('every program of the page has a limit, and every limit a program', async (t) => {
  t.same(
    programs.map(({ title }) => title),
    [...limits.keys()],
  )
})

for (const { title, name } of programs)
  t.test(`${title}: it runs as one file, and is no larger than the page says`, async (t) => {
    const { contents, text, sizes } = await bundled(name)
    write({ [`${name}.out.mjs`]: text })
    await run(process.execPath, `${name}.out.mjs`)
    t.notMatch(text, /node:fs/, 'nothing of Node')
    const most = limits.get(title) ?? 0
    const bytes = brotliCompressSync(contents).length
    t.ok(bytes <= most, `${bytes} bytes compressed, of ${most}`)
    t.ok(bytes > 0.85 * most, `the page says how much it is, not how much it was: ${bytes} of ${most}`)
    t.notOk(sizes.has(''), 'every module belongs to a part')
    for (const { name: part, most } of parts)
      t.ok((sizes.get(part) ?? 0) <= most, `${part}: ${sizes.get(part)} of ${most}`)
  })

t.test('a loop of steps carries no programs, no ranks and no second engine', async (t) => {
  const { text, sizes } = await bundled('train-step-by-step')
  t.notMatch(text, /bfloat16.*Uint16Array|allGather\(/)
  // A mark that a step may be recorded, checks of options, and the moves of numbers outside of a step.
  const most = { programs: 100, ranks: 700, 'engine in TypeScript': 1_600 }
  for (const [part, bytes] of Object.entries(most)) t.ok((sizes.get(part) ?? 0) <= bytes, `${part}: ${sizes.get(part)}`)
})

t.test('a perceptron has nothing of other subpaths', async (t) => {
  const { text, sizes } = await bundled('train-with-programs')
  t.notMatch(text, /<svg|tickFormat|relaxed SIMD|fortran_order|opsetImport|running_mean/)
  for (const part of ['charts', 'tables of rows', 'arrays of NumPy', 'ONNX', 'formats']) t.notOk(sizes.has(part), part)
})
