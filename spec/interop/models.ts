// Models that PyTorch and onnx wrote (models.py) give here what they gave there, and what is written passes onnx's checker.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  adam,
  approxEqual,
  compose,
  freeze,
  fromArray,
  init,
  key,
  linear,
  named,
  op,
  predict,
  random,
  type Shape,
  softmaxCrossEntropy,
  start,
  type Tensor,
  trainStep,
} from 'pullback'
import { fromOnnx, type OnnxModel, toOnnx } from 'pullback/onnx'
import t from 'tap'
import { limitsIn } from '../../lib/onnx/proto/limits.ts'
import { readMessage } from '../../lib/onnx/proto/read.ts'
import { runModel, withoutRuntime } from '../support/onnx.ts'
import { batchOf } from '../support/onnxFurther.ts'
import { layers } from '../support/onnxLayers.ts'
import { fromPython, withoutPython } from '../support/python.ts'
import { root } from '../support/run.ts'

interface Numbers {
  readonly shape: Shape
  readonly values: readonly number[]
}
const folder = join(root, 'spec', 'interop', 'models')
const outputs: { readonly [name: string]: { readonly input: Numbers; readonly output: Numbers } } = JSON.parse(
  readFileSync(join(folder, 'outputs.json'), 'utf8'),
)
const tensorOf = ({ shape, values }: Numbers): Tensor => fromArray(values, shape, 'float32') as Tensor
const read = (name: string): OnnxModel => {
  const found = fromOnnx(readFileSync(join(folder, `${name}.onnx`)), { images: 'NCHW' })
  if (found._tag === 'Left') throw found.left
  return found.right
}
/** The name of the value that the linear layer at the end takes. */
const flatOf = (bytes: Uint8Array): string => {
  const { graph } = readMessage('Model', bytes, limitsIn('spec'))
  return graph?.node?.find(({ opType }) => opType === 'Gemm')?.input?.[0] as string
}
const closeTo = (y: Tensor, expected: Tensor): boolean => approxEqual(y, expected, { relative: 1e-5, absolute: 1e-6 })

t.test('they are read, and give what they gave', async (t) => {
  for (const [name, { input, output }] of Object.entries(outputs)) {
    const { layer, variables } = read(name)
    t.ok(closeTo(predict(layer, variables, tensorOf(input)) as Tensor, tensorOf(output)), name)
  }
})

t.test('their parameters have the names of PyTorch', async (t) => {
  const { variables, producer, opset } = read('images')
  t.same(Object.keys(variables.params.features), ['0', '1', '4', '5'])
  t.same(variables.params.features[0].weight.shape, [6, 3, 3, 1])
  t.same(Object.keys(variables.state.features[1]), ['running_mean', 'running_var'])
  t.match(producer, /^pytorch 1\.13/)
  t.equal(opset, 14)
  t.same(read('old').metadata, { author: 'onnx' })
  t.same(Object.keys(read('old').variables.params), ['W', 'b'], 'what no node takes is left out')
})

t.test('they are written again', async (t) => {
  for (const [name, { input, output }] of Object.entries(outputs)) {
    const { layer, variables } = read(name)
    const x = tensorOf(input)
    const again = fromOnnx(toOnnx(layer, variables, { input: x, images: 'NHWC' }), { images: 'NCHW' })
    if (again._tag === 'Left') throw again.left
    t.ok(closeTo(predict(again.right.layer, again.right.variables, x) as Tensor, tensorOf(output)), name)
  }
})

t.test('a network of PyTorch gets a new head, is trained, and runs in onnxruntime', async (t) => {
  const bytes = readFileSync(join(folder, 'images.onnx'))
  const cut = fromOnnx(bytes, { outputs: [flatOf(bytes)] })
  if (cut._tag === 'Left') throw cut.left
  t.same(Object.keys(cut.right.variables.params), ['features'], 'the old head is left out')
  const net = compose(freeze(cut.right.layer, 'features'), named('head', linear(8, 3)))
  const optimizer = adam(0.05)
  const step = trainStep(net, softmaxCrossEntropy, optimizer)
  const labels = fromArray(
    Int32Array.from({ length: 30 }, (_, i) => i % 3),
    [30],
  )
  const noise = random.normal(key(4), [30, 8, 8, 1])
  const brightness = op.broadcast(op.reshape(op.cast(labels, 'float32'), [30, 1, 1, 1]), noise.shape)
  const batch = { input: op.addScaled(noise, brightness as typeof noise, 2), target: labels }
  let training = start(net, optimizer, key(3))
  const losses = Array.from({ length: 60 }, () => {
    const [after, { loss }] = step(training, batch)
    training = after
    return loss
  })
  t.ok((losses.at(-1) as number) < 0.5 * (losses[0] as number), `${losses[0]} to ${losses.at(-1)}`)
  if (withoutRuntime !== false) return
  const variables = { params: training.params, state: training.state }
  const [y] = await runModel(toOnnx(net, variables), [op.transpose(batch.input, [0, 3, 1, 2])])
  t.ok(closeTo(y as Tensor, predict(net, variables, batch.input) as Tensor))
})

t.test('what is written passes the checker', { skip: withoutPython('onnx') }, async (t) => {
  const written = mkdtempSync(join(tmpdir(), 'pullback-onnx-'))
  t.teardown(() => rmSync(written, { recursive: true }))
  for (const [i, [, layer, example]] of layers.entries()) {
    const x = batchOf(example, 2) as never
    writeFileSync(join(written, `${i}.onnx`), toOnnx(layer, init(layer, key(0)), { input: x }))
  }
  const program = `import glob, json, onnx
paths = glob.glob('${written}/*.onnx')
for path in paths:
    onnx.checker.check_model(onnx.load(path), full_check=True)
print(json.dumps(len(paths)))`
  t.same(fromPython<number>(['-c', program]), [layers.length])
})
