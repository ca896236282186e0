// Sums as sequences of symbols: '123+45=' and '168', each digit a step.
import { type AnyLayer, fromArray, key, op, predict, random, type Tensor, toArray } from 'pullback'

export const symbols = [...'0123456789+ ']
const codeOf = new Map(symbols.map((symbol, i) => [symbol, i]))
const codes = <const N extends number>(texts: readonly string[], length: N): Tensor<readonly [number, N], 'int32'> =>
  fromArray(
    texts.flatMap((text) => [...text].map((symbol) => codeOf.get(symbol) as number)),
    [texts.length, length],
    'int32',
  )

type Sum = readonly [a: number, b: number]
/** The last digits first, since that is where adding begins. */
const reversed = (n: number, digits: number): string => [...`${n}`.padStart(digits)].reverse().join('')
const question = ([a, b]: Sum): string => `${reversed(a, 3)}+${reversed(b, 3)}`
const answer = ([a, b]: Sum): string => reversed(a + b, 4)

/** Questions, the answers so far, from nothing on, and the answers. */
const asked = (all: readonly Sum[]) => {
  const answers = all.map(answer)
  return {
    input: {
      question: codes(all.map(question), 7),
      answer: codes(
        answers.map((text) => ` ${text.slice(0, -1)}`),
        4,
      ),
    },
    target: codes(answers, 4),
  }
}

/** Different sums of numbers below 1000 to learn from and to test on. */
export const sums = (given: { readonly train: number; readonly test: number; readonly seed: number }) => {
  const n = given.train + given.test
  const drawn = toArray(random.permutation(random.foldIn(key(given.seed), 'sums'), 1_000_000)).slice(0, n)
  const all = drawn.map((p): Sum => [Math.floor(p / 1000), p % 1000])
  return { train: asked(all.slice(given.test)), test: all.slice(0, given.test) }
}

/** The shares of sums and of their digits that a network gets right when it writes by itself, and one of them. */
export const answered = (
  net: AnyLayer,
  variables: { readonly params: unknown; readonly state: unknown },
  test: readonly Sum[],
): { readonly right: number; readonly digits: number; readonly shown: string } => {
  let written = test.map(() => ' ')
  const questions = codes(test.map(question), 7)
  for (let i = 0; i < 4; i++) {
    const input = {
      question: questions,
      answer: codes(
        written.map((text) => text.padEnd(4)),
        4,
      ),
    }
    const scores = predict(net, variables as never, input as never) as Tensor
    const next = toArray(op.argmax(op.slice(scores, [null, i]) as Tensor))
    written = written.map((text, j) => text + symbols[next[j] as number])
  }
  const results = written.map((text) => Number([...text.slice(1)].reverse().join('')))
  const right = test.filter(([a, b], i) => results[i] === a + b).length / test.length
  const same = test.map((sum, i) => [...answer(sum)].filter((digit, j) => written[i]?.[j + 1] === digit).length)
  const digits = same.reduce((m, n) => m + n, 0) / (4 * test.length)
  const [[a, b]] = test as readonly [Sum]
  return { right, digits, shown: `${a} + ${b} = ${results[0]}` }
}
