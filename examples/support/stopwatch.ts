// Times in the format of the lecture.

/**
 * The result of a function, and the median time of some calls in seconds. With several calls, one more warms up first.
 */
export const timed = <A>(f: () => A, calls = 5): readonly [result: A, seconds: number] => {
  let result = calls > 1 ? f() : undefined
  const seconds = Array.from({ length: calls }, () => {
    const began = performance.now()
    result = f()
    return (performance.now() - began) / 1000
  })
  return [result as A, seconds.sort((a, b) => a - b)[calls >> 1] as number]
}

/** 0.00094 as 9.40000e-04. */
const scientific = (x: number, digits: number): string => x.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2')

/** The lecture's line for a time. */
export const timing = (name: string, numdata: number, seconds: number): string =>
  `${name}: numdata: ${numdata}\t time: ${scientific(seconds, 5)}`
