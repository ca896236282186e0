import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { engines } from '../support/engines.ts'
import { names } from '../support/options.ts'
import { ways } from '../workload/ways.ts'

/** A participant of the comparison: a program that speaks the protocol. */
export interface Participant {
  /** Participants of one family differ only in their threads, and the best of them counts. */
  readonly family: string
  readonly ours: boolean
  readonly threads: number
  /** How to install it if its program is missing. */
  readonly install: string
  /** The command that starts it on a workload of a manifest. */
  readonly command: (manifest: string, workload: string) => readonly [string, ...string[]]
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const node =
  (program: string, threads: number, ...more: readonly string[]): Participant['command'] =>
  (manifest, workload) => [
    process.execPath,
    `--import=${new URL('../../spec/support/ts.mjs', import.meta.url)}`,
    path(program),
    manifest,
    workload,
    `${threads}`,
    ...more,
  ]

const python =
  (program: string, threads: number, ...more: readonly string[]): Participant['command'] =>
  (manifest, workload) => [
    process.env.PEER_PYTHON ?? '/usr/bin/python3',
    path(program),
    manifest,
    workload,
    `${threads}`,
    ...more,
  ]

const bundle = path('../results/participant.mjs')

/**
 * pullback as a program gets it that has gone through a bundler: without a loader that compiles, whose heap would have
 * to be collected too.
 */
export const bundleOurs = async (): Promise<void> => {
  await build({
    entryPoints: [path('../workload/participant.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['koffi'],
    alias: { pullback: path('../../lib/index.ts'), 'pullback/node': path('../../lib/node/index.ts') },
  })
}

/** After an engine's name: how a step is run. */
const suffixes: readonly string[] = Object.keys(ways).map((way) => (way === 'plain' ? '' : `+${way}`))

const ours: readonly Participant[] = suffixes.flatMap((suffix) =>
  Object.entries(engines).map(([name, { family, threads }]) => ({
    family: `${family}${suffix}`,
    ours: true,
    threads,
    install: 'npm ci',
    command: (manifest, workload) => [process.execPath, bundle, manifest, workload, `${threads}`, `${name}${suffix}`],
  })),
)

const peer = (family: string, threads: number, install: string, command: Participant['command']): Participant => ({
  family,
  ours: false,
  threads,
  install,
  command,
})

const fromNpm = 'npm run bench:install'
const fromDebian = (name: string): string => `apt-get install ${name}, or PEER_PYTHON to a Python that has it`

export const participants: readonly Participant[] = [
  ...ours,
  ...[1, 2].map((threads) => peer('torch', threads, fromDebian('python3-torch'), python('pytorch.py', threads))),
  ...[1, 2].map((threads) =>
    peer('torch-compiled', threads, fromDebian('python3-torch'), python('pytorch.py', threads, 'compiled')),
  ),
  ...[1, 2].map((threads) => peer('numpy', threads, fromDebian('python3-numpy'), python('by_hand.py', threads))),
  peer('jax-js', 1, fromNpm, node('jax.mjs', 1)),
  peer('tfjs-wasm', 1, fromNpm, node('tfjs.mjs', 1, 'wasm')),
  peer('tfjs-cpu', 1, fromNpm, node('tfjs.mjs', 1, 'cpu')),
  ...[1, 2].map((threads) => peer('onnxruntime', threads, fromNpm, node('onnx.mjs', threads))),
]

/**
 * Other programs that speak the protocol: 'NAME=PROGRAM ARGUMENTS', separated by commas. After their arguments come the
 * manifest, the workload and 1 for the threads.
 */
export const guests = (text: string): readonly Participant[] =>
  names(text).map((guest) => {
    const [, name, line] = guest.match(/^(\S+?)=(\S.*)$/) ?? []
    if (name === undefined || line === undefined) throw new Error(`--guests: NAME=PROGRAM ARGUMENTS, not '${guest}'`)
    const [program = '', ...args] = line.split(/\s+/)
    return peer(name, 1, 'give the path of a program', (manifest, workload) => [
      program,
      ...args,
      manifest,
      workload,
      '1',
    ])
  })

export const labelOf = ({ family, threads }: Participant): string => `${family} ${threads}t`
