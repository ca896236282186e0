/**
 * Makes `rows` rows of n numbers orthonormal, one after the other: each minus its projections on those before it,
 * twice, to remove what rounding left the first time (Gram–Schmidt), and divided by its length. The result is the Q of
 * the one QR decomposition whose R has a positive diagonal: for a matrix of normal numbers it is therefore uniform
 * (Haar).
 */
export const orthonormalRows = (values: ArrayLike<number>, rows: number, n: number): Float64Array => {
  const q = Float64Array.from(values)
  const row = Array.from({ length: rows }, (_, i) => q.subarray(i * n, (i + 1) * n))
  row.forEach((v, i) => {
    for (const u of [...row.slice(0, i), ...row.slice(0, i)]) {
      const along = dot(u, v)
      for (let k = 0; k < n; k++) v[k] = (v[k] as number) - along * (u[k] as number)
    }
    const length = Math.sqrt(dot(v, v))
    for (let k = 0; k < n; k++) v[k] = (v[k] as number) / length
  })
  return q
}

const dot = (u: Float64Array, v: Float64Array): number => {
  let sum = 0
  for (let k = 0; k < u.length; k++) sum += (u[k] as number) * (v[k] as number)
  return sum
}
