// Programs that mpirun starts several times. It is installed with Open MPI, or its specs are skipped.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './bundle.ts'
import { root, withoutHooks } from './run.ts'

const { stdout = '' } = spawnSync('mpirun', ['--version'], { encoding: 'utf8' })

/** What a spec says where MPI is missing; false where it is there. */
export const withoutMpi = /Open MPI/.test(stdout ?? '')
  ? false
  : 'Open MPI is not installed: apt-get install openmpi-bin libopenmpi3'

export interface Ranks {
  /** The exit code of mpirun. */
  readonly code: number
  readonly seconds: number
  /** What each rank has printed, by rank. */
  readonly printed: readonly string[]
  /** What each rank has said on the stream of errors, by rank. */
  readonly said: readonly string[]
  /** What mpirun itself has said. */
  readonly mpirun: string
}

const environment = {
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  OMPI_MCA_btl_vader_single_copy_mechanism: 'none',
  NO_COLOR: '1',
}

/** What a group is started with, besides its command. */
interface Start {
  readonly cwd?: string
  /** Gets the process of mpirun, whose children are the ranks. */
  readonly begun?: (mpirun: ChildProcess) => void
}

/** Runs a command in n processes. All output goes to files, since a daemon that survives would hold a pipe open. */
export const mpirun = (n: number, command: readonly string[], { cwd = root, begun }: Start = {}): Promise<Ranks> => {
  const folder = mkdtempSync(join(tmpdir(), 'pullback-ranks-'))
  const said = join(folder, 'mpirun')
  const words = ['-n', `${n}`, '--oversubscribe', '--output-filename', `${join(folder, 'ranks')}:nocopy`]
  const output = openSync(said, 'w')
  const begin = Date.now()
  const child = spawn('env', [...withoutHooks, 'mpirun', ...words, ...command], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', output, output],
  })
  begun?.(child)
  const outputs = (name: string): readonly string[] => {
    const ranks = join(folder, 'ranks', '1')
    return readdirSync(ranks)
      .sort()
      .map((rank) => readFileSync(join(ranks, rank, name), 'utf8'))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      const seconds = (Date.now() - begin) / 1000
      const found = { printed: outputs('stdout'), said: outputs('stderr'), mpirun: readFileSync(said, 'utf8') }
      closeSync(output)
      rmSync(folder, { recursive: true })
      resolve({ code: code ?? -1, seconds, ...found })
    })
  })
}

const bundles = new Map<string, Promise<string>>()

/** A program of `spec/support/ranks` as one file where coverage does not look, since many processes that load many files are slow to start. */
const bundled = (program: string): Promise<string> => {
  const file = join(root, 'node_modules', '.cache', `ranks.${process.pid}.${program.replace(/ts$/, 'mjs')}`)
  const made = bundles.get(program) ?? bundle(`await import('./spec/support/ranks/${program}')`, file).then(() => file)
  bundles.set(program, made)
  return made
}

/** Runs a program of `spec/support/ranks` in n processes. */
export const runRanks = async (n: number, program: string, ...args: readonly string[]): Promise<Ranks> =>
  mpirun(n, [process.execPath, await bundled(program), ...args])
