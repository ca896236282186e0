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
  input,
  int,
  type Layer,
  linear,
  lstm,
  lstmCell,
  named,
  type Out,
  predict,
  recur,
  type Tensor,
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
const cell = recur(lstmCell(3, 2))

yes<Equal<Batch<(typeof net)['input']>, Tensor<readonly [number, 16], 'int32'>>>()
yes<Equal<Out<typeof net>, readonly [number, 30]>>()
yes<Equal<Out<typeof last>, readonly [4]>>()
yes<Equal<(typeof cell)['input']['carry'], { readonly h: readonly [2]; readonly c: readonly [2] }>>()
yes<Equal<Out<typeof cell>['output'], readonly [number, 2]>>()

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
  // @ts-expect-error a linear layer carries nothing
  recur(linear(3, 2))
  return [gruCell(3, 2)]
}
