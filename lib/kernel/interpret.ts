import { allocate, type Data } from '../tensor/data.ts'
import { copied, packed } from '../tensor/pack.ts'
import { numbersOf } from '../tensor/resident.ts'
import type { AllKernels } from './kernelSet.ts'
import {
  bytesOf,
  type Loaded,
  over,
  type Place,
  type Program,
  type ProgramCall,
  replaced,
  type Session,
} from './program.ts'

/** The array that a place holds at the moment. */
interface Cell {
  data: Data
}

/** A program for an engine without memory of its own: it calls the kernels one after the other. */
export const interpret = (program: Program, kernels: AllKernels): Loaded => {
  const { inputs, constants, calls, outputs, carried } = program
  const bytes = calls.flatMap((c) => c.results as readonly Place[]).reduce((n, place) => n + bytesOf(place), 0)
  const open = (beside?: Session): Session => {
    const shared = (beside?.carried ?? []) as readonly Cell[]
    const cells = new Map<Place, Cell>()
    inputs.forEach((place, i) => {
      const own = i < carried.length ? shared[i] : undefined
      cells.set(place, own ?? { data: allocate(place.dtype, place.length) })
    })
    for (const { place, data } of constants) cells.set(place, { data })
    const cell = (place: Place): Cell => cells.get(place) as Cell
    const numbersIn = (output: number): Data => numbersOf(cell(outputs[output] as Place).data)
    const call = (c: ProgramCall, numbers: ArrayLike<number>): void => {
      const args = replaced(
        c.args,
        (view) => over(view, cell(view.place).data),
        (slot) => numbers[slot.index],
      )
      if (c.kernel === 'check') {
        c.check(...(args as Parameters<typeof packed>[0][]).map(packed))
        return
      }
      if (c.kernel === 'exchange') {
        const copies = (args as Parameters<typeof copied>[0][]).map(copied)
        c.exchange(...copies)?.()
        c.results.forEach((place, i) => {
          cells.set(place, { data: copies[i] as Data })
        })
        return
      }
      const own = (c.from === undefined ? kernels : kernels.with(c.from)) as never
      const made = (own[c.kernel] as (...args: readonly unknown[]) => Data | readonly Data[])(...args)
      const all = Array.isArray(made) ? (made as readonly Data[]) : [made as Data]
      c.results.forEach((place, i) => {
        cells.set(place, { data: all[i] as Data })
      })
    }
    return {
      write: (input, x) => {
        const held = cell(inputs[input] as Place)
        held.data = packed(x)
      },
      run: (numbers) => {
        for (const c of calls) call(c, numbers)
        const moved = carried.map(({ output }) => cell(outputs[output] as Place).data)
        carried.forEach(({ input }, i) => {
          cell(inputs[input] as Place).data = moved[i] as Data
        })
      },
      read: (output) => numbersIn(output).slice(),
      sample: (output) => ({ data: numbersIn(output), offset: 0 }),
      first: (output) => numbersIn(output)[0] as number,
      close: () => {},
      carried: inputs.slice(0, carried.length).map(cell),
    }
  }
  return { bytes, unshared: bytes, open }
}
