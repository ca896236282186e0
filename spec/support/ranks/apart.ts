// Runs in which one rank is not like the others, by name: each gives what the rank notices.
import {
  type Communicator,
  type Examples,
  examples,
  fit,
  fromArray,
  key,
  linear,
  random,
  sgd,
  softmaxCrossEntropy,
  type Tensor,
} from 'pullback'

type Data = Examples<{ readonly input: Tensor<readonly [24, 4]>; readonly target: Tensor<readonly [24], 'int32'> }>

const data = (seed: number, label = 0, factor = 1): Data => {
  const labels = Array.from({ length: 24 }, (_, i) => (i === 23 ? label : i % 3))
  const input = random.normal(key(seed), [24, 4])
  const scaled = factor === 1 ? input : fromArray(new Float32Array(96).fill(factor), [24, 4])
  return examples({ input: scaled as typeof input, target: fromArray(labels, [24] as const, 'int32') })
}

interface Options {
  readonly train?: Data
  readonly seed?: number
  readonly outputs?: number
  readonly signal?: AbortSignal
  readonly stopAfter?: number
  readonly rate?: number
}

/** The step at which a run ends, or the error that ends it. */
const ended = async (
  comm: Communicator,
  { train = data(1), seed = 0, outputs = 3, stopAfter, rate = 0.1 }: Options,
) => {
  const controller = new AbortController()
  let step = 0
  try {
    const options = {
      train,
      key: key(seed),
      size: 8,
      epochs: 30,
      comm,
      every: 'step',
      signal: controller.signal,
    } as const
    for await (const state of fit(linear(4, outputs), softmaxCrossEntropy, sgd(rate), options)) {
      step = state.step
      if (step === stopAfter) controller.abort()
    }
    return { step }
  } catch (e) {
    const { _tag, code, ranks, message } = e as Readonly<Record<string, unknown>>
    return { _tag, code, ranks, message }
  }
}

/** What rank 1 does, and what the others do. */
const odd =
  (own: Options, others: Options = {}) =>
  (comm: Communicator) =>
    ended(comm, comm.rank === 1 ? own : others)

export const apart: { readonly [name: string]: (comm: Communicator) => Promise<unknown> } = {
  examples: odd({ train: data(2) }),
  network: odd({ outputs: 4 }),
  key: odd({ seed: 1 }),
  rate: odd({ rate: 0.2 }),
  overflow: odd({ train: data(1, 0, 1e38) }, { train: data(1, 0, 1e38) }),
  interrupted: odd({ stopAfter: 7 }),
  label: async (comm) => {
    // the same wrong label on all ranks, which only the one that has the example notices
    const found = await ended(comm, { train: data(1, 9) })
    if ('message' in found) throw Object.assign(new Error(String(found.message)), found)
    return found
  },
}
