import {
  adam,
  type Compiled,
  compile,
  type Every,
  key,
  leastSquares,
  linear,
  type Metrics,
  type Profile,
  type Program,
  predict,
  profile,
  type RunOf,
  scan,
  scanSync,
  start,
  type Tensor,
  trainStep,
  zeros,
} from 'pullback'
import { type Equal, yes } from './equal.ts'

const layer = linear(3, 2)
const optimizer = adam()
const plain = trainStep(layer, leastSquares, optimizer)
const run = start(layer, optimizer, key(0))
type Run = RunOf<typeof layer, typeof optimizer>
type Batch = Parameters<typeof plain>[1]
declare const data: readonly Batch[]

// a compiled function has the type of the plain one
const step = compile(plain)
yes<Equal<Parameters<typeof step>, Parameters<typeof plain>>>()
yes<Equal<ReturnType<typeof step>, ReturnType<typeof plain>>>()
yes<Equal<(typeof step)['programs'], readonly Program[]>>()
yes<Equal<Compiled['reason'], string | undefined>>()
const served = compile((x: Tensor<readonly [number, 3]>) => predict(layer, run, x))
yes<Equal<ReturnType<typeof served>, Tensor<readonly [number, 2]>>>()
// @ts-expect-error a batch of other examples
served(zeros([5, 4]))
// @ts-expect-error no function
compile(3)

// a profile takes the arguments of the function
const [batch] = data as readonly [Batch]
yes<Equal<ReturnType<typeof profile>, Profile>>()
profile(step, run, batch)
profile(plain, run, batch)
profile(served, zeros([1, 3]))
// @ts-expect-error no minibatch
profile(step, run)
// @ts-expect-error a batch of other examples
profile(served, zeros([1, 4]))

// with `every`, metrics come in arrays
type Given<G> = G extends Iterable<infer A> ? A : G extends AsyncIterable<infer A> ? A : never
const every: Every = { every: 100 }
const one = scanSync(step, run, data)
yes<Equal<Given<typeof one>, readonly [Run, Metrics<Tensor<readonly [number, 2]>>]>>()
const many = scanSync(step, run, data, every)
yes<Equal<Given<typeof many>, readonly [Run, readonly Metrics<Tensor<readonly [number, 2]>>[]]>>()
const { signal } = new AbortController()
const later = scan(step, run, data, { signal })
yes<Equal<Given<typeof later>, readonly [Run, Metrics<Tensor<readonly [number, 2]>>]>>()
const stretches = scan(step, run, data, { every: 100, signal })
yes<Equal<Given<typeof stretches>, readonly [Run, readonly Metrics<Tensor<readonly [number, 2]>>[]]>>()
// @ts-expect-error a number of steps
scanSync(step, run, data, { every: '100' })
