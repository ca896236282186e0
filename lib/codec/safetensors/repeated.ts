/** Matches a string in JSON, and tells if it is a name; or a bracket. */
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g

/** A name that occurs twice in an object of valid JSON; `JSON.parse` silently keeps the last. */
export const repeatedName = (json: string): string | undefined => {
  const open: Set<string>[] = []
  for (const [token, isName] of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (isName !== undefined) {
      const names = open[open.length - 1] as Set<string>
      const name = JSON.parse(token.slice(0, token.length - isName.length)) as string
      if (names.has(name)) return name
      names.add(name)
    }
  }
  return undefined
}
