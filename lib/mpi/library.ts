// Finds a library of MPI and loads it through koffi.
import { createRequire } from 'node:module'
import * as E from '#fp/Either'
import { ValueError } from '../error/tensorError.ts'

/** A loaded library: its functions, and the addresses of what it exports. */
export interface Loaded {
  readonly func: (name: string, result: string, types: readonly string[]) => (...args: readonly unknown[]) => number
  readonly symbol: (name: string) => bigint
}

export interface Library extends Loaded {
  /** The name or path under which it was found. */
  readonly path: string
  /** The file of koffi, for another thread to load it. */
  readonly koffi: string
}

const usual: Readonly<Record<string, readonly string[]>> = {
  linux: ['libmpi.so.40', 'libmpi.so', 'libmpich.so.12', 'libmpich.so'],
  darwin: ['/opt/homebrew/lib/libmpi.dylib', '/usr/local/lib/libmpi.dylib', 'libmpi.dylib'],
}
const remedies: Readonly<Record<string, string>> = {
  linux: 'apt-get install openmpi-bin libopenmpi3, or mpich libmpich12, or give its path',
  darwin: 'brew install open-mpi, or give its path',
}

/** The error of a process that cannot join a group of ranks. */
export const noRanks = (expected: string, actual: string, remedy: string): ValueError =>
  new ValueError({ op: 'mpi', expected, actual, code: 'no-ranks', remedy })

interface Koffi {
  readonly load: (path: string) => Loaded
}

const findKoffi = (): E.Either<ValueError, readonly [koffi: Koffi, file: string]> =>
  E.tryCatch(
    () => {
      const require = createRequire(import.meta.url)
      return [require('koffi') as Koffi, require.resolve('koffi')]
    },
    (e) => noRanks('the package koffi', (e as Error).message.split('\n')[0] ?? '', 'npm install koffi'),
  )

/** The library at a path, or the first one found under the usual names. */
export const findLibrary = (path?: string): E.Either<ValueError, Library> =>
  E.chain(([koffi, file]: readonly [Koffi, string]): E.Either<ValueError, Library> => {
    const paths = path === undefined ? (usual[process.platform] ?? []) : [path]
    const tried: string[] = []
    for (const candidate of paths)
      try {
        const library = koffi.load(candidate)
        library.symbol('MPI_Init_thread')
        const { func, symbol } = library
        return E.right({ func: func.bind(library), symbol: symbol.bind(library), path: candidate, koffi: file })
      } catch (e) {
        tried.push(`${candidate}: ${(e as Error).message}`)
      }
    const usualRemedy = remedies[process.platform] ?? 'give the path of the library'
    const remedy =
      path === undefined ? usualRemedy : 'omit the path to search the usual names, or give the path of a library of MPI'
    return E.left(noRanks('a library of MPI', tried.join('; ') || `none for ${process.platform}`, remedy))
  })(findKoffi())
