// The calls of a program that are JavaScript: checks of numbers, and exchanges with others who run the program too.
import { allocate, type Data } from '../../../tensor/data.ts'
import { moveEntries } from '../../../tensor/pack.ts'
import { stridesOf } from '../../../tensor/shape.ts'
import type { Raw } from '../../../tensor/view.ts'
import type { DType } from '../../../type/tensor.ts'
import { isWhole } from '../../lifetime.ts'
import { type CheckCall, type ExchangeCall, over, type Place } from '../../program.ts'

/** Gives the numbers at an address. */
export type NumbersAt = (address: number, dtype: DType, length: number) => Data

/** A call of JavaScript: given the numbers at addresses, it gives what to do at each run. */
export interface HostCall {
  readonly prepare: (numbersAt: NumbersAt) => (slots: ArrayLike<number>) => void
}

/** The numbers of a view in row-major order. */
const inOrder = (x: Raw): Data => {
  const data = allocate(x.dtype, x.size)
  moveEntries(x, x.buffer, data, { stride: stridesOf(x.shape), offset: 0 })
  return data
}

/** Adds such calls to the instructions of a program. */
export const makeHostCalls = (
  add: (call: HostCall, addresses: readonly number[]) => void,
  addressOf: (place: Place) => number,
) => {
  const check = (call: CheckCall): void => {
    const prepare: HostCall['prepare'] = (at) => {
      const given = call.args.map((view) => {
        const numbers = at(addressOf(view.place), view.dtype, view.place.length)
        return [over(view, numbers), isWhole(view)] as const
      })
      if (!given.every(([, whole]) => whole))
        return () => call.check(...given.map(([x, whole]) => (whole ? x.buffer : inOrder(x))))
      const all = given.map(([x]) => x.buffer)
      return () => call.check(...all)
    }
    add(
      { prepare },
      call.args.map((x) => addressOf(x.place)),
    )
  }

  /** Waits for the end of an exchange, by each place that it gives and that nobody has read yet. */
  const underWay = new Map<Place, () => void>()
  /** An exchange of numbers that lie in the places of its results already. */
  const exchange = (call: ExchangeCall): void => {
    const addresses = call.results.map(addressOf)
    let wait: (() => void) | undefined
    const begin: HostCall['prepare'] = (at) => {
      const numbers = call.results.map((place, i) => at(addresses[i] as number, place.dtype, place.length))
      return () => {
        wait = call.exchange(...numbers)
      }
    }
    add({ prepare: begin }, addresses)
    for (const place of call.results)
      underWay.set(place, () => {
        for (const each of call.results) underWay.delete(each)
        add({ prepare: () => () => wait?.() }, addresses)
      })
  }
  /** Waits for the exchanges that give these places, and for those that have begun before them. */
  const awaited = (places: readonly Place[]): void => {
    for (const place of places)
      for (const [, wait] of underWay) {
        if (!underWay.has(place)) break
        wait()
      }
  }

  /** Waits for all that nobody has read. */
  const finish = (): void => awaited([...underWay.keys()])
  return { check, exchange, awaited, finish }
}
