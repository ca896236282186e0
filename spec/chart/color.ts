import t from 'tap'
import { contrast, ground, ink, lines, quiet, shades } from '../../lib/chart/color.ts'

const themes = ['light', 'dark'] as const

t.test('contrast, by the guidelines', async (t) => {
  t.equal(contrast('#000000', '#ffffff'), 21)
  t.equal(contrast('#777777', '#777777'), 1)
  t.ok(Math.abs(contrast('#767676', '#ffffff') - 4.54) < 0.01)
})

t.test('texts stand out from their ground in both themes, and lines do', async (t) => {
  for (const theme of themes) {
    for (const text of [ink, quiet]) t.ok(contrast(text[theme], ground[theme]) >= 4.5, `${text.name}, ${theme}`)
    for (const { cell, text } of shades) t.ok(contrast(cell[theme], text[theme]) >= 4.5, `${text.name}, ${theme}`)
    for (const line of lines) t.ok(contrast(line[theme], ground[theme]) >= 3, `${line.name}, ${theme}`)
  }
})
