// The ways to run a step of training or of prediction.

/** What is made of a step before it is run, again and again. */
type Way = <S>(step: S) => S

/** By the names that options take; 'plain' runs the step as it is. */
export const ways: Readonly<Record<string, Way>> = {
  plain: (step) => step,
}

/** The way with a name. */
export const wayOf = (name: string): Way => {
  const found = ways[name]
  if (found !== undefined) return found
  throw new Error(`a way to run a step: ${Object.keys(ways).join(', ')}, not '${name}'`)
}
