/** The indices of things grouped by name, in the order of the names. */
export const grouped = <A>(things: readonly A[], nameOf: (thing: A) => number): readonly (readonly number[])[] => {
  const groups = new Map<number, number[]>()
  for (const [place, thing] of things.entries()) {
    const name = nameOf(thing)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [place])
    else group.push(place)
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, places]) => places)
}
