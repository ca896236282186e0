import * as E from '#fp/Either'
import type { ErrorCode } from '../error/codes.ts'
import type { ValueError } from '../error/tensorError.ts'
import { checkThreads, type Engine } from '../kernel/engine.ts'
import type { Product, ProductArguments } from '../kernel/wasm/exports.ts'
import { onMemory } from '../kernel/wasm/wasm.ts'
import { findOpenBLAS, type Gemm, type OpenBLAS, processorFlags, slowedDown } from './openblas.ts'

export interface NativeOptions {
  /** Overwrites the memory that a training step has released with NaN, to find tensors that escape from it. */
  readonly poison?: boolean | undefined
  /** The path of the library, if it has an unusual name. */
  readonly path?: string | undefined
  /** The number of threads of OpenBLAS. */
  readonly threads?: number | undefined
}

const rowMajor = 101
const plain = 111
const transposed = 112

/**
 * How BLAS can read a matrix with these strides: whether transposed, and the distance between its rows or columns; null
 * if it cannot.
 */
const layout = (row: number, column: number, rows: number, columns: number): readonly [number, number] | null => {
  if (column === 1 || columns === 1) {
    const line = rows === 1 ? columns : row
    if (line >= columns) return [plain, line]
  }
  if (row === 1 || rows === 1) {
    const line = columns === 1 ? rows : column
    if (line >= rows) return [transposed, line]
  }
  return null
}

/**
 * Products with fewer multiplications are faster in WebAssembly than by a call of the library: those with one row or
 * column, with few, for which the kernel packs nothing either, and all others.
 */
const small = (M: number, N: number): number => {
  if (Math.min(M, N) === 1) return 20 ** 3
  return Math.min(M, N) < 4 ? 17 ** 3 : 12 ** 3
}

/** How the library reads both factors; null where the kernel computes the product. */
const layoutsOf = ([, M, N, K, , aRow, aColumn, , bRow, bColumn]: ProductArguments) => {
  if (M * N * K < small(M, N)) return null
  const [a, b] = [layout(aRow, aColumn, M, K), layout(bRow, bColumn, K, N)]
  return a === null || b === null ? null : ([a, b] as const)
}

/** Products by the library, given the address of the memory, where it can compute them faster; else by the kernels. */
const productBy =
  (gemm: Gemm, kernel: Product, base: () => bigint): Product =>
  (...args) => {
    const [add, M, N, K, A, , , B, , , C, cRow] = args
    const layouts = layoutsOf(args)
    if (layouts === null) return kernel(...args)
    const [a, b] = layouts
    const at = base()
    gemm(rowMajor, a[0], b[0], M, N, K, 1, at + BigInt(A), a[1], at + BigInt(B), b[1], add, at + BigInt(C), cRow)
  }

let warned = false

const engineWith = (library: OpenBLAS, options: NativeOptions): Engine => {
  const { threads = 1 } = options
  checkThreads(threads)
  let running = 0
  const run = (n: number): void => {
    if (running !== n) library.setThreads(n)
    running = n
  }
  return onMemory(options, 1, ({ memory, exports }) => {
    let { buffer } = memory
    let address = library.address(new Uint8Array(buffer))
    const base = (): bigint => {
      run(threads)
      if (buffer !== memory.buffer) {
        buffer = memory.buffer
        address = library.address(new Uint8Array(buffer))
      }
      return address
    }
    return {
      name: 'native',
      threads,
      features: ['128-bit SIMD', `OpenBLAS for ${library.core}`],
      stop: () => run(1),
      withThreads: (n) => engineWith(library, { ...options, threads: n }),
      isExport: (args) => layoutsOf(args) === null,
      product: {
        float32: productBy(library.float32, exports.float32.product, base),
        float64: productBy(library.float64, exports.float64.product, base),
      },
    }
  })
}

/**
 * An engine that multiplies matrices with OpenBLAS and uses the memory and the other kernels of `wasm`; for
 * `useEngine`. It looks for the library and for the package koffi, which calls it, on this machine; the error says what
 * is missing and how to install it. It uses one thread by default; `threads` sets the number later.
 *
 * Warns once if the environment makes OpenBLAS compute for an older processor than this one.
 *
 * @example
 * import { either } from 'fp-ts'
 * import { native } from 'pullback/node'
 * either.isLeft(native({ path: 'no/such/library.so' })) // => true
 */
export const native = (options: NativeOptions = {}): E.Either<ValueError, Engine> =>
  E.map((library: OpenBLAS) => {
    const warning = slowedDown(library.core, processorFlags(), process.env.OPENBLAS_CORETYPE)
    if (warning !== null && !warned) process.emitWarning(warning, { code: 'slow-engine' satisfies ErrorCode })
    warned ||= warning !== null
    return engineWith(library, options)
  })(findOpenBLAS(options.path))
