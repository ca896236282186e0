// Wrong gradients must be found, every one.
import { gradCheck } from 'pullback'
import t from 'tap'
import { elementwiseBugs } from '../arbitrary/planted.ts'
import { structureBugs } from '../arbitrary/plantedStructure.ts'
import { trainingBugs } from '../arbitrary/plantedTraining.ts'

const bugs = [...elementwiseBugs, ...structureBugs, ...trainingBugs]

t.test('every planted bug is found', async (t) => {
  t.ok(bugs.length >= 70)
  t.equal(new Set(bugs.map(([name]) => name)).size, bugs.length)
  for (const [name, subject, at] of bugs) t.notOk(gradCheck(subject as never, at as never).pass, name)
  t.comment(`${bugs.length} bugs`)
})
