// What a program prints goes to the page.
import { isTensor, show } from 'pullback'
import type { Reply } from '../message.ts'

const isShown = (value: object): boolean => isTensor(value) || '_tag' in value

const text = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value)
  if (isShown(value)) return show(value)
  return value instanceof Error ? value.message : JSON.stringify(value)
}

export const redirectConsole = (post: (reply: Reply) => void): void => {
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
    console[level] = (...values: readonly unknown[]) => post({ kind: 'log', level, text: values.map(text).join(' ') })
}
