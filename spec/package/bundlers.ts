// Other bundlers than esbuild: a perceptron built by each trains, and nothing is warned of that is not explained.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { packed } from '../support/packed.ts'
import { load, needs } from './tools.ts'

const { folder, write, run } = await packed()

write({
  'main.mjs': `
import { adam, compose, fromNested, key, linear, named, relu, scanSync, softmaxCrossEntropy, start, trainStep } from 'pullback'
import { decodeNpz } from 'pullback/numpy'
const net = compose(named('L1', linear(2, 8)), relu, named('L2', linear(8, 2)))
const batch = { input: fromNested([[0, 0], [0, 1], [1, 0], [1, 1]]), target: fromNested([0, 1, 1, 0], 'int32') }
const optimizer = adam(0.05)
const step = trainStep(net, softmaxCrossEntropy, optimizer)
let loss = 1
for (const [, metrics] of scanSync(step, start(net, optimizer, key(0)), Array(200).fill(batch))) loss = metrics.loss
console.log(loss < 0.05, decodeNpz(new Uint8Array(0), { names: ['W'] })._tag)
`,
})

/** The bundle trains, and what it does not use is left out. */
const works = async (t: Test, file: string, most = 66_500): Promise<void> => {
  t.equal(await run(process.execPath, file), 'true Left\n')
  const code = readFileSync(join(folder, file))
  t.notMatch(`${code}`, /node:fs|<svg|tickFormat/)
  const bytes = brotliCompressSync(code).length
  t.ok(bytes < most, `${bytes} bytes compressed`)
}

interface Warning {
  readonly code?: string
  readonly message: string
  readonly id?: string
}
interface Rollup {
  readonly rollup: (options: object) => Promise<{ readonly write: (options: object) => Promise<unknown> }>
}
interface Plugin {
  readonly default: (options?: object) => unknown
}

t.test('rollup', needs('rollup', '@rollup/plugin-node-resolve', '@rollup/plugin-commonjs'), async (t) => {
  const { rollup } = await load<Rollup>('rollup')
  const resolve = await load<Plugin>('@rollup/plugin-node-resolve')
  const commonjs = await load<Plugin>('@rollup/plugin-commonjs')
  const warnings: Warning[] = []
  const { write } = await rollup({
    input: join(folder, 'main.mjs'),
    plugins: [resolve.default({ browser: true }), commonjs.default()],
    onwarn: (warning: Warning) => warnings.push(warning),
  })
  await write({ file: join(folder, 'rollup.mjs'), format: 'es', compact: true })
  await works(t, 'rollup.mjs', 73_500)
  // An old TypeScript has compiled fp-ts and io-ts: see docs/design.md.
  const own = warnings.filter(({ code, id = '' }) => code !== 'THIS_IS_UNDEFINED' || !/\/(fp|io)-ts\//.test(id))
  t.same(own, [])
})

interface Vite {
  readonly build: (options: object) => Promise<unknown>
}

t.test('Vite', needs('vite'), async (t) => {
  const { build } = await load<Vite>('vite')
  const warnings: string[] = []
  const warn = (message: string): unknown => warnings.push(message)
  await build({
    configFile: false,
    root: folder,
    customLogger: { info: () => {}, warn, warnOnce: warn, error: warn, hasWarned: false, hasErrorLogged: () => false },
    build: {
      outDir: 'vite',
      modulePreload: false,
      rollupOptions: { input: join(folder, 'main.mjs'), output: { entryFileNames: 'main.mjs' } },
    },
  })
  await works(t, 'vite/main.mjs')
  t.same(warnings, [])
})

interface Webpack {
  readonly default: (
    options: object,
    done: (
      error: unknown,
      stats: { readonly toJson: () => { readonly errors: unknown; readonly warnings: unknown } },
    ) => void,
  ) => void
}

t.test('webpack', needs('webpack'), async (t) => {
  const { default: webpack } = await load<Webpack>('webpack')
  const stats = await new Promise<{ readonly errors: unknown; readonly warnings: unknown }>((resolve, reject) =>
    webpack(
      {
        mode: 'production',
        context: folder,
        entry: './main.mjs',
        target: ['web', 'es2022'],
        output: { path: folder, filename: 'webpack.cjs' },
        performance: false,
      },
      (error, stats) => (error ? reject(error) : resolve(stats.toJson())),
    ),
  )
  t.same([stats.errors, stats.warnings], [[], []])
  await works(t, 'webpack.cjs')
})
