// Compiles the kernels of assembly/, a module for each set, for memory that threads share, and writes them as text into
// binary/; those with relaxed SIMD, which are nearly the same, as pieces of them into ../../relaxed/binary.ts. The package
// needs no file at run time.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { piecesOf, textOf } from './encode.mjs'
import { generated, sets, signatures } from './generate.mjs'

const flags =
  '-O3 --shrinkLevel 2 --converge --noAssert --runtime stub --importMemory --enable simd --enable threads --sharedMemory --maximumMemory 65536'

const here = (path) => new URL(path, import.meta.url)
for (const folder of ['assembly/generated', 'binary']) mkdirSync(here(folder), { recursive: true })

/** The code of a set of kernels, compiled with more flags. */
const compiled = async (name, ...more) => {
  let code = new Uint8Array()
  const { error, stderr } = await asc.main(
    [
      `assembly/generated/${name}.ts`,
      '--baseDir',
      fileURLToPath(here('.')),
      '--outFile',
      'kernels.wasm',
      ...flags.split(' '),
      ...more,
    ],
    {
      writeFile: (_, contents) => {
        code = contents
      },
    },
  )
  if (error) throw new Error(stderr.toString(), { cause: error })
  return code
}

const relaxed = {}
for (const [name, set] of Object.entries(sets)) {
  writeFileSync(here(`assembly/generated/${name}.ts`), generated(set))
  const portable = await compiled(name)
  relaxed[name] = piecesOf(portable, await compiled(name, '--enable', 'relaxed-simd'))
  writeFileSync(
    here(`binary/${name}.ts`),
    `// Made by build.mjs from assembly/.
export const binary: string =
  '${textOf(portable)}'

/** The exports that a program may call, in the order of their codes, with the kinds of their arguments. */
export const signatures: Readonly<Record<string, string>> = ${JSON.stringify(signatures(set))}
`,
  )
}
writeFileSync(
  here('../../relaxed/binary.ts'),
  `// Made by kernel/wasm/build.mjs from kernel/wasm/assembly/.
import type { Piece } from './code.ts'

export const pieces: Readonly<Record<string, readonly Piece[]>> = ${JSON.stringify(relaxed)}
`,
)
