// The names of a file as names of our records.

/** A name without dots that no other has. */
const single = (name: string, usual: string, taken: ReadonlySet<string>): string => {
  const plain = name === '' ? usual : name.replaceAll('.', '_')
  let found = plain
  for (let i = 2; taken.has(found); i++) found = `${plain}_${i}`
  return found
}

/** Names without dots, each once, in the given order. */
export const plainNames = (names: readonly string[], usual: string): readonly string[] => {
  const taken = new Set<string>()
  return names.map((name) => {
    const found = single(name, usual, taken)
    taken.add(found)
    return found
  })
}

/**
 * The way to each tensor in nested records: `layer1.0.weight` is `weight` in `0` in `layer1`. A name that cannot be
 * taken apart, since a piece is empty or leads to another tensor, keeps one piece.
 */
export const pathsOf = (names: readonly string[]): readonly (readonly string[])[] => {
  const split = names.map((name) => name.split('.'))
  const whole = new Set(names)
  const isApart = (path: readonly string[]): boolean =>
    !path.includes('') && path.every((_, i) => i === 0 || !whole.has(path.slice(0, i).join('.')))
  const leads = new Set(
    split.filter(isApart).flatMap((path) => path.map((_, i) => path.slice(0, i + 1).join('.')).slice(0, -1)),
  )
  const taken = new Set([...leads, ...split.filter(isApart).map((path) => path[0] as string)])
  return split.map((path, i) => {
    const name = names[i] as string
    if (isApart(path) && !leads.has(name)) return path
    const found = single(name, 'parameter', taken)
    taken.add(found)
    return [found]
  })
}

/** A nested record of values at the ends of paths. */
export const nestedAt = <A>(entries: readonly (readonly [path: readonly string[], value: A])[]): unknown => {
  const first = new Map<string, (readonly [readonly string[], A])[]>()
  const made: (readonly [string, unknown])[] = []
  for (const [[name = '', ...rest], value] of entries)
    if (rest.length === 0) made.push([name, value])
    else first.set(name, [...(first.get(name) ?? []), [rest, value]])
  return Object.fromEntries([...made, ...[...first].map(([name, parts]) => [name, nestedAt(parts)] as const)])
}

/** The value at a path of a nested record. */
export const at = (record: unknown, path: readonly string[]): unknown =>
  path.reduce((part, name) => (part as { readonly [name: string]: unknown })[name], record)
