// The lecture's gradient check: how far off differences are by their ε, and why small entries of a gradient fail.
import { op, toArray } from 'pullback'
import { chart, type Point } from 'pullback/chart'
import { numericalGrad } from '../../examples/support/differences.ts'
import { draws } from '../../examples/support/draws.ts'
import { bprop, fprop, type Plain, twoLayerData } from '../../examples/support/twoLayers.ts'

/** The error of differences of (tanh w − 2)² + c at w = ½, for ε from 1e-1 to 1e-12. */
const byStep = (c: number, sided: 'one-sided' | 'central'): readonly Point[] => {
  const f = (w: number): number => (Math.tanh(w) - 2) ** 2 + c
  const right = 2 * (Math.tanh(0.5) - 2) * (1 - Math.tanh(0.5) ** 2)
  return Array.from({ length: 45 }, (_, i): Point => {
    const eps = 10 ** (-1 - i / 4)
    const found = sided === 'central' ? (f(0.5 + eps) - f(0.5 - eps)) / (2 * eps) : (f(0.5 + eps) - f(0.5)) / eps
    return [Math.log10(eps), Math.abs(found - right) / Math.abs(right)]
  })
}

/** For each entry of some rows of dL/dW₁ its size, and how far the difference is off by the lecture's measure. */
const byEntry = (): readonly Point[] => {
  const { plain, x, y } = twoLayerData(draws(0).uniform, 100, 100, 1)
  const [some, others] = [op.slice(plain.W1, [[0, 30]]), op.slice(plain.W1, [[30, 100]])]
  const loss = ({ W1 }: Pick<Plain, 'W1'>) => fprop({ ...plain, W1: op.concat([W1, others]) as Plain['W1'] }, x, y).loss
  const found = toArray(numericalGrad(loss, { W1: some }).W1)
  const gradient = toArray(bprop(plain, fprop(plain, x, y)).W1)
  return found.map((a, i): Point => {
    const b = gradient[i] as number
    return [Math.log10(Math.abs(b)), Math.abs((a - b) / (a + b))]
  })
}

export const differences = (): string => {
  const entries = byEntry()
  const [least, most] = [Math.min(...entries.map(([g]) => g)), Math.max(...entries.map(([g]) => g))]
  const gap: Point = [Number.NaN, Number.NaN]
  return chart(
    [
      {
        title: 'error of a difference by its ε',
        x: { label: 'log₁₀ ε' },
        y: { label: 'relative error', log: true, from: 1e-12, to: 10 },
        series: [
          { name: 'one-sided', points: byStep(0, 'one-sided') },
          { name: 'central', points: byStep(0, 'central') },
          { name: 'central, the loss 5e7 larger', points: byStep(5e7, 'central') },
        ],
      },
      {
        title: 'entries of dL/dW₁, ε = 1e-6',
        x: { label: 'log₁₀ of the entry' },
        y: { label: '|a − b| / |a + b|', log: true, from: 1e-10, to: 1e-2 },
        series: [
          {
            name: 'an entry',
            points: entries.filter(([, apart], i) => i % 8 === 0 || apart > 1e-5).flatMap((p) => [p, gap]),
          },
          {
            name: 'the bound of the lecture',
            points: [
              [least, 1e-5],
              [most, 1e-5],
            ],
          },
        ],
      },
    ],
    { title: 'Gradients against differences' },
  )
}
