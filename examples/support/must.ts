// What an `Either` holds, where a program cannot go on without it.
import { showIssues } from 'pullback'

type Failed = Error | readonly { readonly path: string; readonly message: string }[]

/** The right side; a throw of the left one. */
export const must = <A>(
  result: { readonly _tag: 'Left'; readonly left: Failed } | { readonly _tag: 'Right'; readonly right: A },
): A => {
  if (result._tag === 'Right') return result.right
  throw result.left instanceof Error ? result.left : new Error(showIssues(result.left))
}
