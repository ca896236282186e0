import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

t.test('the accuracy of the linear classifier depends on φ', async (t) => {
  const text = await exampleOutput('lecture/linearClassifier', '--examples', '150', '--steps', '250')
  const told = [
    ...text.matchAll(/^φ\(u, v\) = \((.*)\), (hinge|softmax)\n {2}loss (\S+) to (\S+), test accuracy (\S+)$/gm),
  ]
  t.same(
    told.map(([, features, loss]) => [features, loss]),
    ['1, u, v', '1, u, v, u², uv, v²'].flatMap((features) => ['hinge', 'softmax'].map((loss) => [features, loss])),
  )
  told.forEach(([, , loss, first, last, accuracy], i) => {
    t.equal(first, loss === 'hinge' ? '1.0000' : '1.0986', 'all scores are 0 at first: 1, and log 3')
    if (i < 2) t.ok(Number(accuracy) < 0.6, `the numbers themselves: ${accuracy}`)
    else t.ok(Number(accuracy) > 0.85 && Number(last) < 0.4, `their squares: ${accuracy}, ${last}`)
  })
  for (const [, scores = '', found] of text.matchAll(/the scores are (.*): class (\d)/g)) {
    const z = scores.split(', ').map(Number)
    t.equal(z[Number(found)], Math.max(...z), 'the class with the highest score')
  }
})
