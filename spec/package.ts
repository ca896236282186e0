// The package as its users get it: packed, put into a folder of its own, and used from plain JavaScript and from TypeScript.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'
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
for (const name of ['fp-ts', 'io-ts', 'ndarray', 'iota-array', 'is-buffer', '@types'])
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
})

t.test('in a bundle for browsers', async (t) => {
  writeFileSync(join(folder, 'entry.mjs'), program)
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
  const { text, contents } = outputFiles[0] as (typeof outputFiles)[number]
  t.notMatch(text, /node:fs/)
  t.ok(contents.length < 180_000, `${contents.length} bytes`)
  t.ok(gzipSync(contents).length < 66_000, 'sent compressed')
  writeFileSync(join(folder, 'bundle.mjs'), text)
  t.equal((await run(process.execPath, 'bundle.mjs')).trim(), 'true')
})

t.test('for the compiler, with either way to resolve modules', async (t) => {
  writeFileSync(
    join(folder, 'use.ts'),
    `import { compose, linear, named, relu, type Params, type Tensor } from 'pullback'
import { readIdx } from 'pullback/node'
const net = compose(named('L1', linear(784, 128)), relu, named('L2', linear(128, 10)))
export const W = (p: Params<typeof net>): Tensor<readonly [128, 784]> => p.L1.W
export const read = readIdx
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
