// How a network reads digits: its confusion matrix, and some digits that it got wrong.
import { type Labels, metric, op, type Scores, type Tensor, toArray } from 'pullback'
import { confusionText } from 'pullback/chart'
import { picture, row } from './terminal.ts'

/** The confusion matrix, and pictures of the first misread digits. */
export const reading = (
  scores: Scores,
  { input, target }: { readonly input: Tensor; readonly target: Labels },
): string => {
  const [found, right] = [toArray(op.argmax(scores, 1)), toArray(target)]
  const misread = found.flatMap((digit, i) => (digit === right[i] ? [] : [i])).slice(0, 4)
  const pictures = misread.map((i) => ({
    caption: `a ${right[i]} read as ${found[i]}`,
    lines: picture(op.slice(input, [i]), 28),
  }))
  return [
    'what each digit (row) was read as (column)',
    confusionText(metric.confusionMatrix(scores, target)),
    '',
    row(pictures),
  ].join('\n')
}
