/** A text within JSON and whether it is a name, or a bracket. */
const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g

/** A name that an object within valid JSON has twice, of which `JSON.parse` keeps the last and says nothing. */
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
