// Where the messages of a file begin, for errors.

/** The key of a message's first byte. */
export const first = Symbol('first byte')

/** Where a message begins in the file that it was read from. */
export const byteOf = (message: object): number | undefined => (message as { readonly [first]?: number })[first]
