// Right programs must pass, whatever the sizes of their numbers. PROGRAMS=10000 tries as many; the suite tries fewer.
import { gradCheck, show } from 'pullback'
import t from 'tap'
import { programOf } from '../arbitrary/program.ts'

const count = Number(process.env.PROGRAMS ?? 150)
const first = Number(process.env.FROM ?? 0)

t.test('right programs pass', async (t) => {
  let [overflown, hidden, compared] = [0, 0, 0]
  for (let seed = first; seed < first + count; seed++) {
    const [[subject, at], options] = programOf(seed)
    const report = gradCheck(subject as never, at as never, options)
    const failures = report.checked.filter(({ pass }) => !pass)
    // Where a program overflows there is no derivative to compare.
    if (failures.some((f) => !Number.isFinite(f.analytic) || !Number.isFinite(f.numeric))) overflown++
    else if (failures.length > 0) t.fail(`program ${seed}`, { report: show(report) })
    for (const row of report.checked) {
      hidden += row.hidden
      compared += row.compared
    }
  }
  t.ok(overflown <= 0.05 * count, `${overflown} of ${count} programs overflow`)
  t.comment(`${count} programs, ${overflown} overflow, ${compared} comparisons, rounding hides ${hidden}`)
})
