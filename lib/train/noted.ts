/** A sequence that notes each item in a list as it is taken; it waits and closes as the one that is given. */
export const noted = <B>(data: AsyncIterable<B> | Iterable<B>, taken: B[]): AsyncIterable<B> | Iterable<B> => {
  const note = (next: IteratorResult<B>): IteratorResult<B> => {
    if (next.done !== true) taken.push(next.value)
    return next
  }
  if (Symbol.asyncIterator in data)
    return {
      [Symbol.asyncIterator]: () => {
        const items = data[Symbol.asyncIterator]()
        return { ...closing(items), next: async () => note(await items.next()) }
      },
    }
  return {
    [Symbol.iterator]: () => {
      const items = data[Symbol.iterator]()
      return { ...closing(items), next: () => note(items.next()) }
    },
  }
}

/** The `return` of an iterator, if it has one. */
const closing = <R>(items: { return?(): R }): { return?: () => R } =>
  items.return === undefined ? {} : { return: () => items.return?.() as R }
