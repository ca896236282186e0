// Finds OpenBLAS and calls it through koffi.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as E from '#fp/Either'
import { ValueError } from '../error/tensorError.ts'

/**
 * A matrix product of BLAS: order, transposition of A and B, sizes, α, A, its row length, B, its row length, β, C, its
 * row length.
 */
export type Gemm = (
  order: number,
  transposeA: number,
  transposeB: number,
  m: number,
  n: number,
  k: number,
  alpha: number,
  A: bigint,
  lda: number,
  B: bigint,
  ldb: number,
  beta: number,
  C: bigint,
  ldc: number,
) => void

export interface OpenBLAS {
  /** The kind of processor that it computes for: 'Haswell', 'Cooperlake'. */
  readonly core: string
  readonly float32: Gemm
  readonly float64: Gemm
  readonly setThreads: (n: number) => void
  /** The address of a buffer, valid until it is detached. */
  readonly address: (data: Uint8Array) => bigint
}

interface Koffi {
  readonly load: (path: string) => { readonly func: (declaration: string) => never }
  readonly address: (data: Uint8Array) => bigint
}

const usual: Readonly<Record<string, readonly string[]>> = {
  linux: ['libopenblas.so.0', 'libopenblas.so', 'libopenblasp.so.0'],
  darwin: [
    '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
    '/usr/local/opt/openblas/lib/libopenblas.dylib',
    'libopenblas.dylib',
  ],
  win32: ['libopenblas.dll', 'openblas.dll'],
}
const remedies: Readonly<Record<string, string>> = {
  linux: 'apt-get install libopenblas0-pthread, or give its path',
  darwin: 'brew install openblas, or give its path',
  win32: 'put libopenblas.dll on the PATH, or give its path',
}
const missing = (expected: string, actual: string, remedy: string): ValueError =>
  new ValueError({ op: 'native', expected, actual, code: 'no-engine', remedy: `${remedy}; the engine stays as it is` })

const findKoffi = (): E.Either<ValueError, Koffi> =>
  E.tryCatch(
    () => createRequire(import.meta.url)('koffi') as Koffi,
    (e) => missing('the package koffi', (e as Error).message.split('\n')[0] ?? '', 'npm install koffi'),
  )

const declare = ({ load, address }: Koffi, path: string): OpenBLAS => {
  const library = load(path)
  const gemm = (name: string, real: string): Gemm =>
    library.func(
      `void cblas_${name}(int order, int ta, int tb, int m, int n, int k, ${real} alpha, const void *A, int lda, const void *B, int ldb, ${real} beta, void *C, int ldc)`,
    )
  return {
    core: (library.func('const char *openblas_get_corename()') as () => string)(),
    float32: gemm('sgemm', 'float'),
    float64: gemm('dgemm', 'double'),
    setThreads: library.func('void openblas_set_num_threads(int n)'),
    address,
  }
}

/** The library at a path, or the first one found under the usual names. */
export const findOpenBLAS = (path?: string): E.Either<ValueError, OpenBLAS> =>
  E.chain((koffi: Koffi) => {
    const paths = path === undefined ? (usual[process.platform] ?? []) : [path]
    const tried: string[] = []
    for (const candidate of paths)
      try {
        return E.right(declare(koffi, candidate))
      } catch (e) {
        tried.push(`${candidate}: ${(e as Error).message}`)
      }
    const usualRemedy = remedies[process.platform] ?? 'give the path of the library'
    const remedy =
      path === undefined ? usualRemedy : 'omit the path to search the usual names, or give the path of an OpenBLAS'
    return E.left(missing('OpenBLAS', tried.join('; ') || `none for ${process.platform}`, remedy))
  })(findKoffi())

const wide = ['SkylakeX', 'Cooperlake', 'SapphireRapids']

/** The warning if the environment keeps OpenBLAS from the processor's widest vectors; null otherwise. */
export const slowedDown = (core: string, flags: string, forced: string | undefined): string | null =>
  forced !== undefined && /\bavx512f\b/.test(flags) && !wide.includes(core)
    ? `OpenBLAS computes for ${core}, since OPENBLAS_CORETYPE=${forced}, though this processor has AVX-512: unset it to be up to twice as fast`
    : null

/** The features of the processor, as Linux lists them. */
export const processorFlags = (): string => {
  try {
    return readFileSync('/proc/cpuinfo', 'latin1').match(/^flags\s*:(.*)$/m)?.[1] ?? ''
  } catch {
    return ''
  }
}
