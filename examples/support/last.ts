/** The last of some items that come one after the other: the state in which a run ends. */
export const last = async <A>(items: AsyncIterable<A>): Promise<A> => {
  let found: { readonly item: A } | undefined
  for await (const item of items) found = { item }
  if (found === undefined) throw new Error('expected at least one item, got none')
  return found.item
}
