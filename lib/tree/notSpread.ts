/**
 * A record with further fields that a copy, `{ ...record }`, does not have. They are for what holds only as long as the other
 * fields are as they are: `{ ...record, update }` has another `update` and says nothing more about it.
 */
export const notSpread = <A extends object>(record: A, fields: Partial<A>): A =>
  Object.defineProperties(
    { ...record },
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }])),
  )
