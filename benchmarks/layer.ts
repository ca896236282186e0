// The cost of composed layers: a training step against the same network with forward and backward coupled by hand.
import { checkLosses } from './support/check.ts'
import { type Cells, columns } from './support/columns.ts'
import { digits, times } from './support/show.ts'
import { setUp } from './support/suite.ts'
import { beginningByHand } from './workload/byHand.ts'
import { a, b } from './workload/perceptron.ts'
import { beginning, draw, lossesOf } from './workload/workload.ts'

const { eachEngine, suite } = setUp('bench:layer', 'composed layers against layers coupled by hand', {})
const found: Record<string, Cells> = {}

await eachEngine(async (engine) => {
  const cells: Record<string, string> = {}
  for (const workload of [a, b]) {
    const numbers = draw(workload)
    const [composed, byHand] = [beginning(workload, numbers), beginningByHand(workload, numbers)]
    checkLosses(`workload ${workload.name} composed`, lossesOf(composed, 5), lossesOf(byHand, 5), 1e-5)
    const [stepComposed, stepByHand] = [composed(), byHand()]
    const medians = await suite(`${workload.name}-${engine}`, {
      composed: () => {
        stepComposed()
      },
      'by hand': () => {
        stepByHand()
      },
    })
    const [of, hand] = [medians.composed ?? Number.NaN, medians['by hand'] ?? Number.NaN]
    cells[`${workload.name}, composed`] = `${digits(of)} µs`
    cells[`${workload.name}, by hand`] = `${digits(hand)} µs`
    cells[`${workload.name}, by hand / composed`] = times(hand / of)
  }
  found[engine] = cells
})

console.log(`\n${columns('a training step', found)}\nby hand / composed: at least 0.85×, aim 0.95×`)
