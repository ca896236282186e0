// The package as compilers see it: the native one with either module resolution, older ones, and the strictest settings.
import { join } from 'node:path'
import t from 'tap'
import { packed } from '../support/packed.ts'
import { root } from '../support/run.ts'
import { needs, tool } from './tools.ts'

const { write, run } = await packed()

write({
  'use.ts': `import { compose, linear, named, relu, type Params, type Tensor } from 'pullback'
import { report, type Panel } from 'pullback/chart'
import { fromStateDict } from 'pullback/interop'
import { mpi } from 'pullback/mpi'
import { readIdx } from 'pullback/node'
import { decodeNpz } from 'pullback/numpy'
import { fromOnnx } from 'pullback/onnx'
import { reference } from 'pullback/reference'
import { relaxed } from 'pullback/relaxed'
import { readTable } from 'pullback/table'
import { startRanks, type Ranks, type RankWorker } from 'pullback/workers'
const net = compose(named('L1', linear(784, 128)), relu, named('L2', linear(128, 10)))
export const W = (p: Params<typeof net>): Tensor<readonly [128, 784]> => p.L1.W
export const read = readIdx
const loaded = fromStateDict(net, {})
export const V: Tensor<readonly [128, 784]> | undefined = loaded._tag === 'Left' ? undefined : loaded.right.params.L1.W
export const arrays = decodeNpz(new Uint8Array(0), { names: ['W'] })
export const model = fromOnnx(new Uint8Array(0), { images: 'NCHW' })
export const plain: string = reference.name
export const found = relaxed({ threads: 2 })
export const table = readTable('x,y', { schema: { x: { kind: 'number' } } })
declare const worker: RankWorker
export const ranks: Ranks = startRanks(2, () => worker, { patience: undefined })
export const panel: Panel = { title: '', x: { label: '' }, y: { label: '', log: undefined } }
export const html: string = report({ network: net })
// @ts-expect-error 64 is not 128
compose(linear(784, 128), linear(64, 10))
`,
  'strict.ts': `import { adam, batchNorm, conv2d, huber, linear, maxPool2d, random, key, scan, start, trainStep, leastSquares, type StopSignal } from 'pullback'
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
  'signal.ts': `import { scan } from 'pullback'
export const running = scan((a: number, b: number) => [a + b, b] as const, 0, [1], { signal: new AbortController().signal })
`,
  'table.ts': `import { readTable, tableSource } from 'pullback/table'
declare const file: File
export const tables = [readTable(file), readTable(fetch('table.csv')), readTable(file.stream()), readTable('x'), readTable(new Uint8Array())]
export const source = tableSource(() => fetch('table.csv'), { x: { kind: 'number' } }, { size: 1 })
`,
  'disk.ts': `import { createReadStream, openAsBlob } from 'node:fs'
import { readTable } from 'pullback/table'
export const tables = [readTable(createReadStream('table.csv')), readTable(openAsBlob('table.csv'))]
`,
  'require.cts': `import pullback = require('pullback')
import { type Tensor } from 'pullback'
import node = require('pullback/node')
export const x: Tensor<readonly [2]> = pullback.zeros([2])
export const read = node.readIdx
// @ts-expect-error a shape is no text
pullback.zeros('2')
`,
})

const strict = ['--noEmit', '--strict', '--target', 'es2022']
const nodenext = [...strict, '--module', 'nodenext']
const exact = ['--skipLibCheck', 'false', '--exactOptionalPropertyTypes']
const plain = [...exact, '--lib', 'es2022']
const types = join(root, 'node_modules/@types')
const native = join(root, 'node_modules/.bin/tsc')

t.test('for the strictest compiler, without the types of browsers or Node', async (t) => {
  await t.resolves(run(native, ...nodenext, ...plain, 'use.ts', 'strict.ts', 'require.cts'))
  await t.resolves(run(native, ...strict, ...plain, '--module', 'esnext', '--moduleResolution', 'bundler', 'use.ts'))
})

t.test('with the types of browsers, or of Node', async (t) => {
  await t.resolves(run(native, ...nodenext, ...exact, '--lib', 'es2022,dom', 'signal.ts', 'table.ts'))
  await t.resolves(
    run(native, ...nodenext, '--types', 'node', '--typeRoots', types, '--lib', 'es2022', 'signal.ts', 'disk.ts'),
  )
})

t.test('for TypeScript 6', async (t) => {
  await t.resolves(
    run(join(root, 'node_modules/.bin/tsc6'), ...nodenext, ...plain, 'use.ts', 'strict.ts', 'require.cts'),
  )
})

for (const [name, version, files] of [
  // A CommonJS module cannot name an ES module before TypeScript 5.8.
  ['typescript54', '5.4', ['use.ts', 'strict.ts']],
  ['typescript59', '5.9', ['use.ts', 'strict.ts', 'require.cts']],
] as const)
  t.test(`for TypeScript ${version}`, needs(name), async (t) => {
    await t.resolves(run(process.execPath, join(tool(name), 'lib/tsc.js'), ...nodenext, ...plain, ...files))
  })
