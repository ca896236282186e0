import type { Cell } from './row.ts'

const isLetter = (code: number): boolean => code > 64

/** The number that a cell holds; NaN where it holds none, or one beyond what 64 bits can hold. Hexadecimal is none. */
export const numberOf = (cell: Cell): number => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : Number.NaN
  if (typeof cell !== 'string') return Number.NaN
  const x = Number(cell)
  const isOther = cell.charCodeAt(0) === 48 && isLetter(cell.charCodeAt(1)) && !/^0e/i.test(cell)
  return Number.isFinite(x) && cell !== '' && !isOther ? x : Number.NaN
}

/** Texts by which other programs write that there is no number. */
const absences = /^(na|n\/a|#n\/a|nan|-nan|null|none|nil|\?|-|--|\.|[+-]?inf|[+-]?infinity|missing|unknown)$/i

/** Whether a text says that there is none. */
export const isAbsence = (text: string): boolean => absences.test(text)

/** What to do about a cell that is no number. */
export const numberRemedy = (cell: Cell): string => {
  const text = String(cell)
  if (isAbsence(text)) return `if it stands for a missing value give { missing: ['', '${text}'] } when reading`
  if (/^[+-]?\d+,\d+$/.test(text)) return 'write a decimal point, not a comma, and no mark between thousands'
  if (/^[+-]?\d{1,3}([ ,_'’]\d{3})+(\.\d*)?$/.test(text)) return 'write no mark between thousands'
  return "correct the cell, or read the column with { kind: 'category' }"
}
