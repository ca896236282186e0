// The picture of guide/ranks.md: the efficiency of training steps on up to 256 ranks, by the cost model of that page.
import { chart, type Panel } from 'pullback/chart'

/** Seconds for a message, and for each of its bytes. */
interface Link {
  readonly name: string
  readonly alpha: number
  readonly beta: number
}

/** Seconds of a reduction over P ranks: recursive doubling for few bytes, a ring for many. */
export const reduction = (ranks: number, bytes: number, { alpha, beta }: Omit<Link, 'name'>): number => {
  const doubling = Math.ceil(Math.log2(ranks)) * (alpha + beta * bytes)
  const ring = 2 * (ranks - 1) * alpha + ((2 * (ranks - 1)) / ranks) * beta * bytes
  return Math.min(doubling, ring)
}

/** The first is measured on the machine of docs/benchmarks.md; the others are what such networks may give. */
const links: readonly Link[] = [
  { name: 'shared memory, measured', alpha: 0.6e-6, beta: 0.165e-9 },
  { name: '100 Gbit/s', alpha: 10e-6, beta: 0.08e-9 },
  { name: '10 Gbit/s', alpha: 30e-6, beta: 0.8e-9 },
  { name: '1 Gbit/s', alpha: 50e-6, beta: 8e-9 },
]

/** One machine has no more cores. */
const mostOnOneMachine = 64

/** Microseconds of a step on one rank by `native`, from docs/benchmarks.md, and the parameters whose gradient goes around. */
const networks = [
  { title: '784-128-10, 32 examples on each rank', parameters: 101_770, step: 164 },
  { title: '784-512-256-10, 128 examples on each rank', parameters: 535_818, step: 2084 },
  { title: 'two 3×3 convolutions, 32 images on each rank', parameters: 20_490, step: 3078 },
  { title: 'block of a transformer, 16 sequences on each rank', parameters: 90_954, step: 2988 },
]

const doublings = [0, 1, 2, 3, 4, 5, 6, 7, 8]

const panelOf = ({ title, parameters, step }: (typeof networks)[number]): Panel => ({
  title,
  x: { label: 'ranks', whole: true },
  y: { label: 'efficiency', from: 0, to: 1 },
  series: links.map((link, i) => ({
    name: link.name,
    points: doublings.flatMap((n) => {
      const seconds = step / 1e6
      const efficiency = seconds / (seconds + reduction(2 ** n, 4 * parameters, link))
      return i === 0 && 2 ** n > mostOnOneMachine ? [] : [[n, efficiency] as const]
    }),
  })),
})

/** The ticks below a panel say how many ranks there are, where its axis counts doublings. */
const counted = (svg: string): string =>
  svg.replace(/(text-anchor="middle"[^>]*>)(\d)(?=<)/g, (_, before: string, n: string) => `${before}${2 ** Number(n)}`)

export const efficiency = (): string =>
  counted(chart(networks.map(panelOf), { title: 'How much of the time of many ranks is computing, by the cost model' }))
