// Models as files: what was trained is loaded for the layer that it was trained as, in either precision, and for no other.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  adam,
  batchNorm,
  compose,
  decodeSafetensors,
  freeze,
  fromNested,
  init,
  key,
  linear,
  modelFromBytes,
  modelToBytes,
  named,
  predict,
  relu,
  start,
  tie,
  toBytes,
  toNested,
  tree,
} from 'pullback'
import { loadBytes, loadModel, saveModel } from 'pullback/node'
import t from 'tap'
import * as E from '#fp/Either'
import * as T from '#fp/These'

const folder = await mkdtemp(join(tmpdir(), 'pullback-'))
t.teardown(() => rm(folder, { recursive: true }))
const file = join(folder, 'models', 'model.safetensors')
const right = <L extends Error, A>(found: E.Either<L, A>): A => {
  if (E.isLeft(found)) throw found.left
  return found.right
}
const left = <L, A>(found: E.Either<L, A>): L => {
  if (E.isRight(found)) throw new Error('expected an error')
  return found.left
}
const net = compose(named('L1', linear(3, 4)), named('bn', batchNorm(4)), relu, named('L2', linear(4, 2)))
const x = fromNested([[1, -2, 3]])

t.test('a loaded model predicts the same', async (t) => {
  const run = start(net, adam(), key(1))
  const metadata = { labels: ['no', 'yes'], accuracy: 0.5, note: '#', nested: { list: [1, null, true] } }
  right(await saveModel(file, run, metadata)())
  const model = right(await loadModel(file, net)())
  t.same(toNested(predict(net, model, x)), toNested(predict(net, run, x)))
  t.same(model.metadata, metadata)
  t.same(toBytes({ params: model.params, state: model.state }), toBytes({ params: run.params, state: run.state }))
  const { tensors } = right(decodeSafetensors(right(await loadBytes(file)())))
  t.same(Object.keys(tensors).sort(), [
    'params.L1.W',
    'params.L1.b',
    'params.L2.W',
    'params.L2.b',
    'params.bn.scale',
    'params.bn.shift',
    'state.bn.mean',
    'state.bn.variance',
  ])
  t.same(modelToBytes(run, metadata), right(await loadBytes(file)()), 'the bytes are those for a page')
})

t.test('in either precision, with frozen and shared parameters', async (t) => {
  const two = compose(named('enc', linear(3, 3)), named('dec', linear(3, 3)))
  for (const layer of [freeze(two, 'enc'), tie(two, 'enc.W', 'dec.W'), two] as const)
    for (const dtype of ['float32', 'float64'] as const) {
      const variables = init(layer as typeof two, key(2), { dtype })
      const model = right(modelFromBytes(layer as typeof two)(modelToBytes(variables)))
      t.same(toBytes({ params: model.params, state: model.state }), toBytes(variables), dtype)
      t.same(model.metadata, {})
    }
  const none = right(modelFromBytes(relu)(modelToBytes({ params: {}, state: {} })))
  t.same(none, { params: {}, state: {}, metadata: {} })
})

t.test('a file of another layer, or without a model', async (t) => {
  right(await saveModel(file, init(net, key(0)))())
  const other = compose(named('L1', linear(3, 5)), relu, named('L2', linear(5, 2)))
  const error = left(await loadModel(file, other)())
  t.match(error, { _tag: 'FormatError', reason: 'Mismatch', file })
  t.match(error.message, /params\.bn\.scale: expected nothing, got float32 \[4\]/)
  const { tensors } = right(decodeSafetensors(right(await loadBytes(file)())))
  const parts = tree.load(init(other, key(1)) as never, tensors)
  t.ok(T.isBoth(parts))
  t.same(
    T.isBoth(parts) ? parts.left.filter(({ _tag }) => _tag === 'WrongShape').map(({ path }) => path) : [],
    ['params.L1.W', 'params.L1.b', 'params.L2.W'],
    'the parts that fit are loaded by tree.load',
  )
  t.match(left(await loadModel(join(folder, 'none'), net)()), { _tag: 'FileError', reason: 'ENOENT' })
  await writeFile(file, 'text')
  t.match(left(await loadModel(file, net)()), { _tag: 'FormatError', reason: 'Truncated', file })
  t.match(left(modelFromBytes(net)(toBytes({ params: {} }))), { reason: 'Mismatch' })
  await t.rejects(saveModel(file, init(net, key(0)), { made: new Date() as never })(), {
    message: /^saveModel at metadata.made: expected a tensor, a record/,
  })
})
