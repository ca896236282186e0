// Texts as whole numbers: an alphabet, windows to learn from, and what a model writes.
import {
  type AnyLayer,
  fromArray,
  type Ints,
  type key as keyOf,
  op,
  predict,
  random,
  type Shape,
  type Tensor,
  toArray,
} from 'pullback'

type Key = ReturnType<typeof keyOf>
/** A model of characters: windows of codes to scores of the next one at each place. */
export type Writer = AnyLayer<Ints<readonly [number]>, readonly [number, number]>

export interface Alphabet {
  readonly all: readonly string[]
  /** The text as indices into the alphabet. */
  readonly codes: readonly number[]
}

export const alphabet = (text: string): Alphabet => {
  const all = [...new Set(text)].sort()
  const places = new Map(all.map((letter, i) => [letter, i]))
  return { all, codes: [...text].map((letter) => places.get(letter) as number) }
}

const rowsOf = (
  codes: readonly number[],
  starts: readonly number[],
  length: number,
): Tensor<readonly [number, number], 'int32'> =>
  fromArray(
    starts.flatMap((start) => codes.slice(start, start + length)),
    [starts.length, length],
    'int32',
  )

/** Windows of a text and what comes after each of their characters; the last twentieth is kept to test on. */
export const windows = (codes: readonly number[], length: number) => {
  const border = Math.floor(0.95 * codes.length)
  const part = (from: number, to: number, step: number) => {
    const starts = Array.from(
      { length: Math.max(1, Math.floor((to - from - length - 1) / step)) },
      (_, i) => from + i * step,
    )
    return {
      input: rowsOf(codes, starts, length),
      target: rowsOf(
        codes,
        starts.map((start) => start + 1),
        length,
      ),
    }
  }
  return { train: part(0, border, Math.ceil(length / 2)), test: part(border, codes.length, length) }
}

interface Writing {
  /** The characters that the model sees at a time. */
  readonly length: number
  /** How many it is to write. */
  readonly count: number
  readonly key: Key
  /** Below 1, likely characters become likelier; 0.7 by default. */
  readonly temperature?: number
}

/** What a model writes after the beginning of a text. */
export const continued = (
  net: Writer,
  variables: { readonly params: unknown; readonly state: unknown },
  { all, codes }: Alphabet,
  { length, count, key, temperature = 0.7 }: Writing,
): string => {
  let seen = codes.slice(0, length)
  const written: string[] = []
  for (let i = 0; i < count; i++) {
    const scores = predict(net, variables as never, fromArray(seen, [1, length], 'int32') as never) as Tensor
    const last = op.slice(scores, [0, length - 1]) as Tensor<Shape>
    const u = random.uniform(random.foldIn(key, i), [all.length], { min: 1e-9, max: 1 })
    const noise = op.neg(op.log(op.neg(op.log(u)))) // the largest of scores with such noise is a draw from their softmax
    const [next = 0] = toArray(op.argmax(op.add(op.scale(last, 1 / temperature), noise as never) as Tensor))
    written.push(all[next] as string)
    seen = [...seen.slice(1), next]
  }
  return written.join('').replace(/\n/g, '⏎')
}
