/**
 * A record with further fields that a copy, `{ ...record }`, does not have. They describe the other fields and hold
 * only while these are unchanged: `{ ...record, update }` has another `update`, so it loses them.
 */
export const notSpread = <A extends object>(record: A, fields: Partial<A>): A =>
  Object.defineProperties(
    { ...record },
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }])),
  )
