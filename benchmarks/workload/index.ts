import { d } from './convolution.ts'
import { a, b, c, c32, predict } from './perceptron.ts'
import { an, bn } from './regularised.ts'
import { e, f, g } from './sequences.ts'
import { t1, t2, t3, t4 } from './tiny.ts'
import type { Workload } from './workload.ts'

export const workloads: readonly Workload[] = [t1, t2, t3, t4, a, an, b, bn, c, c32, d, e, f, g, predict]

export const workloadOf = (name: string): Workload => {
  const found = workloads.find((w) => w.name === name)
  if (found !== undefined) return found
  throw new Error(`a workload: ${workloads.map((w) => w.name).join(', ')}, not '${name}'`)
}
