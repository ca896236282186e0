import { cpus } from 'node:os'

/** Where and when a measurement was taken. */
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

/** Variables that bend OpenBLAS, ours and the peers' alike: nobody is measured with them. */
const bending = ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE'] as const

const preset = bending.some((name) => process.env[name] !== undefined)

/** The environment of every participant: the same for all but the number of threads. */
export const environment = (threads: number): NodeJS.ProcessEnv => {
  const { [bending[0]]: _core, [bending[1]]: _size, ...rest } = process.env
  return { ...rest, OPENBLAS_NUM_THREADS: `${threads}`, OMP_NUM_THREADS: `${threads}` }
}

/** Takes those variables from this process, before a library is loaded that reads them. */
export const unbend = (): void => {
  for (const name of bending) delete process.env[name]
}

/** What is said of it in the results. */
export const aboutEnvironment = `${bending.join(' and ')} unset for all${preset ? ' (they are set here)' : ''}; OPENBLAS_NUM_THREADS and OMP_NUM_THREADS are each participant's threads`
