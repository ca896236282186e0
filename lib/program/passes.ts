// Passes: functions from a program to a program that gives the same bits.
import { bytesOf, type Place, type Program, type ProgramCall, viewsOf } from '../kernel/program.ts'

/**
 * Moves checks to where they do not divide the kernels: those of arguments to the front; those of other numbers, which
 * no kernel takes for an address, to the end. A check of computed indices stays before the kernels that use them.
 */
export const checksAside = (program: Program): Program => {
  const given = new Set<Place>([...program.inputs, ...program.constants.map((c) => c.place)])
  const placed = (c: ProgramCall): 'front' | 'here' | 'end' => {
    if (c.kernel !== 'check') return 'here'
    const views = viewsOf(c)
    if (views.every((x) => given.has(x.place))) return 'front'
    return views.some((x) => x.dtype === 'int32' && !given.has(x.place)) ? 'here' : 'end'
  }
  const at = (where: ReturnType<typeof placed>) => program.calls.filter((c) => placed(c) === where)
  return { ...program, calls: [...at('front'), ...at('here'), ...at('end')] }
}

/** Leaves out calls whose results nobody reads; not exchanges, in which others take part. */
export const withoutDead = (program: Program): Program => {
  const read = new Set<Place>(program.outputs)
  const calls: ProgramCall[] = []
  for (const c of [...program.calls].reverse()) {
    if (c.kernel !== 'check' && c.kernel !== 'exchange' && !c.results.some((place) => read.has(place))) continue
    for (const { place } of viewsOf(c)) read.add(place)
    calls.unshift(c)
  }
  return { ...program, calls, constants: program.constants.filter(({ place }) => read.has(place)) }
}

/**
 * What each call must wait for: the calls that make what it reads, those that read what it may write over, and an
 * exchange for the one before it, since all who take part make them in one order.
 */
const dependencies = ({ calls, inputs, outputs, carried }: Program): readonly ReadonlySet<number>[] => {
  const makers = new Map<Place, number>()
  const readers = new Map<Place, number[]>()
  const checks = new Map<Place, number>()
  const waits = calls.map(() => new Set<number>())
  let exchange: number | undefined
  calls.forEach((c, i) => {
    for (const { place } of viewsOf(c)) {
      for (const before of [makers.get(place), checks.get(place)]) if (before !== undefined) waits[i]?.add(before)
      readers.set(place, [...(readers.get(place) ?? []), i])
      if (c.kernel === 'check') checks.set(place, i)
    }
    if (c.kernel === 'exchange') {
      if (exchange !== undefined) waits[i]?.add(exchange)
      exchange = i
    }
    for (const place of c.results) makers.set(place, i)
  })
  for (const { output, input } of carried) {
    const maker = makers.get(outputs[output] as Place)
    for (const reader of readers.get(inputs[input] as Place) ?? [])
      if (maker !== undefined && reader !== maker && !waits[reader]?.has(maker)) waits[maker]?.add(reader)
  }
  return waits
}

/** More than the bytes of any memory. */
const later = 2 ** 60

/**
 * Puts calls in an order in which results are used up soon: of those that may come next, the one that leaves the least
 * in memory; of equals, the first. An exchange begins as soon as it may, after what it exchanges; and what needs its
 * results comes when there is nothing else to do meanwhile.
 */
export const frugal = (program: Program): Program => {
  const { calls, inputs, constants, outputs } = program
  const waits = dependencies(program)
  const uses = new Map<Place, number>()
  for (const c of calls) for (const { place } of viewsOf(c)) uses.set(place, (uses.get(place) ?? 0) + 1)
  for (const place of [...inputs, ...outputs, ...constants.map((c) => c.place)])
    uses.set(place, Number.POSITIVE_INFINITY)
  const exchanges = calls.filter((c) => c.kernel === 'exchange')
  const exchanged = new Set<Place>(exchanges.flatMap((c) => c.results))
  const given = new Set<Place>(exchanges.flatMap((c) => c.args.map((x) => x.place)))
  const growth = (c: ProgramCall): number => {
    if (c.kernel === 'exchange' || c.results.some((place) => given.has(place))) return Number.NEGATIVE_INFINITY
    const views = viewsOf(c)
    const freed = [...new Set(views.map((x) => x.place))].filter(
      (place) => uses.get(place) === views.filter((x) => x.place === place).length,
    )
    const waiting = views.some((x) => exchanged.has(x.place)) ? later : 0
    const made = c.results.reduce((n, place) => n + bytesOf(place), 0)
    return waiting + made - freed.reduce((n, place) => n + bytesOf(place), 0)
  }
  const left = new Set(calls.keys())
  const order: ProgramCall[] = []
  while (left.size > 0) {
    let [best, least] = [-1, Number.POSITIVE_INFINITY]
    for (const i of left) {
      let isReady = true
      for (const before of waits[i] as ReadonlySet<number>) isReady &&= !left.has(before)
      const more = isReady ? growth(calls[i] as ProgramCall) : Number.POSITIVE_INFINITY
      if (more < least) [best, least] = [i, more]
    }
    if (best < 0) return program
    left.delete(best)
    const chosen = calls[best] as ProgramCall
    order.push(chosen)
    for (const { place } of viewsOf(chosen)) uses.set(place, (uses.get(place) as number) - 1)
  }
  return { ...program, calls: order }
}
