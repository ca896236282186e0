import { cpus } from 'node:os'

/** The place and time of a measurement. */
export const machine = () => {
  const all = cpus()
  return {
    date: new Date().toISOString(),
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  }
}

/** Environment variables that change OpenBLAS, ours and the peers': no measurement uses them. */
const bending = ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE'] as const

const preset = bending.some((name) => process.env[name] !== undefined)

/** The environment of every participant: the same for all but the number of threads. */
export const environment = (threads: number): NodeJS.ProcessEnv => {
  const { [bending[0]]: _core, [bending[1]]: _size, ...rest } = process.env
  return { ...rest, OPENBLAS_NUM_THREADS: `${threads}`, OMP_NUM_THREADS: `${threads}` }
}

/** Removes those variables from this process, before it loads a library that reads them. */
export const unbend = (): void => {
  for (const name of bending) delete process.env[name]
}

/** Its description in the results. */
export const aboutEnvironment = `${bending.join(' and ')} unset for all${preset ? ' (they are set here)' : ''}; OPENBLAS_NUM_THREADS and OMP_NUM_THREADS are each participant's threads`
