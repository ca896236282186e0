// The package as its users get it: packed, put into a folder of its own, and used from plain JavaScript and from TypeScript.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'
import ts from 'typescript'
import { output, root } from './support/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'pullback-'))
t.teardown(() => rmSync(folder, { recursive: true }))
const run = (command: string, ...args: readonly string[]): Promise<string> => output(command, args, folder)

const installed = join(folder, 'node_modules', 'pullback')
mkdirSync(installed, { recursive: true })
await output('npm', ['pack', '--ignore-scripts', '--pack-destination', folder])
const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz')) as [string]
await run('tar', '-xzf', tarball, '-C', installed, '--strip-components=1')
rmSync(join(installed, 'dist'), { recursive: true, force: true })
await output('node_modules/.bin/tsc', ['-p', 'lib', '--outDir', join(installed, 'dist')])
const drawing = readdirSync(join(root, 'node_modules')).filter((name) => name.startsWith('d3-'))
for (const name of [
  'csv-parse',
  'fp-ts',
  'io-ts',
  'ndarray',
  'iota-array',
  'is-buffer',
  '@types',
  'internmap',
  ...drawing,
])
  symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))

const program = `
import { adam, compose, fromNested, key, linear, named, relu, scanSync, softmaxCrossEntropy, start, trainStep } from 'pullback'
const net = compose(named('L1', linear(2, 8)), relu, named('L2', linear(8, 2)))
const batch = { input: fromNested([[0, 0], [0, 1], [1, 0], [1, 1]]), target: fromNested([0, 1, 1, 0], 'int32') }
const optimizer = adam(0.05)
let loss = 1
for (const [, m] of scanSync(trainStep(net, softmaxCrossEntropy, optimizer), start(net, optimizer, key(0)), Array(200).fill(batch))) loss = m.loss
console.log(loss < 0.05)
`

const picturing = `
import { curves, report } from 'pullback/chart'
const history = { epoch: [1, 2], loss: [0.9, 0.4] }
console.log(curves(history).startsWith('<svg') && report({ history }).startsWith('<!doctype html>'))
`

t.test('in Node, without a loader', async (t) => {
  writeFileSync(join(folder, 'main.mjs'), program)
  t.equal((await run(process.execPath, 'main.mjs')).trim(), 'true')
  const node = await run(
    process.execPath,
    '--input-type=module',
    '-e',
    "console.log(typeof (await import('pullback/node')).readIdx)",
  )
  t.equal(node.trim(), 'function')
  const table = await run(
    process.execPath,
    '--input-type=module',
    '-e',
    "console.log((await (await import('pullback/table')).readTable('x\\n1\\n2\\n')()).right.count)",
  )
  t.equal(table.trim(), '2')
  const numpy =
    "const { decodeNpy, encodeNpy } = await import('pullback/numpy'); const { zeros } = await import('pullback')"
  const array = await run(
    process.execPath,
    '--input-type=module',
    '-e',
    `${numpy}
console.log(decodeNpy(encodeNpy(zeros([2])))._tag)`,
  )
  t.equal(array.trim(), 'Right')
  const model = await run(
    process.execPath,
    '--input-type=module',
    '-e',
    "console.log((await import('pullback/onnx')).fromOnnx(new Uint8Array(0))._tag)",
  )
  t.equal(model.trim(), 'Left')
  writeFileSync(join(folder, 'chart.mjs'), picturing)
  t.equal((await run(process.execPath, 'chart.mjs')).trim(), 'true')
})

t.test('its command trains and predicts', async (t) => {
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const command = join('node_modules', 'pullback', bin.pullback)
  t.match(readFileSync(join(folder, command), 'utf8'), /^#!\/usr\/bin\/env node\n/)
  const flowers = join(root, 'examples', 'data', 'flowers.csv')
  await run(process.execPath, command, 'train', flowers, '--target', 'species', '--out', 'flowers', '--epochs', '5')
  const predicted = await run(process.execPath, command, 'predict', 'flowers', flowers)
  t.equal(predicted.trim().split('\n').length, 151)
})

/** A program as one file for browsers. */
const bundled = async (code: string): Promise<Uint8Array> => {
  writeFileSync(join(folder, 'entry.mjs'), code)
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'entry.mjs')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    preserveSymlinks: true,
    logLevel: 'silent',
  })
  const { contents } = outputFiles[0] as (typeof outputFiles)[number]
  writeFileSync(join(folder, 'bundle.mjs'), contents)
  t.equal((await run(process.execPath, 'bundle.mjs')).trim(), 'true')
  return contents
}

t.test('in a bundle for browsers', async (t) => {
  const contents = await bundled(program)
  t.notMatch(
    `${Buffer.from(contents)}`,
    /node:fs|<svg|tickFormat|relaxed SIMD|fortran_order|opsetImport/,
    'neither Node nor pictures nor other kernels nor other formats',
  )
  // 90,000 of them are the kernels; to record, plan and run programs takes 30,000, or 11,000 compressed.
  t.ok(contents.length < 225_000, `${contents.length} bytes`)
  t.ok(gzipSync(contents).length < 84_000, `sent compressed: ${gzipSync(contents).length} bytes`)
  const pictures = await bundled(picturing)
  t.notMatch(`${Buffer.from(pictures)}`, /node:/)
  t.ok(pictures.length < 180_000, `pictures: ${pictures.length} bytes`)
})

