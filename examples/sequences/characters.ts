// A model of characters, which learns to write release notes: what comes next, given the characters before. A gated
// recurrent unit, or two blocks of a transformer.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  adam,
  compose,
  eachStep,
  embedding,
  evaluate,
  examples,
  fit,
  gru,
  input,
  int,
  key,
  layerNorm,
  learnedPosition,
  linear,
  named,
  overSteps,
  repeat,
  schedule,
  softmaxCrossEntropy,
  transformerEncoder,
} from 'pullback'
import { options, seed, size as sizeOption } from '../support/options.ts'
import { alphabet, continued, type Writer, windows } from '../support/text.ts'

const given = options('characters', 'learns to write release notes, character by character', {
  model: { initial: 'gru', choices: ['gru', 'transformer'], about: 'what reads the characters' },
  epochs: sizeOption(6, 'times to go over the text'),
  length: sizeOption(64, 'characters that it sees at a time'),
  units: sizeOption(128, 'the width of the network'),
  seed,
})

const notes = join(dirname(createRequire(import.meta.url).resolve('fp-ts/package.json')), 'CHANGELOG.md')
const letters = alphabet(readFileSync(notes, 'utf8'))
const { length, units } = given
const { train, test } = windows(letters.codes, length)
const count = letters.all.length

const read = compose(input(int([length])), named('embed', embedding(count, units)))
const write = named('write', eachStep(linear(units, count)))
const block = transformerEncoder(units, 4 as number, { causal: true })
const nets: Readonly<Record<string, () => Writer>> = {
  gru: () => compose(read, named('gru', gru(units, units)), write),
  transformer: () =>
    compose(
      read,
      named('places', learnedPosition(length, units)),
      named('blocks', repeat(2, block)),
      layerNorm(units),
      write,
    ),
}
const net = (nets[given.model] as () => Writer)()

const [loss, size] = [overSteps(softmaxCrossEntropy), 32]
const steps = given.epochs * Math.ceil(train.input.shape[0] / size)
const optimizer = adam(schedule.oneCycle(given.model === 'gru' ? 1e-2 : 3e-3, { steps }))
const run = { train: examples(train), size, epochs: given.epochs, key: key(given.seed) }
for await (const state of fit(net, loss, optimizer, run)) {
  const { loss: nats = 0 } = await evaluate(net, state, loss, examples(test))
  console.log(`epoch ${state.epoch}: ${nats.toFixed(3)} nats a character on text that it has not seen`)
  console.log(`  ${continued(net, state, letters, { length, count: 100, key: key(state.epoch) })}`)
}
