/** The deepest nesting unless a caller says less. */
const deepest = 128

export type Flaw = { readonly _tag: 'Twice'; readonly name: string } | { readonly _tag: 'Deep' }

/** The position of the quote that ends the string in JSON which begins at another. */
const endOfString = (json: string, begin: number): number => {
  for (let at = json.indexOf('"', begin + 1); ; at = json.indexOf('"', at + 1)) {
    let run = at
    while (json[run - 1] === '\\') run--
    if ((at - run) % 2 === 0) return at
  }
}

/**
 * A name that occurs twice in an object of valid JSON, whose last value `JSON.parse` silently keeps; or nesting so deep
 * that functions which call themselves on it may fail. (A regular expression would fail for strings of megabytes.)
 */
export const flawIn = (json: string, most: number = deepest): Flaw | undefined => {
  const open: (Set<string> | undefined)[] = []
  for (let i = 0; i < json.length; i++) {
    const c = json[i]
    if (c === '{' || c === '[') {
      if (open.length === most) return { _tag: 'Deep' }
      open.push(c === '{' ? new Set() : undefined)
    } else if (c === '}' || c === ']') open.pop()
    else if (c === '"') {
      const end = endOfString(json, i)
      let next = end + 1
      while (' \t\n\r'.includes(json[next] ?? '"')) next++
      if (json[next] === ':') {
        const names = open[open.length - 1] as Set<string>
        const name = JSON.parse(json.slice(i, end + 1)) as string
        if (names.has(name)) return { _tag: 'Twice', name }
        names.add(name)
      }
      i = end
    }
  }
  return undefined
}
