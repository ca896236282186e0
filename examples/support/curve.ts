// Numbers in a row as a line.
import { chartText, type Point } from 'pullback/chart'

/** The points of numbers in a row: 0, 1, 2, … along, unless they begin elsewhere. */
export const numbered = (values: readonly number[], first = 0): readonly Point[] => values.map((v, i) => [i + first, v])

/** The losses of a run in the terminal, on a scale of powers of ten. */
export const lossCurve = (losses: readonly number[]): string =>
  chartText([
    {
      title: 'loss, from the first step to the last',
      x: { label: 'step', whole: true },
      y: { label: 'loss', log: true },
      series: [{ name: '', points: numbered(losses, 1) }],
    },
  ])
