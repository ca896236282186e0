// Compiles the kernels of assembly/ twice, for the memory of one thread and for memory that threads share, and writes both as text into
// binary.ts: the package needs no file at run time.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const baseDir = fileURLToPath(new URL('.', import.meta.url))
const flags = '-O3 --noAssert --runtime stub --importMemory --enable simd'
const shared = 'assembly/threads.ts --enable threads --sharedMemory --maximumMemory 65536'

const compiled = async (flags) => {
  let code = ''
  const { error, stderr } = await asc.main(
    ['assembly/index.ts', '--baseDir', baseDir, '--outFile', 'kernels.wasm', ...flags.split(' ')],
    {
      writeFile: (_, contents) => {
        code = Buffer.from(contents).toString('base64')
      },
    },
  )
  if (error) throw new Error(stderr.toString(), { cause: error })
  return code
}

const binaries = { plain: await compiled(flags), threaded: await compiled(`${flags} ${shared}`) }
const lines = Object.entries(binaries).map(([name, code]) => `export const ${name}: string =\n  '${code}'\n`)
writeFileSync(new URL('binary.ts', import.meta.url), `// Made by build.mjs from assembly/.\n${lines.join('')}`)
