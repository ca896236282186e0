/** True if two types are identical. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles if its type argument is `true`. */
export const yes = <_T extends true>(): void => undefined
