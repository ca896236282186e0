// A sequence to a sequence: sums of two numbers, read and written digit by digit. One recurrent unit reads the question,
// and another, which starts with what the first remembers, writes the answer.
import {
  adam,
  define,
  eachStep,
  embedding,
  examples,
  fit,
  gru,
  gruCell,
  int,
  key,
  linear,
  overSteps,
  recur,
  schedule,
  softmaxCrossEntropy,
} from 'pullback'
import { options, seed, size } from '../support/options.ts'
import { answered, sums, symbols } from '../support/sums.ts'

const given = options('adder', 'learns to add numbers of three digits, digit by digit', {
  sums: size(20_000, 'sums to learn from', 500_000),
  epochs: size(8, 'times to go over them'),
  units: size(128, 'the units of either recurrence'),
  seed,
})

const { train, test } = sums({ train: given.sums, test: 1000, seed: given.seed })
const { units } = given
const count = symbols.length

const net = define(
  { question: int([7]), answer: int([4]) },
  {
    letters: embedding(count, 16),
    read: gru(16, units, { outputs: 'last' }),
    write: recur(gruCell(16, units)),
    digits: eachStep(linear(units, count)),
  },
  ({ question, answer }, { letters, read, write, digits }) => {
    const remembered = read(letters(question))
    return digits(write({ input: letters(answer), carry: remembered }).output)
  },
)

const steps = given.epochs * Math.ceil(given.sums / 64)
const run = { train: examples(train), size: 64, epochs: given.epochs, key: key(given.seed) }
for await (const state of fit(net, overSteps(softmaxCrossEntropy), adam(schedule.oneCycle(5e-3, { steps })), run)) {
  const { right, digits, shown } = answered(net, state, test)
  const [sums, each] = [right, digits].map((share) => (100 * share).toFixed(1))
  console.log(`epoch ${state.epoch}: ${sums} % of new sums right, and ${each} % of their digits, as ${shown}`)
}
