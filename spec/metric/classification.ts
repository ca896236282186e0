import { accuracy, confusionMatrix, fromNested, ShapeError, toNested, ValueError, zeros } from 'pullback'
import t from 'tap'

const scores = fromNested([
  [1, 3, 2],
  [9, 0, 0],
  [0, 0, 1],
  [5, 5, 0],
])

t.test('accuracy', async (t) => {
  t.equal(accuracy(scores, fromNested([1, 0, 0, 0], 'int32')), 0.75, 'of equal scores the first counts')
  t.throws(() => accuracy(zeros([0, 3]), fromNested([], 'int32') as never), /at least one example, got an empty batch/)
  t.throws(() => accuracy(scores, fromNested([1], 'int32')), ShapeError)
  t.throws(() => accuracy(scores, fromNested([1, 0, 0, 3], 'int32')), ValueError)
})

t.test('confusionMatrix', async (t) => {
  t.same(toNested(confusionMatrix(scores, fromNested([1, 0, 0, 2], 'int32'))), [
    [1, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ])
  t.same(toNested(confusionMatrix(zeros([0, 2]), fromNested([], 'int32') as never)), [
    [0, 0],
    [0, 0],
  ])
})
