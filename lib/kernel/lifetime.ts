// How long the places of a program are in use, and which results may be written over what nobody reads any more.
import { isContiguous } from '../tensor/pack.ts'
import type { Raw } from '../tensor/view.ts'
import { type Place, type PlaceView, type Program, type ProgramCall, viewsOf } from './program.ts'

/** Kernels that read each entry of their tensors before they write the entry of a result at the same place. */
export const elementwise: readonly string[] = ['map', 'zip', 'adam']

export const isWhole = (x: PlaceView): boolean =>
  isContiguous(x as unknown as Raw) && x.offset === 0 && x.size === x.place.length

/** True if a call may write its result where it reads a view. */
const overwrites = (call: ProgramCall, place: Place): boolean =>
  viewsOf(call).every((x) => x.place !== place || (elementwise.includes(call.kernel) && isWhole(x)))

/** Which results take the places of carried inputs: those that nobody reads after they are made. */
export const inPlace = ({ calls, inputs, outputs, carried }: Program): ReadonlyMap<Place, Place> => {
  const found = new Map<Place, Place>()
  for (const { output, input } of carried) {
    const [to, from] = [inputs[input] as Place, outputs[output] as Place]
    const made = calls.findIndex((c) => (c.results as readonly Place[]).includes(from))
    const later = calls.slice(made + 1).some((c) => viewsOf(c).some((x) => x.place === to))
    if (made >= 0 && !later && overwrites(calls[made] as ProgramCall, to)) found.set(from, to)
  }
  return found
}

/** The last call that reads each place; outputs are read after all. */
export const lastReads = ({ calls, outputs }: Program): ReadonlyMap<Place, number> => {
  const last = new Map<Place, number>()
  calls.forEach((c, i) => {
    for (const { place } of viewsOf(c)) last.set(place, i)
  })
  for (const place of outputs) last.set(place, calls.length)
  return last
}
