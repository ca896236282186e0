// The shape of the data that is chosen, as types. The compiler's worker writes this file anew for other data, so the
// program's types follow the choice; what stands here fits the rings.

/** The shape of one example. */
export type Shape = readonly [2]
/** The number of its numbers. */
export type Size = 2
/** The number of classes. */
export type Classes = 3
