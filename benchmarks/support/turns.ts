import { median } from './statistics.ts'

/** Runs something a number of times. */
export type Turn = (calls: number) => void

/** A turn of a function that runs once. */
export const repeated =
  (run: () => unknown): Turn =>
  (calls) => {
    for (let i = 0; i < calls; i++) run()
  }

/** The median microseconds of a call of some programs that take turns; the first third of the turns warms up. */
export const inTurns = (cases: Readonly<Record<string, Turn>>, turns: number, calls: number) => {
  const found = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as number[]]))
  for (let turn = 0; turn < turns; turn++)
    for (const [name, run] of Object.entries(cases)) {
      const since = performance.now()
      run(calls)
      if (turn >= turns / 3) found[name]?.push(((performance.now() - since) * 1e3) / calls)
    }
  return (name: string): number => median(found[name] ?? [])
}
