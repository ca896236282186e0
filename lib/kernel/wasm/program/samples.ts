import type { Data } from '../../../tensor/data.ts'

/** The most numbers of a copy that shares its array, and the numbers of such an array. */
const [small, together] = [256, 4096]

/** Makes copies of arrays, many small ones in one array: that costs a tenth of an array for each. */
export const makeSamples = () => {
  const open: { data: Data; used: number }[] = []
  return (i: number, from: Data): { readonly data: Data; readonly offset: number } => {
    const n = from.length
    if (n > small) return { data: from.slice(), offset: 0 }
    let to = open[i]
    if (to === undefined || to.used + n > to.data.length) {
      to = { data: new (from.constructor as Float32ArrayConstructor)(together), used: 0 }
      open[i] = to
    }
    const { data, used: offset } = to
    for (let k = 0; k < n; k++) data[offset + k] = from[k] as number
    to.used += n
    return { data, offset }
  }
}
