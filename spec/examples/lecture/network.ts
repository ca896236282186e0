import t from 'tap'
import { exampleOutput } from '../../support/example.ts'

const network = (...args: readonly string[]): Promise<string> =>
  exampleOutput('lecture/network', '--examples', '60', '--steps', '60', '--hidden', '8', ...args)
const results = (text: string) =>
  [...text.matchAll(/^ {2}loss (\S+) to (\S+), test accuracy \S+, gradient check (\S+)$/gm)].map(
    ([, first, last, check]) => ({ first: Number(first), last: Number(last), check }),
  )

t.test('any f, any depth, three losses', async (t) => {
  const runs = [
    ['--f', 'relu'],
    ['--f', 'sigmoid', '--layers', '2'],
    ['--f', 'own', '--layers', '5'],
    ['--f', 'tanh', '--layers', '1'],
  ]
  const texts = await Promise.all(runs.map((args) => network(...args)))
  texts.forEach((text, i) => {
    const told = results(text)
    t.equal(told.length, 3)
    for (const { first, last, check } of told) {
      t.ok(last < first, `${runs[i]?.join(' ')}: ${first} to ${last}`)
      t.equal(check, 'pass')
    }
  })
})

t.test('the softmax loss, as printed in the lecture and as intended', async (t) => {
  const text = await network('--steps', '1')
  for (const y of [1, 2, 3]) {
    const [, printed, meant, library] =
      new RegExp(`y = ${y}: printed (\\S+), meant (\\S+), softmaxCrossEntropy (\\S+)`).exec(text) ?? []
    t.equal(printed, (-y + Math.exp(6)).toFixed(4))
    t.equal(meant, (-y + Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3))).toFixed(4))
    t.equal(library, meant)
  }
  t.match(text, 'which for probabilities is 1: printed 0.0000, meant 1.0000')
})
