// How often something is worth its time: at most once in a while, and at most a tenth of all time.

export interface Paced {
  readonly run: (now: number) => void
}

export const paced = (every: number, act: () => void): Paced => {
  let next = 0
  return {
    run: (now) => {
      if (now < next) return
      act()
      const end = performance.now()
      next = end + Math.max(every, 9 * (end - now))
    },
  }
}
