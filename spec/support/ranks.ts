// Programs that mpirun starts several times. It is installed with Open MPI, or its specs are skipped.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './run.ts'

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

/**
 * Runs a program of `spec/support/ranks` in n processes. All output goes to files, since a daemon that survives would
 * hold a pipe open.
 */
export const runRanks = (n: number, program: string, ...args: readonly string[]): Promise<Ranks> => {
  const folder = mkdtempSync(join(tmpdir(), 'pullback-ranks-'))
  const said = join(folder, 'mpirun')
  const node = [
    process.execPath,
    `--import=${join(root, 'spec/support/ts.mjs')}`,
    join(root, 'spec/support/ranks', program),
  ]
  const mpirun = ['-n', `${n}`, '--oversubscribe', '--output-filename', `${join(folder, 'ranks')}:nocopy`]
  const { NODE_OPTIONS: _, ...env } = process.env
  const file = openSync(said, 'w')
  const begin = Date.now()
  const child = spawn('mpirun', [...mpirun, ...node, ...args], {
    cwd: root,
    env: { ...env, ...environment },
    stdio: ['ignore', file, file],
  })
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
      rmSync(folder, { recursive: true })
      resolve({ code: code ?? -1, seconds, ...found })
    })
  })
}
