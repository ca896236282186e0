// Compiles the kernels of assembly/, for memory that threads share, and writes them as text into binary.ts; those with relaxed SIMD, which
// are nearly the same, as pieces of them into ../../relaxed/binary.ts. The package needs no file at run time.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { piecesOf, textOf } from './encode.mjs'
import { generated, signatures } from './generate.mjs'

const flags =
  '-O3 --shrinkLevel 2 --converge --noAssert --runtime stub --importMemory --enable simd --enable threads --sharedMemory --maximumMemory 65536'

writeFileSync(new URL('assembly/generated.ts', import.meta.url), generated())

/** The code of the kernels, compiled with more flags. */
const compiled = async (...more) => {
  let code = new Uint8Array()
  const { error, stderr } = await asc.main(
    [
      'assembly/generated.ts',
      '--baseDir',
      fileURLToPath(new URL('.', import.meta.url)),
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

const portable = await compiled()
const relaxed = await compiled('--enable', 'relaxed-simd')

writeFileSync(
  new URL('binary.ts', import.meta.url),
  `// Made by build.mjs from assembly/.
export const binary: string =
  '${textOf(portable)}'

/** The exports that a program may call, in the order of their codes, with the kinds of their arguments. */
export const signatures: Readonly<Record<string, string>> = ${JSON.stringify(signatures())}
`,
)
writeFileSync(
  new URL('../../relaxed/binary.ts', import.meta.url),
  `// Made by kernel/wasm/build.mjs from kernel/wasm/assembly/.
import type { Piece } from './code.ts'

export const pieces: readonly Piece[] = ${JSON.stringify(piecesOf(portable, relaxed))}
`,
)
