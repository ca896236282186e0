// The types of sequences: whole numbers, lengths that are known, what is carried.
import {
  attention,
  type Batch,
  compose,
  crossAttention,
  eachStep,
  embedding,
  gru,
  gruCell,
  type In,
  input,
  int,
  type Layer,
  type LstmCarry,
  linear,
  lstm,
  lstmCell,
  named,
  type Out,
  type Params,
  predict,
  recur,
  rnn,
  type Tensor,
  transformerDecoder,
  transformerEncoder,
} from 'pullback'
import { type Equal, yes } from './equal.ts'

const net = compose(
  input(int([16])),
  named('embed', embedding(30, 8)),
  named('block', transformerEncoder(8, 2, { causal: true })),
  named('gru', gru(8, 5)),
  named('out', eachStep(linear(5, 30))),
)
const last = compose(input([7, 3]), gru(3, 4, { outputs: 'last' }))
const decoder = transformerDecoder(8, 2, { masked: 'pairs', inputMasked: true })
const cell = recur(lstmCell(3, 2))

yes<Equal<Batch<(typeof net)['input']>, Tensor<readonly [number, 16], 'int32'>>>()
yes<Equal<Out<typeof net>, readonly [number, 30]>>()
yes<Equal<Out<typeof last>, readonly [4]>>()
yes<Equal<(typeof decoder)['input']['mask'], readonly [number, number]>>()
yes<Equal<(typeof decoder)['input']['inputMask'], readonly [number]>>()
yes<Equal<(typeof cell)['input']['carry'], { readonly h: readonly [2]; readonly c: readonly [2] }>>()
yes<Equal<Out<typeof cell>['output'], readonly [number, 2]>>()

const deep = lstm(3, 4, { layers: 2, bidirectional: true, masked: true, carry: 'both' })
const stacked = compose(input([7, 3]), gru(3, 4, { layers: 2, bidirectional: true }))
const carrying = compose(input([7, 3]), rnn(3, 4, { outputs: 'last', carry: 'out' }))
type Names = 'l0' | 'l0_reverse' | 'l1' | 'l1_reverse'
yes<Equal<keyof Params<typeof deep>, Names>>()
yes<Equal<keyof In<typeof deep>['carry'], Names>>()
yes<Equal<In<typeof deep>['carry']['l1'], LstmCarry<4>>>()
yes<Equal<Params<typeof deep>['l0']['input']['W'], Tensor<readonly [number, 3]>>>()
yes<Equal<Params<typeof deep>['l1_reverse']['input']['W'], Tensor<readonly [number, 8]>>>()
yes<Equal<Out<typeof stacked>, readonly [7, 8]>>()
yes<Equal<Out<typeof carrying>, { readonly output: readonly [4]; readonly carry: readonly [4] }>>()

export const refused = (
  x: Tensor<readonly [2, 16]>,
  masked: Layer<{ readonly input: readonly [number, 4]; readonly mask: readonly [number] }, readonly [number, 4]>,
) => {
  // @ts-expect-error floats are no tokens
  predict(net, null as never, x)
  // @ts-expect-error a mask is missing
  predict(masked, null as never, x)
  // @ts-expect-error 3 heads do not divide a width of 16
  attention(16, 3)
  // @ts-expect-error 5 heads do not divide a width of 8
  crossAttention(8, 5)
  // @ts-expect-error 'first' is no choice
  lstm(3, 2, { outputs: 'first' })
  // @ts-expect-error 'on' is no choice
  gru(3, 2, { carry: 'on' })
  // @ts-expect-error what it begins with is missing
  predict(deep, null as never, { input: null as never, mask: null as never })
  // @ts-expect-error a linear layer carries nothing
  recur(linear(3, 2))
  return [gruCell(3, 2)]
}