t.test('for the compiler, with either module resolution', async (t) => {
  writeFileSync(
    join(folder, 'use.ts'),
    `import { compose, linear, named, relu, type Params, type Tensor } from 'pullback'
import { report, type Panel } from 'pullback/chart'
import { readIdx } from 'pullback/node'
import { decodeNpz } from 'pullback/numpy'
import { fromOnnx } from 'pullback/onnx'
import { relaxed } from 'pullback/relaxed'
import { readTable } from 'pullback/table'
const net = compose(named('L1', linear(784, 128)), relu, named('L2', linear(128, 10)))
export const W = (p: Params<typeof net>): Tensor<readonly [128, 784]> => p.L1.W
export const read = readIdx
export const arrays = decodeNpz(new Uint8Array(0), { names: ['W'] })
export const model = fromOnnx(new Uint8Array(0), { images: 'NCHW' })
export const found = relaxed({ threads: 2 })
export const table = readTable('x,y', { schema: { x: { kind: 'number' } } })
export const panel: Panel = { title: '', x: { label: '' }, y: { label: '', log: undefined } }
export const html: string = report({ network: net })
// @ts-expect-error 64 is not 128
compose(linear(784, 128), linear(64, 10))
`,
  )
  const flags = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--types', '']
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const)
    await t.resolves(
      run(
        join(root, 'node_modules/.bin/tsc'),
        ...flags,
        '--module',
        module,
        '--moduleResolution',
        resolution,
        'use.ts',
      ),
    )
})

t.test('for the strictest compiler, without the types of browsers or Node', async (t) => {
  writeFileSync(
    join(folder, 'strict.ts'),
    `import { adam, batchNorm, conv2d, huber, linear, maxPool2d, random, key, scan, start, trainStep, leastSquares, type StopSignal } from 'pullback'
import { type ReportOptions } from 'pullback/chart'
import { type NativeOptions } from 'pullback/node'
import { type RelaxedOptions } from 'pullback/relaxed'
import { readTable, toExamples, type Table, type WebStream } from 'pullback/table'
export const told: ReportOptions = { title: undefined, history: undefined, labels: undefined }
declare const some: boolean
const rate = some ? 0.9 : undefined
export const layer = linear(3, 2, { W: undefined })
export const norm = batchNorm(2, { epsilon: rate, affine: undefined })
export const image = conv2d(1, 2, { kernel: 3, stride: undefined, groups: undefined, b: undefined })
export const pool = maxPool2d(2, { padding: undefined })
export const loss = huber.with({ delta: rate })
export const drawn = random.uniform(key(0), [2], { min: rate, dtype: undefined })
export const native: NativeOptions = { path: undefined, threads: undefined, poison: undefined }
export const relaxed: RelaxedOptions = { threads: undefined, poison: undefined }
declare const table: Table
declare const stream: WebStream
export const read = readTable(stream, { schema: { x: { kind: 'number', missing: rate } }, raw: undefined, as: undefined })
export const data = toExamples(table, { target: 'y', task: 'classes', dtype: undefined })
const optimizer = adam(undefined, { b1: rate, eps: undefined })
const run = start(layer, optimizer, key(0), { dtype: undefined, variables: undefined })
const step = trainStep(layer, leastSquares, optimizer, { guard: undefined, penalty: undefined })
declare const signal: StopSignal | undefined
export const running = scan(step, run, [], { signal })
// @ts-expect-error a number is no signal
scan(step, run, [], { signal: 3 })
`,
  )
  writeFileSync(
    join(folder, 'signal.ts'),
    `import { scan } from 'pullback'
export const running = scan((a: number, b: number) => [a + b, b] as const, 0, [1], { signal: new AbortController().signal })
`,
  )
  writeFileSync(
    join(folder, 'table.ts'),
    `import { readTable, tableSource } from 'pullback/table'
declare const file: File
export const tables = [readTable(file), readTable(fetch('table.csv')), readTable(file.stream()), readTable('x'), readTable(new Uint8Array())]
export const source = tableSource(() => fetch('table.csv'), { x: { kind: 'number' } }, { size: 1 })
`,
  )
  writeFileSync(
    join(folder, 'disk.ts'),
    `import { createReadStream, openAsBlob } from 'node:fs'
import { readTable } from 'pullback/table'
export const tables = [readTable(createReadStream('table.csv')), readTable(openAsBlob('table.csv'))]
`,
  )
  const tsc = join(root, 'node_modules/.bin/tsc')
  const strict = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext']
  const exact = [...strict, '--skipLibCheck', 'false', '--exactOptionalPropertyTypes', '--types', '']
  await t.resolves(run(tsc, ...exact, '--lib', 'es2022', 'strict.ts'))
  await t.resolves(run(tsc, ...exact, '--lib', 'es2022,dom', 'signal.ts'), 'a signal of browsers')
  await t.resolves(run(tsc, ...exact, '--lib', 'es2022,dom', 'table.ts'), 'the sources of browsers')
  await t.resolves(run(tsc, ...strict, '--types', 'node', '--lib', 'es2022', 'disk.ts'), 'the sources of Node')
  await t.resolves(run(tsc, ...strict, '--types', 'node', '--lib', 'es2022', 'signal.ts'), 'a signal of Node')
})

/** The optional properties of a declaration file that cannot be given as undefined, but for those that are types only. */
const exactly = (name: string): readonly string[] => {
  const file = ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const go = (node: ts.Node): void => {
    if (ts.isPropertySignature(node) && node.questionToken !== undefined && node.type !== undefined) {
      const [property, type] = [node.name.getText(), node.type.getText()]
      if (!/^_[OPS]$/.test(property) && !/\b(undefined|unknown)$/.test(type)) found.push(`${property}: ${type}`)
    }
    ts.forEachChild(node, go)
  }
  go(file)
  return found
}

t.test('every optional value may be undefined', async (t) => {
  const declared = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
  t.same(
    declared.filter((name) => name.endsWith('.d.ts')).flatMap((name) => exactly(join(installed, 'dist', name))),
    [],
  )
})
