// Changed models that are read here and by onnxruntime give the same outputs. Some hundred in the suite; for ten minutes,
// with another seed,
// FUZZ_SECONDS=600 FUZZ_SEED=2 node --import=./spec/support/ts.mjs spec/fuzz/outputs.ts
import { type AnyTensor, key, predict, random, type Tensor, toTypedArray } from 'pullback'
import { fromOnnx, type OnnxModel } from 'pullback/onnx'
import tap, { type Test } from 'tap'
import { pick, source } from '../arbitrary/numbers.ts'
import { base64 } from '../support/fuzz/fuzz.ts'
import { modelChanged, modelSeeds } from '../support/fuzz/onnx.ts'
import { runModel, withoutRuntime } from '../support/onnx.ts'

/** An axis that onnxruntime cuts to 32 bits, and is no axis. */
const longAxis = /expected an axis of .*, got -?\d{10}/

/** The value of a promise, or the message of the error that it ends with. */
const attempted = async <A>(f: () => A | Promise<A>): Promise<A | string> => {
  try {
    return await f()
  } catch (e) {
    return (e as Error).message
  }
}

const outputsOf = ({ layer, variables, outputs }: OnnxModel, x: Tensor): readonly AnyTensor[] => {
  const y = predict(layer, variables, x as never) as Tensor | { readonly [name: string]: Tensor }
  return outputs.length === 1
    ? [y as Tensor]
    : outputs.map(({ name }) => (y as { readonly [name: string]: Tensor })[name] as Tensor)
}

const isClose = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-4 * Math.abs(b) + 1e-5
const same = (mine: readonly AnyTensor[], theirs: readonly AnyTensor[]): boolean =>
  mine.length === theirs.length &&
  mine.every((y, i) => {
    const other = theirs[i] as AnyTensor
    const [a, b] = [toTypedArray(y), toTypedArray(other)]
    return `${y.shape}` === `${other.shape}` && a.every((v, j) => isClose(v, b[j] as number))
  })

/** An input of a model, with open sizes 2, unless it is large. */
const inputOf = ({ inputs: [port] }: OnnxModel): Tensor | undefined => {
  const shape = port?.shape?.map((size) => (typeof size === 'number' && size >= 0 ? size : 2)) ?? [2, 2, 3]
  return shape.reduce((a, b) => a * b, 1) > 1e5 ? undefined : random.normal(key(0), shape)
}

const compared = async (t: Test, count: number): Promise<void> => {
  const [next, seconds] = [source(Number(process.env.FUZZ_SEED ?? 1)), Number(process.env.FUZZ_SECONDS ?? 0)]
  for (const test of [tap, t]) test.setTimeout(1000 * (seconds + 60))
  const end = Date.now() + 1000 * seconds
  let [tried, equal, wrong] = [0, 0, 0]
  for (; (tried < count || Date.now() < end) && wrong < 5; tried++) {
    let file = pick(next, modelSeeds)
    for (let n = pick(next, [0, 1, 1, 1, 2, 4]); n > 0; n--) file = modelChanged(next, file)
    const found = fromOnnx(file, { images: 'NCHW', limits: { numbers: 20_000 } })
    const x = found._tag === 'Right' && found.right.inputs.length === 1 ? inputOf(found.right) : undefined
    if (found._tag === 'Left' || x === undefined) continue
    const [mine, theirs] = [
      await attempted(() => outputsOf(found.right, x)),
      await attempted(() => runModel(file, [x])),
    ]
    if (typeof theirs === 'string' || (typeof mine === 'string' && longAxis.test(mine))) continue
    if (typeof mine !== 'string' && same(mine, theirs)) equal++
    else {
      wrong++
      t.fail('another output', { file: base64(file), ...(typeof mine === 'string' && { error: mine }) })
    }
  }
  t.comment(`${tried} models, ${equal} of which onnxruntime runs too`)
  t.ok(equal > tried / 10)
}

tap.test('outputs, here and in onnxruntime', { skip: withoutRuntime }, (t) => compared(t, 150))
