// A network that PyTorch has trained to tell the digits 0 to 4 learns 5 to 9: its trunk stays as it is, a new head is put
// behind it and trained, and the whole is written again as a model of ONNX, which every runtime of ONNX runs.
import { readFileSync, writeFileSync } from 'node:fs'
import {
  adam,
  compose,
  examples,
  fit,
  freeze,
  key,
  linear,
  metric,
  named,
  predict,
  type Scores,
  softmaxCrossEntropy,
} from 'pullback'
import { fromOnnx, listOnnx, toOnnx } from 'pullback/onnx'
import { last } from '../support/last.ts'
import { above, mnist } from '../support/mnist.ts'
import { must } from '../support/must.ts'
import { options, seed, size } from '../support/options.ts'

const given = options('newHead', 'gives a network of PyTorch a new head', {
  digits: size(3000, 'digits from 5 to 9 to learn from', 25_000),
  epochs: size(3, 'times to go over them'),
  out: { initial: 'newHead.onnx', about: 'the file to write to' },
  seed,
})

const file = readFileSync(new URL('digits.onnx', import.meta.url))
console.log(
  `the file has ${must(listOnnx(file))
    .tensors.map(({ name }) => name)
    .join(', ')}`,
)

// The graph ends where it is flattened, before the old head.
const { layer } = must(fromOnnx(file, { outputs: ['/Flatten_output_0'] }))
const net = compose(freeze(layer, 'features'), named('head', linear(784, 5)))

const { train, test } = await mnist()
const [learned, unseen] = [above(train, 5, given.digits), above(test, 5, 2000)]
const run = { train: examples(learned), key: key(given.seed), epochs: given.epochs }
const state = await last(fit(net, softmaxCrossEntropy, adam(1e-2), run))
const right = metric.accuracy(predict(net, state, unseen.input) as Scores, unseen.target)
console.log(`${(100 * right).toFixed(1)} % of ${unseen.target.size} unseen digits from 5 to 9 are read right`)

writeFileSync(given.out, toOnnx(net, state))
console.log(`written to ${given.out}`)
