// A series like the load of a power grid: days, weeks, and noise that is larger by day.
import { key, random, toArray } from 'pullback'

/** The load of so many hours, between about −2 and 2. */
export const load = (hours: number, seed: number): readonly number[] => {
  const noise = toArray(random.normal(random.foldIn(key(seed), 'load'), [hours]))
  return noise.map((e, hour) => {
    const day = Math.sin((2 * Math.PI * hour) / 24)
    const week = hour % 168 < 120 ? 0.3 : -0.6
    return day + 0.3 * Math.cos((4 * Math.PI * hour) / 24) + week + (0.1 + 0.1 * Math.max(0, day)) * e
  })
}
