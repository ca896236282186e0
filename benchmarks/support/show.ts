import { thousands } from '../../lib/text/table.ts'

/** A number with three significant digits: 0.0123, 1.23, 12.3, 12,346. */
export const digits = (x: number): string => {
  if (!Number.isFinite(x)) return '–'
  if (Math.abs(x) >= 99.95) return thousands(Math.round(x))
  return Number(x.toPrecision(3)).toString()
}

/** A factor as text: 1.23×. */
export const times = (x: number): string => (Number.isFinite(x) ? `${digits(x)}×` : '–')
