// Passes: functions from a program to a program that gives the same bits.
import { type Place, type Program, type ProgramCall, viewsOf } from '../kernel/program.ts'

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

/** Leaves out calls whose results nobody reads. */
export const withoutDead = (program: Program): Program => {
  const read = new Set<Place>(program.outputs)
  const calls: ProgramCall[] = []
  for (const c of [...program.calls].reverse()) {
    if (c.kernel !== 'check' && !c.results.some((place) => read.has(place))) continue
    for (const { place } of viewsOf(c)) read.add(place)
    calls.unshift(c)
  }
  return { ...program, calls, constants: program.constants.filter(({ place }) => read.has(place)) }
}
