import { describe } from '../tensor/data.ts'
import { failure, type Issues, quoted } from './issue.ts'
import { type Cell, mostOfRow, type Row } from './row.ts'

/** The lines of a text, numbered from 1. */
async function* numbered(text: AsyncIterable<string>): AsyncGenerator<readonly (readonly [number, string])[]> {
  let [line, rest] = [0, '']
  for await (const chunk of text) {
    const parts = chunk.split('\n')
    parts[0] = rest + parts[0]
    rest = parts.pop() as string
    if (rest.length > mostOfRow)
      throw failure({
        _tag: 'BadFile',
        line: line + parts.length + 1,
        expected: `lines of at most ${mostOfRow} characters`,
        actual: 'a longer one',
        remedy: 'JSON Lines has a record on each line; it is not one array',
      })
    yield parts.map((part) => [++line, part] as const)
  }
  yield [[++line, rest]]
}

const objectOf = (text: string): { readonly [name: string]: unknown } | undefined => {
  try {
    const u = JSON.parse(text)
    return typeof u === 'object' && u !== null && !Array.isArray(u) ? u : undefined
  } catch {
    return undefined
  }
}

/**
 * The rows of JSON Lines, an object on each line; blank lines are skipped. New names are added to those of the columns.
 * Lines that are not an object, and values that are not a text, number, true, false or null, are issues.
 */
export async function* jsonRows(
  text: AsyncIterable<string>,
  names: string[],
  issues: Issues,
): AsyncGenerator<readonly Row[]> {
  const places = new Map(names.map((name, place) => [name, place]))
  const placeOf = (name: string): number => {
    const known = places.get(name)
    if (known !== undefined) return known
    places.set(name, names.length)
    return names.push(name) - 1
  }
  const rowOf = (line: number, written: string): Row | undefined => {
    const object = objectOf(written)
    if (object === undefined) {
      issues.add({
        _tag: 'BadRow',
        line,
        value: written,
        expected: 'a JSON object, whole on its line',
        actual: quoted(written.trim()),
        remedy: 'write no array around the objects and no commas between them',
      })
      return undefined
    }
    const cells = new Array<Cell>(names.length).fill(undefined)
    for (const [name, value] of Object.entries(object)) {
      if (name === '__proto__')
        throw failure({ _tag: 'BadHeader', line, expected: 'names', actual: "'__proto__'", remedy: 'rename it' })
      if (typeof value === 'object' && value !== null)
        issues.add({
          _tag: 'BadValue',
          line,
          column: name,
          expected: 'a text, a number, true, false or null',
          actual: Array.isArray(value) ? 'an array' : `a record with ${describe(value)}`,
          remedy: 'give each value within it a name of its own',
        })
      else cells[placeOf(name)] = value === null ? undefined : (value as Cell)
    }
    return { line, cells }
  }
  for await (const lines of numbered(text))
    yield lines.flatMap(([line, written]) => {
      const row = /^\s*$/.test(written) ? undefined : rowOf(line, written)
      return row === undefined ? [] : [row]
    })
}
