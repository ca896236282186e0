// Targets for the ratio of a peer's time to ours, each with its best number of threads.

interface Target {
  readonly least: number
  readonly aim: number
}

const target = (least: number, aim: number): Target => ({ least, aim })

export interface Targets {
  readonly peer: string
  readonly engine: string
  readonly workloads: Readonly<Record<string, Target>>
}

export const targets: readonly Targets[] = [
  {
    peer: 'torch',
    engine: 'native',
    workloads: {
      a: target(2.5, 4),
      an: target(1, 1.5),
      b: target(1.6, 2.2),
      bn: target(1, 1.3),
      c: target(1.7, 2.2),
      d: target(1.2, 1.8),
    },
  },
  {
    peer: 'numpy',
    engine: 'native',
    workloads: { a: target(1.2, 1.6), b: target(1, 1.2), c: target(1.2, 1.5), d: target(4, 6.5) },
  },
  {
    peer: 'torch',
    engine: 'wasm',
    workloads: { a: target(0.8, 1.05), b: target(0.45, 0.55), c: target(0.55, 0.7), d: target(0.5, 0.8) },
  },
  {
    peer: 'jax-js',
    engine: 'wasm',
    workloads: {
      a: target(2.5, 3.3),
      an: target(3, 4),
      b: target(2.8, 3.7),
      bn: target(3, 4),
      c: target(14, 19),
      d: target(100, 170),
    },
  },
  {
    peer: 'tfjs-wasm',
    engine: 'wasm',
    workloads: { a: target(10, 13), an: target(3, 8), b: target(22, 31), bn: target(3, 15), c32: target(10, 13) },
  },
]
