// Curves over the steps of a run, thinned to the pixels there are.
import type { Series } from '../page/series.ts'
import { colorText, sheetOf } from './canvas.ts'
import type { Scale } from './scale.ts'

export interface Curve {
  readonly name: string
  readonly series: Series
  readonly color: string
  readonly dashed?: boolean | undefined
}

const [left, right, top, bottom] = [38, 8, 8, 18] as const

const tickText = (tick: number): string =>
  tick === 0 || (tick >= 0.001 && tick < 10_000) ? String(tick) : tick.toExponential(0)

export const drawCurves = (canvas: HTMLCanvasElement, curves: readonly Curve[], scale: Scale): void => {
  const sheet = sheetOf(canvas)
  if (sheet === undefined) return
  const { context, width, height } = sheet
  const last = Math.max(1, ...curves.map(({ series }) => series.xs.at(-1) ?? 0))
  const across = width - left - right
  const x = (step: number): number => left + (step / last) * across
  const y = (value: number): number => height - bottom - scale.place(value) * (height - top - bottom)
  context.font = '11px system-ui, sans-serif'
  context.fillStyle = colorText(canvas, '--vp-c-text-2')
  context.strokeStyle = colorText(canvas, '--vp-c-divider')
  context.lineWidth = 1
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  const everyTick = Math.ceil(scale.ticks.length / 5)
  for (const [i, tick] of scale.ticks.entries()) {
    if (i % everyTick !== 0) continue
    context.beginPath()
    context.moveTo(left, y(tick))
    context.lineTo(width - right, y(tick))
    context.stroke()
    context.fillText(tickText(tick), left - 6, y(tick))
  }
  context.textBaseline = 'alphabetic'
  context.fillText(`step ${last.toLocaleString('en')}`, width - right, height - 4)
  for (const { series, color, dashed } of curves) {
    const thinned = Math.max(1, Math.floor(series.xs.length / across))
    context.strokeStyle = colorText(canvas, color)
    context.lineWidth = 1.6
    context.setLineDash(dashed === true ? [4, 3] : [])
    context.beginPath()
    for (let i = 0; i < series.xs.length; i += thinned)
      context.lineTo(x(series.xs[i] as number), y(series.ys[i] as number))
    context.stroke()
  }
  context.setLineDash([])
}
