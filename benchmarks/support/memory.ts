import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
/** Collects garbage, which another measurement would pay for. */
export const collect = runInNewContext('gc') as () => void

/** The bytes in use after garbage collection. */
export const memoryInUse = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 10)) // buffers are freed after the collection
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
