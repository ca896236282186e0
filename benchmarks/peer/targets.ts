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

/** The same for every workload. */
const all = (names: readonly string[], each: Target): Readonly<Record<string, Target>> =>
  Object.fromEntries(names.map((name) => [name, each]))

const tiny = ['t1', 't2', 't3', 't4']

export const targets: readonly Targets[] = [
  {
    peer: 'torch',
    engine: 'native',
    workloads: {
      a: target(2, 4),
      an: target(2, 4),
      b: target(1.3, 2.2),
      bn: target(1.5, 2.5),
      c: target(1.6, 2.2),
      d: target(1.5, 2.5),
      ...all(['e', 'f', 'g'], target(1.2, 2.4)),
    },
  },
  {
    peer: 'numpy',
    engine: 'native',
    workloads: { a: target(1.1, 1.6), b: target(1, 1.2), c: target(1.1, 1.5), d: target(4, 6.5) },
  },
  {
    peer: 'torch',
    engine: 'wasm',
    workloads: {
      t1: target(30, 60),
      t2: target(7, 12),
      t3: target(13, 20),
      t4: target(25, 50),
      a: target(0.8, 1.05),
      b: target(0.45, 0.55),
      c: target(0.55, 0.7),
      d: target(0.5, 0.8),
    },
  },
  { peer: 'numpy', engine: 'wasm', workloads: { t1: target(14, 28), t2: target(3, 5) } },
  {
    peer: 'jax-js',
    engine: 'wasm',
    workloads: {
      ...all(tiny, target(30, 150)),
      ...all(['a', 'an', 'b', 'bn'], target(2.3, 3.5)),
      c: target(14, 19),
      d: target(100, 170),
    },
  },
  {
    peer: 'tfjs-wasm',
    engine: 'wasm',
    workloads: {
      ...all(tiny, target(30, 150)),
      a: target(10, 13),
      an: target(3, 8),
      b: target(22, 31),
      bn: target(3, 15),
      c32: target(10, 13),
      e: target(4, 8),
      predict: target(3, 10),
    },
  },
  { peer: 'tfjs-cpu', engine: 'wasm', workloads: { ...all(tiny, target(30, 150)), predict: target(3, 10) } },
  { peer: 'onnxruntime', engine: 'wasm', workloads: { predict: target(0.7, 1) } },
]
