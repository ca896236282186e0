import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { output, root } from './run.ts'

/**
 * A program as one module for Node, that starts faster than from its sources. It imports as the specs do, or from './lib/…'; `url` is
 * where its modules are told to be.
 */
export const bundle = async (program: string, outfile: string, url?: string): Promise<void> => {
  await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    alias: {
      'pullback/chart': './lib/chart/index.ts',
      'pullback/interop': './lib/interop/index.ts',
      'pullback/mpi': './lib/mpi/index.ts',
      'pullback/node': './lib/node/index.ts',
      'pullback/numpy': './lib/numpy/index.ts',
      'pullback/onnx': './lib/onnx/index.ts',
      'pullback/reference': './lib/reference/index.ts',
      'pullback/relaxed': './lib/relaxed/index.ts',
      'pullback/table': './lib/table/index.ts',
      'pullback/workers': './lib/workers/index.ts',
      pullback: './lib/index.ts',
    },
    define: url === undefined ? {} : { 'import.meta.url': JSON.stringify(url) },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    outfile,
    logLevel: 'silent',
    external: ['koffi'],
  })
}

/** What a program prints that runs as one module in a process of its own, which must not fail. */
export const bundledOutput = async (program: string, ...flags: readonly string[]): Promise<string> => {
  const folder = mkdtempSync(join(root, '.tap', 'program-'))
  try {
    const file = join(folder, 'program.mjs')
    await bundle(program, file)
    return await output(process.execPath, [...flags, file])
  } finally {
    rmSync(folder, { recursive: true })
  }
}
