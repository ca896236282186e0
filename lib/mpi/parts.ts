/** A call of MPI counts with 32 bits, and some libraries count its bytes with them: a part has at most 1 GiB. */
export const mostEntries = 2 ** 27

/** Typed arrays, of which parts are views. */
interface Cut<A> {
  readonly length: number
  readonly subarray: (begin: number, end: number) => A
}

/** Views of an array that follow one another, each with at most so many entries; one, if it is short. */
export const partsOf = <A extends Cut<A>>(array: A, most = mostEntries): readonly A[] =>
  array.length <= most
    ? [array]
    : Array.from({ length: Math.ceil(array.length / most) }, (_, i) =>
        array.subarray(i * most, Math.min((i + 1) * most, array.length)),
      )
