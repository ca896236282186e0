import * as t from 'io-ts'
import type { Summary } from '../metric/streaming.ts'
import type { FitState } from '../train/fitState.ts'
import type { Training } from '../train/training.ts'
import { codecOf } from './codecOf.ts'

const numbers = t.record(t.string, t.number)
const summary: t.Type<Summary> = t.recursion('Summary', () =>
  t.union([t.number, t.readonlyArray(summary), t.record(t.string, summary)]),
)
const count = t.union([t.undefined, t.number])

/**
 * The io-ts codec for a state of `fit`, given by the start of a run of the same layer and optimizer: parameters, layer
 * state and optimizer state of its structure, the history, the best variables, and the position of the run. For
 * `fromBytes` and `loadCheckpoint`.
 *
 * @example
 * import { adam, examples, fit, fitCodec, fromBytes, fromNested } from 'pullback'
 * import { key, leastSquares, linear, start, toBytes } from 'pullback'
 * const [net, optimizer] = [linear(1, 1), adam(0.1)]
 * const train = examples({ input: fromNested([[1], [2]]), target: fromNested([[2], [4]]) })
 * const { value } = await fit(net, leastSquares, optimizer, { train, key: key(0) }).next()
 * const found = fromBytes(fitCodec(start(net, optimizer, key(0))))(toBytes(value))
 * found._tag === 'Right' && found.right.epoch // => 1
 */
export const fitCodec = <P, S, O>(template: Training<P, S, O>): t.Type<FitState<P, S, O>> => {
  const { params, state } = template
  const best = t.type({ epoch: t.number, value: t.number, params: codecOf(params), state: codecOf(state) })
  const fields = {
    step: t.number,
    params: codecOf(params),
    state: codecOf(state),
    optimizer: codecOf(template.optimizer),
    key: codecOf(template.key),
    epoch: t.number,
    position: t.number,
    count,
    sums: numbers,
    streams: t.union([t.undefined, t.record(t.string, summary)]),
    history: t.record(t.string, t.readonlyArray(t.number)),
    best: t.union([t.undefined, best]),
    seconds: t.number,
    stopped: t.union([t.undefined, t.string]),
  }
  return t.type(fields) as unknown as t.Type<FitState<P, S, O>>
}
