import type { Cell } from './row.ts'

const isLetter = (code: number): boolean => code > 64

/** The number in a cell; NaN if there is none, or if it exceeds 64 bits. Hexadecimal is not accepted. */
export const numberOf = (cell: Cell): number => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : Number.NaN
  if (typeof cell !== 'string') return Number.NaN
  const x = Number(cell)
  const isOther = cell.charCodeAt(0) === 48 && isLetter(cell.charCodeAt(1)) && !/^0e/i.test(cell)
  return Number.isFinite(x) && cell !== '' && !isOther ? x : Number.NaN
}

/** Texts with which other programs mark a missing number. */
const absences = /^(na|n\/a|#n\/a|nan|-nan|null|none|nil|\?|-|--|\.|[+-]?inf|[+-]?infinity|missing|unknown)$/i

/** True if a text marks a missing number. */
export const isAbsence = (text: string): boolean => absences.test(text)

/** The remedy for a cell that is not a number. */
export const numberRemedy = (cell: Cell): string => {
  const text = String(cell)
  if (isAbsence(text)) return `if it stands for a missing value give { missing: ['', '${text}'] } when reading`
  if (/^[+-]?\d+,\d+$/.test(text)) return 'write a decimal point, not a comma, and no mark between thousands'
  if (/^[+-]?\d{1,3}([ ,_'’]\d{3})+(\.\d*)?$/.test(text)) return 'write no mark between thousands'
  return "correct the cell, or read the column with { kind: 'category' }"
}
