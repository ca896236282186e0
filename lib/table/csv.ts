import { type CsvError, type Info, type Parser, parse } from '#csv'
import { failure, type IssueFields, quoted } from './issue.ts'
import { mostOfRow, type Row } from './row.ts'

type Parsed = readonly string[] | { readonly info: Info; readonly record: readonly string[] }
type Sentence = Pick<IssueFields, 'expected' | 'actual' | 'remedy'>

const sentences: { readonly [code: string]: Sentence } = {
  CSV_QUOTE_NOT_CLOSED: {
    expected: 'a closing quote',
    actual: 'the end of the file',
    remedy: 'close the quote that opens in this row, and write a quote within a cell twice',
  },
  CSV_MAX_RECORD_SIZE: {
    expected: `rows of at most ${mostOfRow} bytes`,
    actual: 'a longer one',
    remedy: 'maybe a quote that opens in this row is not closed',
  },
  CSV_INVALID_CLOSING_QUOTE: {
    expected: 'a delimiter or the end of the row behind a closing quote',
    actual: 'other text',
    remedy: 'write a quote within a cell twice',
  },
  INVALID_OPENING_QUOTE: {
    expected: 'quotes around a whole cell',
    actual: 'a quote behind other text or a space',
    remedy: 'put the whole cell in quotes, and write a quote within it twice',
  },
}

/** The line ends inside the cells of a row. */
const endsWithin = (cells: readonly string[]): readonly string[] =>
  cells.some((cell) => cell.includes('\n') || cell.includes('\r'))
    ? cells.flatMap((cell) => cell.match(/\r\n|\r|\n/g) ?? [])
    : []

/**
 * A parser to which text is written and from which rows are read after each piece. Rows may differ in length. Blank
 * lines are rows of one empty cell, except in a table of one column, where such a row is data: there they are left out
 * and counted. (Counting makes the parser half as fast.)
 */
const parserOf = (delimiter: string, isSingle: boolean): Parser =>
  parse({
    delimiter,
    info: isSingle,
    skip_empty_lines: isSingle,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: mostOfRow,
    ...{ readableHighWaterMark: 2 ** 30 },
  })

const firstLine = (text: string): string => text.split(/[\r\n]/, 1)[0] ?? ''
/** A cell in quotes, which may hold delimiters and line ends. */
const quotedCell = /"[^"]*(?:""[^"]*)*"?/g

/** The rows of a parser with their line numbers; its errors become sentences. */
const reading = (delimiter: string, first: string, names: readonly string[] | undefined) => {
  const begun = first.replace(/^[\r\n]+/, '')
  const line = firstLine(begun)
  const header = names ?? (line.includes('"') ? [] : line.split(delimiter))
  const isSingle =
    names === undefined ? !firstLine(begun.replace(quotedCell, '')).includes(delimiter) : names.length === 1
  const parser = parserOf(delimiter, isSingle)
  let [end, blank, pairs] = [0, 0, 0]
  let failed: Error | undefined
  let wake = (): void => {}
  parser.on('error', (e: CsvError) => {
    const isOpen = e.code === 'CSV_QUOTE_NOT_CLOSED' || e.code === 'CSV_MAX_RECORD_SIZE'
    const { index } = e
    failed =
      e.code === undefined
        ? e
        : failure({
            _tag: 'BadFile',
            // The parser counts a line end of two characters within quotes twice.
            line: isOpen ? end + 1 : Number(e.lines) - pairs,
            column: typeof index === 'number' ? header[index] : undefined,
            ...(sentences[e.code] ?? { expected: 'CSV', actual: quoted(e.message) }),
          })
    wake()
  })
  const rowOf = (parsed: Parsed): Row | undefined => {
    const isCounted = 'info' in parsed
    const cells = isCounted ? parsed.record : parsed
    if (isCounted) {
      end += parsed.info.empty_lines - blank
      blank = parsed.info.empty_lines
    }
    const start = end + 1
    const ends = endsWithin(cells)
    end = start + ends.length
    pairs += ends.filter((text) => text.length === 2).length
    return !isCounted && cells.length === 1 && cells[0] === '' ? undefined : { line: start, cells }
  }
  return {
    parser,
    /** Waits until the work is done or has failed. */
    until: async (start: (done: () => void) => void): Promise<void> => {
      await new Promise<void>((resolve) => {
        wake = resolve
        start(resolve)
      })
      if (failed !== undefined) throw failed
    },
    ready: (): readonly Row[] => {
      const rows: Row[] = []
      for (let parsed = parser.read() as Parsed | null; parsed !== null; parsed = parser.read() as Parsed | null) {
        const row = rowOf(parsed)
        if (row !== undefined) rows.push(row)
      }
      return rows
    },
  }
}

/**
 * The rows of CSV text, one list for each chunk. The rules are those of RFC 4180, with any line ends, also mixed; blank
 * lines are skipped. Rows may differ in length. Errors name columns by `names`, or by the first line if there are no
 * `names`.
 */
export async function* csvRows(
  text: AsyncIterable<string>,
  delimiter: string,
  names?: readonly string[],
): AsyncGenerator<readonly Row[]> {
  let begun: ReturnType<typeof reading> | undefined
  for await (const chunk of text) {
    begun ??= reading(delimiter, chunk, names)
    const { parser, until, ready } = begun
    await until((done) => parser.write(chunk, () => done()))
    yield ready()
  }
  if (begun === undefined) return
  const { parser, until, ready } = begun
  const last: Row[] = []
  await until((done) => {
    parser.on('end', done)
    parser.on('readable', () => last.push(...ready()))
    parser.end()
  })
  yield last
}
