// Compiles the kernels of assembly/, for memory that threads share, and writes them as text: into binary.ts, and those with relaxed SIMD into
// ../../relaxed/binary.ts. The package needs no file at run time.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { generated, signatures } from './generate.mjs'

const flags =
  '-O3 --shrinkLevel 2 --converge --noAssert --runtime stub --importMemory --enable simd --enable threads --sharedMemory --maximumMemory 65536'

writeFileSync(new URL('assembly/generated.ts', import.meta.url), generated())

/** The code of the kernels as text, compiled with more flags. */
const compiled = async (...more) => {
  let code = ''
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
        code = Buffer.from(contents).toString('base64')
      },
    },
  )
  if (error) throw new Error(stderr.toString(), { cause: error })
  return code
}

writeFileSync(
  new URL('binary.ts', import.meta.url),
  `// Made by build.mjs from assembly/.
export const binary: string =
  '${await compiled()}'

/** The exports that a program may call, in the order of their codes, with the kinds of their arguments. */
export const signatures: Readonly<Record<string, string>> = ${JSON.stringify(signatures())}
`,
)
writeFileSync(
  new URL('../../relaxed/binary.ts', import.meta.url),
  `// Made by kernel/wasm/build.mjs from kernel/wasm/assembly/.
export const binary: string =
  '${await compiled('--enable', 'relaxed-simd')}'
`,
)
